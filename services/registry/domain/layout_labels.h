// Labels that stand in lines rather than above columns: 目标任务：…, 投资估算：6600万元。.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LABELS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LABELS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/labels.h"

namespace minsheng::registry {

// `label` has no blanks. Amounts have the unit of their label behind them.
struct Labelled {
  std::string label;
  LabelMeaning meaning;
  std::string words;
};

struct LabelledWords {
  std::string before;  // the first label
  std::vector<Labelled> parts;
};

// All of a line that begins with a label that MeaningOf knows, parted at the known labels in it;
// nullopt when it begins with none. A word such as 类别 has to have a colon or be in 【】.
std::optional<LabelledWords> TakeLabelledLine(absl::string_view line);

// A line that begins with a short label of any kind and a colon: 资金来源：…. nullopt when it does
// not, or has nothing after the colon.
std::optional<Labelled> TakeAnyLabel(absl::string_view line);

// Amounts and times that stand in a sentence under labels of their own, each to the end of its
// clause: 新建小学2所。总投资：3000万元。责任单位：… leaves 新建小学2所。责任单位：…. Units stay,
// for the reader takes them.
LabelledWords TakeLabelsWithin(absl::string_view words);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_LABELS_H_
