#include "services/platform/journal/verify.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/stubs/common.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/journal/refusal_store.h"

namespace minsheng::platform {
namespace {

constexpr int64_t kPage = 1000;
constexpr size_t kShown = 240;
constexpr int kFindingsPerTable = 4;

// A row, and its key in a form that sorts as the database sorts the columns.
struct Line {
  std::string key;
  std::string text;
};

void AppendKey(const Row& row, int column, std::string& key) {
  const Row::Type type = row.TypeOf(column);
  key.push_back(static_cast<char>(type));
  if (type == Row::Type::kInt) {
    const uint64_t value = static_cast<uint64_t>(row.Int(column)) ^ (uint64_t{1} << 63);
    for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(value >> shift));
  } else if (type != Row::Type::kNull) {
    absl::StrAppend(&key, type == Row::Type::kText ? row.Text(column) : row.Bytes(column));
    key.push_back('\0');
  }
}

// The row's first columns are its key, the others the whole of it.
Line LineOf(const Row& row, int key_columns) {
  Line line;
  for (int i = 0; i < key_columns; ++i) AppendKey(row, i, line.key);
  for (int i = key_columns; i < row.size(); ++i) {
    absl::StrAppend(&line.text, i > key_columns ? " | " : "", row.Canonical(i));
  }
  return line;
}

std::string Shown(const std::string* row) {
  if (row == nullptr) return "(no row)";
  return row->size() <= kShown ? *row : absl::StrCat(row->substr(0, kShown), "…");
}

class Verifier {
 public:
  Verifier(Session& live, const VerifyPlan& plan) : live_(live), plan_(plan) {}

