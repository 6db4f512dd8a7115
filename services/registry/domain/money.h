// Amounts of a list, exact: decimal text <-> int64 fen (分), never through floating point.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_MONEY_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_MONEY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace minsheng::registry {

enum class MoneyUnit { kYuan, kThousandYuan, kWanYuan, kYiYuan };

// The largest amount one cell may hold: 10 万亿元.
inline constexpr int64_t kMaxAmountFen = 1'000'000'000'000'000;

// "4700", "55219.1", "１２，３４５.６" → fen. Blank, "-", "—", "/" and "无" → nullopt: none
// planned, which is not zero. Refuses with NEGATIVE_AMOUNT, or with BAD_AMOUNT: not a plain
// decimal, more precise than a fen, above kMaxAmountFen.
absl::StatusOr<std::optional<int64_t>> ParseAmount(absl::string_view text, MoneyUnit unit);

// Blank, "-", "—", "/" or "无".
bool NonePlanned(absl::string_view text);

// A figure that ParseAmount takes, or none planned.
bool IsAmount(absl::string_view text, MoneyUnit unit);

// "万元" → kWanYuan; also 元, 千元, 亿元 and the same with 人民币 before. Refuses with
// BAD_MONEY_UNIT.
absl::StatusOr<MoneyUnit> ParseMoneyUnit(absl::string_view text);

// "2.5亿元" and "200万" carry their own unit: takes it off the end of `text` and returns it;
// nullopt when there is none.
std::optional<MoneyUnit> TakeMoneyUnit(std::string& text);

absl::string_view MoneyUnitWord(MoneyUnit unit);
int64_t FenPerUnit(MoneyUnit unit);

// Exact, without trailing zeros and without the unit's word: (55'219'100'000, kWanYuan) →
// "55219.1".
std::string FormatAmount(int64_t fen, MoneyUnit unit);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_MONEY_H_
