// Proves that a log and its tables agree: walks the chain, replays every event into an empty
// database, and compares table by table, row by row. Walks the chain of refused attempts as well.
//
// What each table is held against: events and refusals against their chains and the printed heads;
// requests, revocations, settings and the service's own against the replay; migrations against the
// program; peers and what is kept of them against the peer's log. Free are only the settings that
// the plan names. What nothing here can tell from a fact of the service's own: an event that
// somebody who may write the database appends after the last printed head, with its hash and every
// row that it leaves, and refusals cut or appended after it.
#ifndef MINSHENG_SERVICES_PLATFORM_JOURNAL_VERIFY_H_
#define MINSHENG_SERVICES_PLATFORM_JOURNAL_VERIFY_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/platform/journal/journal.h"

namespace minsheng::platform {

// A projected table and the columns that order it uniquely, "name, position".
struct ProjectedTable {
  const char* name;
  const char* order;
};

// What is kept of a peer's log: how to read the peer's events again, and how they were applied.
struct VerifyPeer {
  std::string name;
  Projector projector;
  // Events after a position, as the peer serves them; empty at its end.
  std::function<absl::StatusOr<std::vector<Event>>(int64_t after)> read;
};

struct VerifyPlan {
  absl::Span<const Migration> migrations;
  Projector projector;
  std::vector<ProjectedTable> tables;  // the log's own tables are always compared
  std::vector<VerifyPeer> peers;
  LogHead anchor;                // position 0: none
  LogHead refusals_anchor = {};  // likewise
  // What the settings held when the first event was written; replayed events change them.
  std::function<absl::Status(Session& scratch, const Event& first)> first_settings = nullptr;
  // Settings whose values say nothing that anybody relies on.
  std::vector<const char*> free_settings = {};
};

struct VerifyResult {
  int64_t events = 0;
  int64_t rows = 0;
  LogHead head;
  int64_t refusals = 0;
  LogHead refusals_head;
  std::vector<std::string> findings;  // the first thing first; at most kFindingsMax
  static constexpr size_t kFindingsMax = 20;
};

// `live` must be inside a read transaction. Errors are those of reading; differences are findings.
absl::StatusOr<VerifyResult> VerifyLog(Session& live, const VerifyPlan& plan);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_JOURNAL_VERIFY_H_
