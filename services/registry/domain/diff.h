// What changed between two versions of a list, task by task. Pure comparison of facts that the
// caller brings, from a parsed notice or from the store. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_DIFF_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_DIFF_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "services/registry/domain/notice.h"

namespace minsheng::registry {

// `id` is a task id ("municipal-11/2"); `name` its project's. Units are display words in the list's
// order, which counts: the first lead files the reports. `others` are further fields with their
// words: targets/1, attributes/备注, continues.
struct TaskFacts {
  std::string id;
  std::string name;
  std::string content;
  std::optional<int64_t> amount_fen;
  std::vector<std::string> leads;
  std::vector<std::string> assists;
  std::map<std::string, std::string> others;
};

// `field` is name, content, amount, leads, assists or one of the others. Amounts are in yuan, empty
// for none planned; units are joined by 、.
struct FieldChange {
  std::string field;
  std::string before;
  std::string after;

  bool operator==(const FieldChange&) const = default;
};

struct TaskChange {
  std::string id;
  std::vector<FieldChange> fields;

  bool operator==(const TaskChange&) const = default;
};

// Each list is ordered by group (as text), project number and task number.
struct NoticeDiff {
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::vector<TaskChange> changed;

  bool empty() const { return added.empty() && removed.empty() && changed.empty(); }
};

// Refuses with DUPLICATE_TASK when one side holds an id twice.
absl::StatusOr<NoticeDiff> DiffNotices(absl::Span<const TaskFacts> before,
                                       absl::Span<const TaskFacts> after);

// The facts of a parsed notice, without targets.
std::vector<TaskFacts> FactsOf(const Notice& notice);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_DIFF_H_
