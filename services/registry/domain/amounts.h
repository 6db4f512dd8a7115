// An item's amount where words surround it: 约2000万元, 总投资1.2亿元（其中市级补助300万元）.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_AMOUNTS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_AMOUNTS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "services/registry/domain/money.h"

namespace minsheng::registry {

// `fen` nullopt: the words name no amount of the item. `doubt` is a diagnostic's code, empty when
// the words leave no choice: AMOUNT_ABOUT (约, 左右), AMOUNT_IN_WORDS (one of several figures was
// taken), AMOUNT_UNCLEAR (only rates or ranges, or figures of which none is the sum), AMOUNT_WORDS
// (no figure).
struct WordedAmount {
  std::optional<int64_t> fen;
  std::string doubt;
};

// Figures need their money unit in the words; `unit` is that of a bare figure with nothing but 约
// or 左右 about it. Rates (每公里10万元, 人均50元) and ranges are never the item's amount.
WordedAmount FindAmount(absl::string_view words, std::optional<MoneyUnit> unit);

// The amount that a sentence states as the whole's: 总投资约200万. No doubt is raised when it
// states none.
WordedAmount FindStatedAmount(absl::string_view sentence);

// The cell has words that FindAmount can read, rather than a spoilt figure.
bool HasAmountWords(absl::string_view cell);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_AMOUNTS_H_
