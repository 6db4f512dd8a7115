// Sentences made from a known truth, in spellings chosen by chance: the truth comes back.
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_testing.h"

namespace minsheng::registry {
namespace {

constexpr unsigned kSeed = 20240608;
constexpr int kRounds = 4000;

struct Thing {
  absl::string_view noun;
  absl::string_view unit;
};
constexpr Thing kThings[] = {{"口袋公园", "个"},   {"社区食堂", "家"}, {"健身设施", "套"},
                             {"公共厕所", "座"},   {"危旧楼房", "栋"}, {"路灯", "盏"},
                             {"供水管网", "公里"}, {"停车位", "个"},   {"电梯", "部"},
                             {"文艺演出", "场"},   {"失业人员", "人"}, {"困难家庭", "户"}};
constexpr absl::string_view kDigits[] = {"零", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};

class Sentences {
 public:
  explicit Sentences(unsigned seed) : random_(seed) {}

  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  template <typename T, std::size_t N>
  const T& One(const T (&items)[N]) {
    return items[Below(static_cast<int>(N))];
  }

  int Value() {
    constexpr int kLimits[] = {9, 99, 999, 9999, 99999, 9999999};
    return 1 + Below(One(kLimits));
  }

  // One of the ways to write the figure.
  std::string Spelled(int value) {
    switch (Below(6)) {
      case 0:
        return FullWidth(absl::StrCat(value));
      case 1:
        return value < 10000 && value > 2 ? Chinese(value) : absl::StrCat(value);
      case 2:
        return InWan(value);
      case 3:
        return Separated(value);
      default:
        return absl::StrCat(value);
    }
  }

 private:
  static std::string FullWidth(absl::string_view digits) {
    std::string wide;
    for (const char c : digits)
      absl::StrAppend(&wide, "\xEF\xBC", std::string(1, static_cast<char>(c - '0' + 0x90)));
    return wide;
  }

  static std::string Separated(int value) {
    std::string digits = absl::StrCat(value);
    for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
      digits.insert(static_cast<std::size_t>(at), ",");
    }
    return digits;
  }

  static std::string InWan(int value) {
    if (value < 100) return absl::StrCat(value);
    std::string decimals = absl::StrCat(10000 + value % 10000).substr(1);
    while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
    return absl::StrCat(value / 10000, decimals.empty() ? "" : ".", decimals, "万");
  }

  static std::string Chinese(int value) {
    constexpr absl::string_view kScales[] = {"千", "百", "十", ""};
    std::string words;
    bool zero = false;
    for (int i = 0, power = 1000; i < 4; ++i, power /= 10) {
      const int digit = value / power % 10;
      if (digit == 0) {
        zero = !words.empty();
        continue;
      }
      const bool bare_ten = power == 10 && digit == 1 && words.empty();
      absl::StrAppend(&words, zero ? "零" : "", bare_ten ? "" : kDigits[digit], kScales[i]);
      zero = false;
    }
    return words;
  }

