#include "services/platform/journal/verify.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/common.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {
namespace {

constexpr int64_t kPage = 1000;
constexpr size_t kShown = 160;

class Verifier {
 public:
  Verifier(Session& live, const VerifyPlan& plan) : live_(live), plan_(plan) {}

  absl::StatusOr<VerifyResult> Run() {
    ASSIGN_OR_RETURN(scratch_, OpenScratch(plan_.migrations));
    RETURN_IF_ERROR(scratch_->Execute("BEGIN"));
    RETURN_IF_ERROR(WalkChain());
    CheckAnchor();
    for (const VerifyPeer& peer : plan_.peers) RETURN_IF_ERROR(ReplayPeer(peer));
    RETURN_IF_ERROR(Compare({"requests", "principal, method, request_id"}));
    for (const ProjectedTable& table : plan_.tables) RETURN_IF_ERROR(Compare(table));
    return std::move(result_);
  }

 private:
  // What was found may hold any bytes, and was shortened; an answer's text must be UTF-8.
  void Find(const std::string& finding) {
    if (result_.findings.size() >= VerifyResult::kFindingsMax) return;
    std::string clean(finding.size(), '\0');
    const char* text =
        google::protobuf::internal::UTF8CoerceToStructurallyValid(finding, clean.data(), '?');
    result_.findings.emplace_back(text, finding.size());
  }

  absl::Status WalkChain() {
    while (true) {
      ASSIGN_OR_RETURN(const auto events, ReadEvents(live_, result_.head.position, kPage));
      if (events.empty()) return FinishRequest();
      for (const Event& event : events) RETURN_IF_ERROR(Take(event));
    }
  }

  absl::Status Take(const Event& event) {
    LogHead& head = result_.head;
    if (event.position() != head.position + 1) {
      Find(absl::StrCat("event ", head.position + 1, " is missing: the next one is ",
                        event.position()));
    }
    if (HashOf(event, head.hash) != event.hash()) {
      Find(absl::StrCat("event ", event.position(), " (", event.payload().type_url(), ", ",
                        event.subject(), ") or one before it was changed: its hash does not fit"));
    }
    if (event.position() == plan_.anchor.position && event.hash() != plan_.anchor.hash) {
      Find(absl::StrCat("event ", event.position(), " is not the one of the printed head"));
    }
    head.position = event.position();
    head.hash = event.hash();
    ++result_.events;
    RETURN_IF_ERROR(ReplayOrFind(event, "event ", plan_.projector));
    return TakeRequest(event);
  }

  // Events of one request stand together; two principals may have chosen the same request id.
  absl::Status TakeRequest(const Event& event) {
    const bool same =
        request_first_.position() != 0 && request_first_.request_id() == event.request_id() &&
        request_first_.method() == event.method() && !event.request_id().empty() &&
        DeterministicBytes(request_first_.actor()) == DeterministicBytes(event.actor());
    if (!same) {
      RETURN_IF_ERROR(FinishRequest());
      request_first_ = event;
    }
    request_last_ = event.position();
    return absl::OkStatus();
  }

  absl::Status FinishRequest() {
    if (request_first_.position() == 0) return absl::OkStatus();
    return StoreRequest(*scratch_, request_first_, request_last_);
  }

  absl::Status ReplayOrFind(const Event& event, absl::string_view what,
                            const Projector& projector) {
    const absl::Status status = projector(*scratch_, event);
    if (!status.ok()) {
      Find(absl::StrCat(what, event.position(), " cannot be replayed: ", status.message()));
    }
    return absl::OkStatus();
  }

  void CheckAnchor() {
    if (plan_.anchor.position > result_.head.position) {
      Find(absl::StrCat("the log ends at ", result_.head.position, ", before the printed head ",
                        plan_.anchor.position, ": its tail was cut"));
    }
  }

  absl::Status ReplayPeer(const VerifyPeer& peer) {
    int64_t known = 0;
    RETURN_IF_ERROR(
        live_.Query("SELECT position FROM peers WHERE peer = $1", {peer.name}, [&](const Row& row) {
          known = row.Int(0);
          return absl::OkStatus();
        }));
    for (int64_t at = 0; at < known;) {
      const auto events = peer.read(at);
      if (!events.ok() || events->empty()) {
        Find(absl::StrCat("what is kept of ", peer.name, " cannot be compared: ",
                          events.ok() ? "its log ends early" : events.status().message()));
        return absl::OkStatus();
      }
      for (const Event& event : *events) {
        if (event.position() > known) break;
        RETURN_IF_ERROR(ReplayOrFind(event, peer.name + " event ", peer.projector));
      }
      at = events->back().position();
    }
    return absl::OkStatus();
  }

  // Both sides in the same order; the first difference of a table ends its comparison.
  absl::Status Compare(const ProjectedTable& table) {
    const std::string sql = absl::StrCat("SELECT * FROM ", table.name, " ORDER BY ", table.order);
    ASSIGN_OR_RETURN(const auto expected, Rows(*scratch_, sql));
    ASSIGN_OR_RETURN(const auto actual, Rows(live_, sql));
    result_.rows += static_cast<int64_t>(actual.size());
    for (size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
      const std::string* want = i < expected.size() ? &expected[i] : nullptr;
      const std::string* have = i < actual.size() ? &actual[i] : nullptr;
      if (want && have && *want == *have) continue;
      Find(absl::StrCat("table ", table.name, ", row ", i + 1, ": the log says ", Shown(want),
                        ", the table says ", Shown(have)));
      break;
    }
    return absl::OkStatus();
  }

  static absl::StatusOr<std::vector<std::string>> Rows(Session& session, const std::string& sql) {
    std::vector<std::string> rows;
    RETURN_IF_ERROR(session.Query(sql, {}, [&](const Row& row) {
      std::string text;
      for (int i = 0; i < row.size(); ++i) absl::StrAppend(&text, i ? " | " : "", row.Canonical(i));
      rows.push_back(std::move(text));
      return absl::OkStatus();
    }));
    return rows;
  }

  static std::string Shown(const std::string* row) {
    if (row == nullptr) return "(no row)";
    return row->size() <= kShown ? *row : absl::StrCat(row->substr(0, kShown), "…");
  }

  Session& live_;
  const VerifyPlan& plan_;
  std::unique_ptr<Session> scratch_;
  VerifyResult result_;
  Event request_first_;
  int64_t request_last_ = 0;
};

}  // namespace

absl::StatusOr<VerifyResult> VerifyLog(Session& live, const VerifyPlan& plan) {
  return Verifier(live, plan).Run();
}

}  // namespace minsheng::platform
