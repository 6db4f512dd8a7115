// The words that the target compiler knows, as data: what bounds a figure, opens a phrase,
// measures. No word names a place, a bureau or a project. Thread-safe: built once, then only read.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_WORDS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_WORDS_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace minsheng::registry::compiler {

enum class WordClass : uint8_t {
  kText,
  kIdiom,       // 进一步, 第一: holds a numeral or a known word, and means neither
  kBound,       // 不少于: before a figure; arg is a Bound, with kRaises for 提高到
  kBoundAfter,  // 以上; arg is a Bound
  kAbout,       // 约
  kAboutAfter,  // 左右
  kVerb,        // 建设; arg are VerbTraits
  kAdverb,      // 积极, 全市: says nothing of what is promised
  kPlan,        // 计划
  kStretch,     // 力争
  kPart,        // 其中
  kJoin,        // 并, 共
  kHow,         // 通过, 根据: opens the way of doing
  kTopic,       // 对, 在: opens whom or where
  kFrom,        // 从
  kEachOf,      // 各
  kApiece,      // 分别
  kAll,         // 全覆盖
  kService,     // 持续
  kQuality,     // 鼓励
  kEtc,         // 等
  kBenefit,     // 惠及: whom a work reaches
  kPast,        // 现有, 已建成: what is there already
  kDateWord,    // 年底; arg is a DateWord
};

enum Bound : uint8_t { kUnbound, kAtLeastBound, kAtMostBound, kMoreBound, kLessBound };
inline constexpr uint8_t kBoundMask = 0x07;
inline constexpr uint8_t kRaises = 0x08;  // 提高到: a level that moves
inline constexpr uint8_t kHolds = 0x10;   // 保持在: the word behind the figure decides

enum VerbTraits : uint8_t {
  kEmptyVerb = 0,
  kStartVerb = 1,    // 开工
  kFinishVerb = 2,   // 竣工
  kVagueVerb = 4,    // 推进
  kKeptVerb = 8,     // 新增: belongs to what is counted
  kWorkVerb = 16,    // a work that is done or not
  kStrongVerb = 32,  // a work of its own beside figures
  kServeVerb = 64,   // 开展, 提供
};

enum DateWord : uint8_t { kYearEnd, kHalfYear, kSecondHalf, kWithinYear, kSeasonBefore };

// 去年, not 已建成: a time, in which something was done.
inline constexpr uint8_t kPastTime = 1;

// How a unit counts. kNoTarget units measure what is no target by itself.
enum class UnitClass : uint8_t {
  kCounted,
  kSize,
  kPeople,
  kVisits,
  kTimes,
  kPercent,
  kMoney,
  kAge,
  kTime,
  kFloor,
  kOrdinal,
  kScore,
  kPhysical,
  kMissing,
  kUnknown,
};

struct WordEntry {
  absl::string_view word;
  WordClass word_class = WordClass::kText;
  uint8_t arg = 0;
};

struct UnitEntry {
  absl::string_view word;
  absl::string_view unit;  // as targets name it
  UnitClass unit_class = UnitClass::kCounted;
};

// The longest entry at the start of `text`; nullptr when none.
const WordEntry* FindWord(absl::string_view text);
const UnitEntry* FindUnit(absl::string_view text);

absl::Span<const WordEntry> AllWords();
absl::Span<const UnitEntry> AllUnits();

// Entries by their first character, the longest first.
template <typename Entry>
class WordIndex {
 public:
  explicit WordIndex(absl::Span<const Entry> entries);
  const Entry* Find(absl::string_view text) const;

 private:
  static constexpr std::size_t kSlots = 1U << 16U;
  std::vector<Entry> sorted_;
  std::vector<uint16_t> slots_;
  std::vector<uint16_t> first_ = std::vector<uint16_t>(kSlots, 0);
};

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_WORDS_H_