  std::mt19937 random_;
};

struct Truth {
  std::string words;
  std::string row;
  std::string indicator;
};

// 不少于300个公厕, 公厕300个以上 …
Truth Counted(Sentences& sentences, const Thing& thing, absl::string_view verb) {
  constexpr absl::string_view kBefore[] = {"", "", "不少于", "至少", "达到", "不低于"};
  constexpr absl::string_view kAfter[] = {"", "", "以上"};
  const int value = sentences.Value();
  const std::string figure = sentences.Spelled(value);
  const absl::string_view before = sentences.One(kBefore);
  const absl::string_view after = before.empty() ? sentences.One(kAfter) : "";
  const bool noun_first = sentences.Below(2) == 0;
  const std::string bounded = absl::StrCat(before, figure, thing.unit, after);
  const std::string words = noun_first ? absl::StrCat(verb, thing.noun, bounded)
                                       : absl::StrCat(verb, bounded, thing.noun);
  return {words, absl::StrCat("count at_least ", value, " ", thing.unit), std::string(thing.noun)};
}

TEST(Property, CountsComeBackInAnySpellingAndOrder) {
  constexpr absl::string_view kVerbs[] = {"新建", "建成", "完成", "改造", "新增"};
  constexpr absl::string_view kStops[] = {"，", "；", "。", ",", ";", "、", "，\n"};
  Sentences sentences(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    std::string content;
    std::vector<Truth> truths;
    const int count = 1 + sentences.Below(5);
    for (int i = 0; i < count; ++i) {
      truths.push_back(Counted(sentences, sentences.One(kThings), sentences.One(kVerbs)));
      absl::StrAppend(&content, i == 0 ? "" : sentences.One(kStops), truths.back().words);
    }
    if (sentences.Below(2) == 0) absl::StrAppend(&content, "。");
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " round ", round, " ", content));
    const Compiled compiled = CompileTargets(content, {"", 2024, ""});
    ExpectSound(content, compiled);
    ASSERT_EQ(compiled.targets.size(), truths.size());
    for (std::size_t i = 0; i < truths.size(); ++i) {
      const CompiledTarget& target = compiled.targets[i];
      EXPECT_EQ(RowWords(target.row), truths[i].row);
      EXPECT_TRUE(absl::StrContains(target.row.indicator, truths[i].indicator))
          << target.row.indicator;
      EXPECT_TRUE(absl::StrContains(At(content, target.source), truths[i].indicator));
    }
    EXPECT_TRUE(compiled.unread.empty());
    if (HasFailure()) return;
  }
}

TEST(Property, PercentagesComeBack) {
  constexpr absl::string_view kLevels[] = {"群众满意度", "政策知晓率", "普惠托位占比"};
  constexpr absl::string_view kCoverages[] = {"污水治理率", "家庭医生签约率", "适龄儿童接种率"};
  struct Bounded {
    absl::string_view before;
    absl::string_view after;
    absl::string_view level;
  };
  constexpr Bounded kBounds[] = {{"达到", "", "at_least"},      {"不低于", "", "at_least"},
                                 {"超过", "", "more_than"},     {"达到", "以上", "at_least"},
                                 {"≥", "", "at_least"},         {">", "", "more_than"},
                                 {"控制在", "以内", "at_most"}, {"低于", "", "less_than"},
                                 {"", "以上", "at_least"},      {"不超过", "", "at_most"}};
  Sentences sentences(kSeed + 1);
  for (int round = 0; round < kRounds; ++round) {
    const bool level = sentences.Below(2) == 0;
    const std::string value = absl::StrCat(1 + sentences.Below(98), ".", 1 + sentences.Below(9));
    const Bounded& bound = sentences.One(kBounds);
    const absl::string_view noun = level ? sentences.One(kLevels) : sentences.One(kCoverages);
    const std::string content = absl::StrCat(noun, bound.before, value, "%", bound.after);
    const bool down = bound.level == "at_most" || bound.level == "less_than";
    const std::string kind =
        level || down ? absl::StrCat("level ", bound.level) : "coverage at_least";
    SCOPED_TRACE(content);
    const Compiled compiled = CompileTargets(content, {"", 2024, ""});
    ExpectSound(content, compiled);
    EXPECT_EQ(TargetWords(compiled), absl::StrCat(kind, " ", value, " %"));
    const bool strict = bound.level == "more_than" && !level;
    EXPECT_EQ(HasDoubt(compiled, "STRICT_BOUND"), strict);
    if (HasFailure()) return;
  }
}

