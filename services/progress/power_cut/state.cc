#include "services/progress/power_cut/state.h"

#include "absl/strings/str_cat.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/progress/migrations/migrations.h"
#include "services/progress/names.h"
#include "services/progress/store/project.h"

namespace minsheng::progress {

using platform::Committed;
using platform::Fact;
using platform::Journal;
using platform::Session;

namespace {

constexpr char kTasks[] = "districts/500156/programs/2024/projects/municipal-01/tasks/";

std::vector<Fact> Facts(int task, int version) {
  std::vector<Fact> facts;
  v1::ReportSubmitted submitted;
  v1::Report& report = *submitted.mutable_report();
  report.set_name(ReportName(TaskName(task), "2024-06"));
  report.set_version(version);
  report.set_problems(std::string(static_cast<size_t>(version * 7919 + task * 104729) % 6000, 'p'));
  facts.push_back(Fact::Of(report.name(), submitted));
  if (version % 3 != 0) return facts;
  v1::JudgementRecorded recorded;
  recorded.set_parent(TaskName(task));
  recorded.mutable_judgement()->set_reason(std::string(500, 'j'));
  facts.push_back(Fact::Of(recorded.parent(), recorded));
  return facts;
}

}  // namespace

std::vector<platform::Migration> Schema() {
  std::vector<platform::Migration> schema = {{1, platform::kJournalSchema}};
  for (const auto& migration : Migrations()) schema.push_back(migration);
  return schema;
}

std::string TaskName(int number) { return absl::StrCat(kTasks, number); }

absl::StatusOr<std::unique_ptr<Opened>> OpenState(const std::string& folder,
                                                  std::set<int64_t>* ends) {
  auto opened = std::make_unique<Opened>();
  ASSIGN_OR_RETURN(opened->database, platform::OpenSqlite(folder + "/progress.db", Schema()));
  const auto note = [ends](Session&, const platform::CommitNotice& notice) {
    if (ends && !notice.events.empty()) ends->insert(notice.events.back().position());
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(opened->journal,
                   Journal::Open({opened->database.get(), &opened->clock, Project, note}));
  return opened;
}

absl::StatusOr<Committed> WriteFacts(Journal& journal, int task, int version,
                                     const std::function<void(int64_t)>& decided) {
  platform::WriteOrigin origin;
  origin.actor.set_role("reporter");
  origin.actor.set_unit("区交通局");
  origin.method = "minsheng.progress.v1.ProgressService/SubmitReport";
  origin.request_id = absl::StrCat(task, "-", version);
  origin.request_hash = platform::Sha256(origin.request_id);
  return journal.Write(
      origin, [&](platform::Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        std::vector<Fact> facts = Facts(task, version);
        ASSIGN_OR_RETURN(const auto head, platform::ReadHead(transaction.session));
        if (decided) decided(head.position + static_cast<int64_t>(facts.size()));
        return facts;
      });
}

}  // namespace minsheng::progress
