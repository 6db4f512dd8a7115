// The words that lists use for their columns (domain.md §2), by meaning.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LABELS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LABELS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "services/registry/domain/money.h"

namespace minsheng::registry {

// kMeasure is the unit of figures in another column (计量单位). kKept and kTime columns become
// attributes, kTime (完成时限, 进度安排) is also read for dates; kPeople columns are dropped.
enum class Role {
  kUnknown,
  kNo,
  kGroup,
  kName,
  kContent,
  kAmount,
  kLead,
  kAssist,
  kTime,
  kMeasure,
  kPeople,
  kKept
};

// What a column's label says. Among several columns of one role the lowest `rank` is the role's.
// `unit` is that of a label such as 总投资(万元). `guessed`: the label is no known one, but a word
// in it has this meaning (2025年重点建设任务 is a content).
struct LabelMeaning {
  Role role = Role::kUnknown;
  int rank = 0;
  std::optional<MoneyUnit> unit = std::nullopt;
  bool guessed = false;
};

// Inner spaces, full-width signs, brackets and a year in front (2025年投资计划) do not matter.
LabelMeaning MeaningOf(absl::string_view label);
// The same without guesses: kUnknown where MeaningOf would guess.
LabelMeaning KnownMeaningOf(absl::string_view label);
bool IsKnownLabel(absl::string_view label);

// 小计, 合计 …: under a head of money it is that head's amount.
bool IsSumLabel(absl::string_view label);

// A people's column that names units as well (责任单位及责任人).
bool NamesUnits(absl::string_view label);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LABELS_H_