  absl::StatusOr<VerifyResult> Run() {
    ASSIGN_OR_RETURN(scratch_, OpenScratch(plan_.migrations));
    RETURN_IF_ERROR(scratch_->Execute("BEGIN"));
    RETURN_IF_ERROR(FindBeforeTheFirst("events", "event "));
    RETURN_IF_ERROR(WalkChain());
    CheckAnchor("event", plan_.anchor, result_.head);
    RETURN_IF_ERROR(FindBeforeTheFirst("refusals", "refusal "));
    RETURN_IF_ERROR(WalkRefusals());
    CheckAnchor("refusal", plan_.refusals_anchor, result_.refusals_head);
    for (const VerifyPeer& peer : plan_.peers) RETURN_IF_ERROR(ReplayPeer(peer));
    RETURN_IF_ERROR(CompareAll());
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

  // --- the chains -------------------------------------------------------------------------------

  // Readers begin after 0 and would never see it.
  absl::Status FindBeforeTheFirst(absl::string_view table, absl::string_view what) {
    return live_.Query(
        absl::StrCat("SELECT position FROM ", table, " WHERE position < 1 ORDER BY position LIMIT ",
                     kFindingsPerTable),
        {}, [&](const Row& row) {
          Find(absl::StrCat(what, row.Int(0), " stands before the first position"));
          return absl::OkStatus();
        });
  }

  // Whether it stands where the chain goes on; moves `head` there.
  void Link(absl::string_view what, absl::string_view shown, int64_t position,
            const std::string& hash, const std::string& fitting, const LogHead& anchor,
            LogHead& head) {
    if (position != head.position + 1) {
      Find(absl::StrCat(what, " ", head.position + 1, " is missing: the next one is ", position));
    }
    if (hash != fitting) {
      Find(absl::StrCat(what, " ", position, " (", shown,
                        ") or one before it was changed: its hash does not fit"));
    }
    if (position == anchor.position && hash != anchor.hash) {
      Find(absl::StrCat(what, " ", position,
                        " is not the one of the printed head: it or one before"
                        " it is another, with hashes made for it"));
    }
    head.position = position;
    head.hash = hash;
  }

  void FindOtherType(absl::string_view what, int64_t position) {
    Find(absl::StrCat(what, " ", position, " holds a value of another type than its column's"));
  }

  absl::Status WalkChain() {
    // A position that was changed to another type may come again and again: only forward.
    for (int64_t after = -1; result_.head.position > after;) {
      after = result_.head.position;
      RETURN_IF_ERROR(
          VisitEvents(live_, result_.head.position, kPage, [&](const Event& event, bool plain) {
            if (!plain) FindOtherType("event", event.position());
            return Take(event);
          }));
    }
    return FinishRequest();
  }

  absl::Status Take(const Event& event) {
    LogHead& head = result_.head;
    Link("event", absl::StrCat(event.payload().type_url(), ", ", event.subject()), event.position(),
         event.hash(), HashOf(event, head.hash), plan_.anchor, head);
    if (++result_.events == 1 && plan_.first_settings) {
      RETURN_IF_ERROR(plan_.first_settings(*scratch_, event));
    }
    RETURN_IF_ERROR(ReplayOrFind(event, "event ", plan_.projector));
    return TakeRequest(event);
  }

  absl::Status WalkRefusals() {
    LogHead& head = result_.refusals_head;
    for (int64_t after = -1; head.position > after;) {
      after = head.position;
      RETURN_IF_ERROR(
          VisitRefusals(live_, head.position, kPage, [&](const Refusal& refusal, bool plain) {
            if (!plain) FindOtherType("refusal", refusal.position());
            Link("refusal", absl::StrCat(refusal.reason(), ", ", refusal.method()),
                 refusal.position(), refusal.hash(), HashOf(refusal, head.hash),
                 plan_.refusals_anchor, head);
            ++result_.refusals;
            return absl::OkStatus();
          }));
    }
    return absl::OkStatus();
  }

  void CheckAnchor(absl::string_view what, const LogHead& anchor, const LogHead& head) {
    if (anchor.position <= head.position) return;
    Find(absl::StrCat("the log of ", what, "s ends at ", head.position,
                      ", before the printed head ", anchor.position, ": its tail was cut, from ",
                      what, " ", head.position + 1));
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

  // --- what is kept of peers --------------------------------------------------------------------

  absl::Status ReplayPeer(const VerifyPeer& peer) {
    LogHead known;
    RETURN_IF_ERROR(live_.Query("SELECT position, hash FROM peers WHERE peer = $1", {peer.name},
                                [&](const Row& row) {
                                  known.position = row.Int(0);
                                  known.hash = std::string(row.Bytes(1));
                                  return absl::OkStatus();
                                }));
    if (known.position == 0) return absl::OkStatus();
    for (LogHead at; at.position < known.position;) {
      const auto events = peer.read(at.position);
      if (!events.ok() || events->empty() || events->back().position() <= at.position) {
        Find(absl::StrCat("table peers, row ", peer.name, ": what is kept of it up to event ",
                          known.position, " cannot be compared: ",
                          events.ok() ? "its log ends early" : events.status().message()));
        return KeepPeer(peer.name, known);  // the rows are compared with what there is
      }
      for (const Event& event : *events) {
        if (event.position() > known.position) break;
        at = {event.position(), event.hash()};
        RETURN_IF_ERROR(ReplayOrFind(event, peer.name + " event ", peer.projector));
      }
      if (at.position == known.position) return KeepPeer(peer.name, at);
    }
    return absl::OkStatus();
  }

  absl::Status KeepPeer(const std::string& name, const LogHead& at) {
    return scratch_->Execute("INSERT INTO peers (peer, position, hash) VALUES ($1, $2, $3)",
                             {name, at.position, Blob{at.hash}});
  }

  // --- the tables -------------------------------------------------------------------------------

  absl::Status CompareAll() {
    RETURN_IF_ERROR(Compare({"requests", "principal, method, request_id"}));
    for (const ProjectedTable& table : plan_.tables) RETURN_IF_ERROR(Compare(table));
    RETURN_IF_ERROR(Compare({"revocations", "credential"}));
    RETURN_IF_ERROR(Compare({"peers", "peer"}));
    if (unknown_rows_ > 0) RETURN_IF_ERROR(FindUnfollowedPeers());
    RETURN_IF_ERROR(Compare({"migrations", "number"}));
    if (result_.events == 0) return absl::OkStatus();  // nothing says what the settings were
    return Compare(
        {"settings", "name"},
        absl::StrCat("name NOT IN ('", absl::StrJoin(plan_.free_settings, "', '"), "')"));
  }

  // Rows that no event made, and a peer of which nothing is said to be known: its row was removed.
  absl::Status FindUnfollowedPeers() {
    for (const VerifyPeer& peer : plan_.peers) {
      ASSIGN_OR_RETURN(const int64_t rows,
                       QueryInt(live_, "SELECT COUNT(*) FROM peers WHERE peer = $1", {peer.name}));
      if (rows > 0) continue;
      Find(absl::StrCat("table peers, row ", peer.name,
                        ": (no row), yet there are rows that only its events can have made"));
    }
    return absl::OkStatus();
  }

  // Both sides in the same order, side by side; names the first few rows that differ.
  absl::Status Compare(const ProjectedTable& table, absl::string_view where = "1 = 1") {
    const std::vector<absl::string_view> keys = absl::StrSplit(table.order, ", ");
    const int key_columns = static_cast<int>(keys.size());
    std::string order;
    for (int i = 1; i <= key_columns; ++i) absl::StrAppend(&order, i > 1 ? ", " : "", i);
    const std::string sql = absl::StrCat("SELECT ", table.order, ", t.* FROM ", table.name,
                                         " t WHERE ", where, " ORDER BY ", order);
    std::vector<Line> expected;
    RETURN_IF_ERROR(scratch_->Query(sql, {}, [&](const Row& row) {
      expected.push_back(LineOf(row, key_columns));
      return absl::OkStatus();
    }));
    return CompareLive(table.name, sql, key_columns, expected);
  }

  absl::Status CompareLive(const char* table, const std::string& sql, int key_columns,
                           const std::vector<Line>& expected) {
    int found = 0;
    const auto differ = [&](int64_t row, const std::string* want, const std::string* have) {
      if (want == nullptr) ++unknown_rows_;
      if (++found > kFindingsPerTable) return;
      Find(absl::StrCat("table ", table, ", row ", row, ": the log says ", Shown(want),
                        ", the table says ", Shown(have)));
    };
    size_t next = 0;  // of `expected`
    int64_t rows = 0;
    const auto missing = [&] {
      differ(static_cast<int64_t>(next) + 1, &expected[next].text, nullptr);
      ++next;
    };
    RETURN_IF_ERROR(live_.Query(sql, {}, [&](const Row& row) {
      const Line have = LineOf(row, key_columns);
      ++rows;
      while (next < expected.size() && expected[next].key < have.key) missing();
      if (next == expected.size() || expected[next].key != have.key) {
        differ(rows, nullptr, &have.text);
      } else if (const std::string& want = expected[next++].text; want != have.text) {
        differ(rows, &want, &have.text);
      }
      return absl::OkStatus();
    }));
    while (next < expected.size()) missing();
    result_.rows += rows;
    return absl::OkStatus();
  }

  Session& live_;
  const VerifyPlan& plan_;
  std::unique_ptr<Session> scratch_;
  VerifyResult result_;
  Event request_first_;
  int64_t request_last_ = 0;
  int64_t unknown_rows_ = 0;
};

}  // namespace

absl::StatusOr<VerifyResult> VerifyLog(Session& live, const VerifyPlan& plan) {
  return Verifier(live, plan).Run();
}

}  // namespace minsheng::platform
