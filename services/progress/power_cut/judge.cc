#include "services/progress/power_cut/judge.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/journal/verify.h"
#include "services/progress/migrations/migrations.h"
#include "services/progress/power_cut/state.h"
#include "services/progress/store/project.h"

namespace minsheng::progress {

using platform::DiskImage;
using platform::Event;
using platform::FileOperation;
using platform::Session;

namespace {

Verdict Fault(Verdict& verdict, const char* fault, const std::string& detail) {
  verdict.fault = fault;
  verdict.detail = detail;
  return verdict;
}

absl::Status Integrity(Session& session) {
  ASSIGN_OR_RETURN(const std::string answer,
                   platform::QueryText(session, "PRAGMA integrity_check"));
  return answer == "ok" ? absl::OkStatus() : absl::DataLossError(answer);
}

absl::Status HoldsEvents(Session& session) {
  RETURN_IF_ERROR(Integrity(session));
  ASSIGN_OR_RETURN(const auto head, platform::ReadHead(session));
  return head.position > 0 ? absl::OkStatus() : absl::DataLossError("empty");
}

}  // namespace

Judge::Judge(std::string folder, const std::vector<Event>& peer)
    : folder_(std::move(folder)), peer_(peer) {}

Verdict Judge::Look(const DiskImage& image, const Expected& expected) {
  Put(image);
  return Recover(expected, {});
}

Verdict Judge::LookRecording(const DiskImage& image, const Expected& expected,
                             std::vector<FileOperation>& operations) {
  Put(image);
  platform::Recording recording(folder_);
  Verdict verdict = Recover(expected, [&](int64_t position) { recording.Mark(kEvents, position); });
  operations = recording.Take();
  return verdict;
}

bool Judge::CopyIsWhole(const DiskImage& image) {
  Put(image);
  const auto database = platform::OpenSqlite(folder_ + "/copy.db", {});
  return database.ok() && (*database)->Read(HoldsEvents).ok();
}

void Judge::Put(const DiskImage& image) {
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directory(folder_);
  for (const auto& [name, content] : image) {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << content;
  }
}

Verdict Judge::Recover(const Expected& expected, const std::function<void(int64_t)>& written) {
  Verdict verdict;
  const auto opened = OpenState(folder_);
  if (!opened.ok()) return Fault(verdict, "unusable", opened.status().ToString());
  const platform::LogHead head = (*opened)->journal->head();
  verdict.position = head.position;
  if (head.position > static_cast<int64_t>(expected.hashes.size()) ||
      (head.position > 0 && head.hash != expected.hashes[static_cast<size_t>(head.position - 1)])) {
    return Fault(verdict, "not a prefix", absl::StrCat("ends with event ", head.position));
  }
  if (expected.ends.count(head.position) == 0) {
    return Fault(verdict, "half a group", absl::StrCat("ends with event ", head.position));
  }
  const auto committed = WriteFacts(*(*opened)->journal, 999, 3 * ++looks_);
  if (!committed.ok()) return Fault(verdict, "not writable", committed.status().ToString());
  verdict.written_hash = committed->events.back().hash();
  if (written) written(committed->events.back().position());
  const absl::Status status =
      (*opened)->database->Read([&](Session& session) { return Audit(session, verdict); });
  return status.ok() ? verdict : Fault(verdict, "unreadable", status.ToString());
}

absl::Status Judge::Audit(Session& session, Verdict& verdict) {
  RETURN_IF_ERROR(Integrity(session));
  const platform::VerifyPeer peer = {
      "registry", ProjectRegistry, [&](int64_t after) -> absl::StatusOr<std::vector<Event>> {
        return std::vector<Event>(peer_.begin() + after, peer_.end());
      }};
  const auto schema = Schema();
  ASSIGN_OR_RETURN(const auto result,
                   platform::VerifyLog(session, {schema, Project, ProjectedTables(), {peer}, {}}));
  if (!result.findings.empty()) Fault(verdict, "audit", absl::StrJoin(result.findings, "; "));
  return session.Query("SELECT position, hash FROM peers", {}, [&](const platform::Row& row) {
    verdict.peer_position = row.Int(0);
    if (row.Bytes(1) != peer_[static_cast<size_t>(row.Int(0) - 1)].hash()) {
      Fault(verdict, "audit", "the peer's position has another event's hash");
    }
    return absl::OkStatus();
  });
}

}  // namespace minsheng::progress
