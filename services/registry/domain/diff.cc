#include "services/registry/domain/diff.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/registry/domain/money.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {
namespace {

// Orders municipal-2/10 after municipal-2/9: the text before the numbers, then the numbers.
using OrderKey = std::tuple<std::string, std::size_t, std::string, std::size_t, std::string>;
using FactsByKey = std::map<OrderKey, const TaskFacts*>;

OrderKey KeyOf(const std::string& id) {
  const std::size_t slash = std::min(id.find('/'), id.size());
  const std::size_t hyphen = id.rfind('-', slash);
  const std::size_t group_end = hyphen == std::string::npos ? 0 : hyphen;
  const std::string project = id.substr(group_end, slash - group_end);
  const std::string task = id.substr(slash);
  return {id.substr(0, group_end), project.size(), project, task.size(), task};
}

absl::StatusOr<FactsByKey> ByKey(absl::Span<const TaskFacts> facts) {
  FactsByKey by_key;
  for (const auto& fact : facts) {
    if (by_key.emplace(KeyOf(fact.id), &fact).second) continue;
    return Refuse("DUPLICATE_TASK", absl::StrCat("任务", fact.id, "出现两次，无法比较"));
  }
  return by_key;
}

std::string AmountWords(const std::optional<int64_t>& fen) {
  return fen ? FormatAmount(*fen, MoneyUnit::kYuan) : "";
}

std::string UnitsWords(const std::vector<std::string>& units) { return absl::StrJoin(units, "、"); }

std::vector<FieldChange> FieldsOf(const TaskFacts& facts) {
  return {{"name", facts.name, ""},
          {"content", facts.content, ""},
          {"amount", AmountWords(facts.amount_fen), ""},
          {"leads", UnitsWords(facts.leads), ""},
          {"assists", UnitsWords(facts.assists), ""}};
}

TaskChange Compare(const TaskFacts& before, const TaskFacts& after) {
  TaskChange change{.id = after.id, .fields = {}};
  auto fields = FieldsOf(before);
  auto later = FieldsOf(after);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fields[i].after = std::move(later[i].before);
    if (fields[i].before != fields[i].after) change.fields.push_back(std::move(fields[i]));
  }
  std::map<std::string, FieldChange> others;
  for (const auto& [field, words] : before.others) others[field] = {field, words, ""};
  for (const auto& [field, words] : after.others) {
    others.try_emplace(field, FieldChange{field, "", ""}).first->second.after = words;
  }
  for (auto& [field, words] : others) {
    if (words.before != words.after) change.fields.push_back(std::move(words));
  }
  return change;
}

std::vector<std::string> MissingIn(const FactsByKey& one, const FactsByKey& other) {
  std::vector<std::string> ids;
  for (const auto& [key, facts] : one) {
    if (other.count(key) == 0) ids.push_back(facts->id);
  }
  return ids;
}

std::vector<std::string> WordsOf(const std::vector<UnitRef>& units) {
  std::vector<std::string> words;
  for (const auto& unit : units) words.push_back(UnitWords(unit));
  return words;
}

}  // namespace

absl::StatusOr<NoticeDiff> DiffNotices(absl::Span<const TaskFacts> before,
                                       absl::Span<const TaskFacts> after) {
  const auto old_facts = ByKey(before);
  if (!old_facts.ok()) return old_facts.status();
  const auto new_facts = ByKey(after);
  if (!new_facts.ok()) return new_facts.status();

  NoticeDiff diff{.added = MissingIn(*new_facts, *old_facts),
                  .removed = MissingIn(*old_facts, *new_facts),
                  .changed = {}};
  for (const auto& [key, facts] : *new_facts) {
    const auto old = old_facts->find(key);
    if (old == old_facts->end()) continue;
    TaskChange change = Compare(*old->second, *facts);
    if (!change.fields.empty()) diff.changed.push_back(std::move(change));
  }
  return diff;
}

std::vector<TaskFacts> FactsOf(const Notice& notice) {
  std::vector<TaskFacts> facts;
  for (const auto& project : notice.projects) {
    for (const auto& task : project.tasks) {
      facts.push_back({TaskId(project, task),
                       project.name,
                       task.content,
                       task.amount_fen,
                       WordsOf(task.leads),
                       WordsOf(task.assists),
                       {}});
    }
  }
  return facts;
}

}  // namespace minsheng::registry