TEST(Property, PartsBelongToTheirWhole) {
  Sentences sentences(kSeed + 2);
  for (int round = 0; round < kRounds; ++round) {
    const Thing& thing = sentences.One(kThings);
    const int one = 1 + sentences.Below(500);
    const int other = 1 + sentences.Below(500);
    const int slip = sentences.Below(3) == 0 ? 1 + sentences.Below(9) : 0;
    const std::string content =
        absl::StrCat("新建", thing.noun, one + other - slip, thing.unit, "（其中城区", one,
                     thing.unit, "、农村", other, thing.unit, "）");
    SCOPED_TRACE(content);
    const Compiled compiled = CompileTargets(content, {"", 2024, ""});
    ASSERT_EQ(compiled.targets.size(), 3U);
    EXPECT_EQ(compiled.targets[1].row.part_of, 1);
    EXPECT_EQ(compiled.targets[2].row.part_of, 1);
    EXPECT_EQ(HasDoubt(compiled, "PARTS_MISMATCH"), slip > 0);
    if (HasFailure()) return;
  }
}

TEST(Property, MilestonesAreOneTarget) {
  Sentences sentences(kSeed + 3);
  for (int round = 0; round < kRounds; ++round) {
    const Thing& thing = sentences.One(kThings);
    const int first = 1 + sentences.Below(50);
    const int second = first + 1 + sentences.Below(50);
    const int last = second + 1 + sentences.Below(50);
    const std::string content =
        absl::StrCat("完成", thing.noun, last, thing.unit, "，3月底", first, thing.unit,
                     "，6月底前", second, thing.unit, "，9月底完成", last, thing.unit);
    SCOPED_TRACE(content);
    const Compiled compiled = CompileTargets(content, {"", 2024, ""});
    EXPECT_EQ(TargetWords(compiled), absl::StrCat("count at_least ", last, " ", thing.unit));
    EXPECT_EQ(StepWords(compiled),
              absl::StrCat("2024-03-31 finish ", first, " ", thing.unit, " #1; 2024-06-30 finish ",
                           second, " ", thing.unit, " #1; 2024-09-30 finish ", last, " ",
                           thing.unit, " #1"));
    if (HasFailure()) return;
  }
}

// No figure of a list vanishes: it is in a source, a step, a doubt or an unread stretch.
TEST(Property, NoFigureVanishes) {
  constexpr absl::string_view kPhrases[] = {
      "新建公厕#座", "总投资#万元",    "改造#个小区",    "惠及群众#人", "满意度#%",
      "每人每年#元", "#号线",          "面积约#平方米",  "全长#公里",   "力争达到#个",
      "其中城区#个", "#岁以上老人",    "每季度#次",      "完成整治#",   "（约#名）",
      "争取#所",     "从#元提高到#元", "等#个乡镇#个村", "#层住宅",     "第#号"};
  constexpr absl::string_view kStops[] = {"，", "；", "。", "、", ""};
  Sentences sentences(kSeed + 4);
  for (int round = 0; round < kRounds; ++round) {
    std::string content;
    int next = 101;
    for (int i = 1 + sentences.Below(5); i > 0; --i) {
      for (const char c : sentences.One(kPhrases)) {
        c == '#' ? absl::StrAppend(&content, next++) : absl::StrAppend(&content, std::string(1, c));
      }
      absl::StrAppend(&content, sentences.One(kStops));
    }
    SCOPED_TRACE(absl::StrCat("round ", round, " ", content));
    const Compiled compiled = CompileTargets(content, {"", 2024, ""});
    ExpectSound(content, compiled);
    std::string told;
    for (const auto& target : compiled.targets) {
      absl::StrAppend(&told, At(content, target.source), "|", target.row.stretch, "|");
    }
    for (const auto& doubt : compiled.doubts) absl::StrAppend(&told, At(content, doubt.place), "|");
    for (const auto& range : compiled.unread) absl::StrAppend(&told, At(content, range), "|");
    for (const auto& step : compiled.steps) absl::StrAppend(&told, step.words, "|");
    for (int figure = 101; figure < next; ++figure) {
      EXPECT_TRUE(absl::StrContains(told, absl::StrCat(figure))) << figure << " of " << told;
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace minsheng::registry
