#include <algorithm>
#include <array>

#include "absl/strings/match.h"

#include "services/registry/domain/compile_uses.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kWindow = 150;
constexpr int kMaxLookBack = 40;

// What a year of building or of a batch has behind it: 2000年以前建成的, 2024年续建.
constexpr std::array<absl::string_view, 9> kNotThen = {"以前", "之前", "前",   "以来", "以后",
                                                       "续建", "结转", "跨年", "底"};

// Looks at one clause, whose first token is `first`.
class PastJudge {
 public:
  PastJudge(const Work& work, int first) : work_(work), first_(first) {}

  // 2023年建成12个, 现有30座; but 改造现有公厕5座, 已建成的20个小区加装电梯.
  bool IsPast(int i) const {
    const int end = ClauseEnd(i);
    const int first = std::max(first_, i - kMaxLookBack);
    for (int at = i - 1; at >= first; --at) {
      if (IsBasis(at)) return false;
      const bool past = work_.Is(at, WordClass::kPast);
      const bool date = work_.At(at).type == TokenType::kDate;
      if (date && !IsPastYear(at, end)) return false;
      if (date || (past && work_.At(at).arg == kPastTime)) {
        return HasBasis(i, end) || !HasVerb(first, at);
      }
      if (!past) continue;
      return !HasVerb(first, i) && (HasBasis(i, end) || !HasVerb(i + 1, end));
    }
    return false;
  }

 private:
  // Behind the last token of the clause, as far as one looks.
  int ClauseEnd(int i) const {
    const int far = std::min(Last(), i + kMaxLookBack);
    while (i <= far && work_.At(i).type != TokenType::kComma &&
           work_.At(i).type != TokenType::kStop) {
      ++i;
    }
    return i;
  }

  bool HasVerb(int first, int last) const {
    for (int at = first; at < last; ++at) {
      if (work_.Is(at, WordClass::kVerb)) return true;
    }
    return false;
  }

  bool IsBasis(int token) const {
    return absl::StrContains(work_.Words(work_.At(token).span), "基础");
  }

  // 在现有1800个充电桩基础上: stands on what is there.
  bool HasBasis(int first, int last) const {
    for (int at = first; at < last; ++at) {
      if (IsBasis(at)) return true;
    }
    return false;
  }

  // A year before the list's, in which something was done.
  bool IsPastYear(int token, int end) const {
    const DateMark& date = work_.DateOf(token);
    const bool before = date.kind == DateKind::kYears && work_.context.year > 0 &&
                        date.day.year() < work_.context.year;
    if (!before) return false;
    const absl::string_view behind = Right(token);
    for (const auto no : kNotThen) {
      if (absl::StartsWith(behind, no)) return false;
    }
    return HasVerb(token + 1, end) || (token + 1 < end && work_.Is(token + 1, WordClass::kPast));
  }

  absl::string_view Right(int i) const {
    return work_.text.text().substr(work_.At(i).span.end, kWindow);
  }

  int Last() const { return static_cast<int>(work_.lexed.tokens.size()) - 1; }

  const Work& work_;
  int first_;
};

}  // namespace

bool IsPastFigure(const Work& work, int first, int token) {
  return PastJudge(work, first).IsPast(token);
}

}  // namespace minsheng::registry::compiler
