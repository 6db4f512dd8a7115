// Phrases recombined and damaged: whatever they say, nothing breaks, what comes out is sound, and
// time grows with the text. Deterministic.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_testing.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr unsigned kSeed = 20240702;

// A long run takes more: $MINSHENG_FUZZ_ROUNDS.
int Rounds() {
  const char* given = std::getenv("MINSHENG_FUZZ_ROUNDS");
  return given == nullptr ? 4000 : std::atoi(given);
}
const int kRounds = Rounds();

constexpr absl::string_view kPieces[] = {"新建",     "完成",   "开工",        "竣工",
                                         "实施",     "推进",   "力争",        "其中",
                                         "包括",     "从",     "由",          "提高到",
                                         "降至",     "不少于", "超过",        "低于",
                                         "控制在",   "约",     "左右",        "以上",
                                         "以内",     "以下",   "各",          "分别",
                                         "分别达到", "每学年", "每千人口",    "每人每月",
                                         "每个村",   "每",     "对",          "为",
                                         "在",       "将",     "通过",        "等",
                                         "和",       "、",     "，",          "。",
                                         "；",       "：",     "（",          "）",
                                         "(",        ")",      "《",          "》",
                                         "“",        "”",      "\"",          "\n",
                                         " ",        "　",     "5",           "10",
                                         "3.7",      "1,200",  "2万",         "3.5亿",
                                         "十五",     "两千",   "一百零五",    "百余",
                                         "几十",     "二",     "一",          "个",
                                         "座",       "公里",   "%",           "百分之",
                                         "八成",     "平方米", "人次",        "户",
                                         "元",       "万元",   "岁",          "层",
                                         "年",       "月",     "日",          "月底前",
                                         "6月",      "2024年", "2023—2025年", "第四季度",
                                         "上半年",   "年底前", "汛前",        "1031日",
                                         "-",        "—",      "至",          "到",
                                         "/",        "×",      "1.",          "（1）",
                                         "①",        "一是",   "公园",        "道路",
                                         "农村公路", "满意度", "治理率",      "占比",
                                         "面积",     "全长",   "乡镇",        "村",
                                         "街道",     "甲村",   "乙村",        "全覆盖",
                                         "所有",     "持续",   "常态化",      "鼓励",
                                         "动态清零", "惠及",   "总投资",      "标准",
                                         "5G",       "LED",    "PM2.5",       "DN300",
                                         "K12+3",    "℃",      "²",           "㎡",
                                         "𠮷",       "é",      "的",          "99999999999999"};

class Compiles : public testing::Test {
 protected:
  std::string Recombined(std::size_t pieces) {
    std::string content;
    for (std::size_t i = 0; i < pieces; ++i) {
      absl::StrAppend(&content, kPieces[random_() % std::size(kPieces)]);
    }
    return content;
  }

  static void Survive(const std::string& content, const std::string& schedule = "") {
    const Compiled compiled = CompileTargets(content, {"某项目和某工程建设", 2024, schedule});
    if (IsValidUtf8(content)) ExpectSound(content, compiled);
    if (IsValidUtf8(content) && !IsBlank(content)) {
      EXPECT_TRUE(!compiled.targets.empty() || !compiled.steps.empty()) << content;
    }
  }

  std::mt19937 random_{kSeed};
};

TEST_F(Compiles, AnyOrderOfPhrases) {
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " round ", round));
    Survive(Recombined(1 + random_() % 40), round % 4 == 0 ? Recombined(6) : "");
    if (HasFailure()) return;
  }
}

TEST_F(Compiles, AnyBytes) {
  for (int round = 0; round < kRounds; ++round) {
    std::string content = Recombined(1 + random_() % 20);
    for (auto flips = 1 + random_() % 6; flips > 0; --flips) {
      const std::size_t at = random_() % content.size();
      if (random_() % 2 == 0) {
        content[at] = static_cast<char>(random_());
      } else {
        content.erase(at, 1 + random_() % 4);
      }
      if (content.empty()) content = "x";
    }
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " round ", round));
    Survive(content, content);
    if (HasFailure()) return;
  }
}

TEST_F(Compiles, SameWordsTheSameWay) {
  for (int round = 0; round < 200; ++round) {
    const std::string content = Recombined(30);
    const Compiled one = CompileTargets(content, {"", 2024, ""});
    const Compiled other = CompileTargets(content, {"", 2024, ""});
    EXPECT_EQ(TargetWords(one), TargetWords(other));
    EXPECT_EQ(DoubtWords(one), DoubtWords(other));
  }
}

// What is linear takes a fraction of a second, under a sanitizer a few; what is not takes minutes.
constexpr double kHangSeconds = 30;

double SecondsOf(const std::string& content) {
  const std::clock_t start = std::clock();
  (void)CompileTargets(content, {"某项目", 2024, content});
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// Any one phrase again and again fills the largest cell in well under a second.
TEST_F(Compiles, TheLargestCellInTime) {
  for (const absl::string_view piece : kPieces) {
    std::string content;
    while (content.size() + piece.size() <= kMaxCellBytes) absl::StrAppend(&content, piece);
    EXPECT_LT(SecondsOf(content), kHangSeconds) << piece;
  }
  for (int round = 0; round < 60; ++round) {
    const std::string phrase = Recombined(1 + random_() % 5);
    std::string content;
    while (content.size() + phrase.size() <= kMaxCellBytes) absl::StrAppend(&content, phrase);
    EXPECT_LT(SecondsOf(content), kHangSeconds) << phrase;
  }
}

TEST_F(Compiles, ManyRowsASecond) {
  constexpr int kRows = 20000;
  constexpr absl::string_view kTypical[] = {
      "开工改造城镇老旧小区41个。",
      "建设完成2个口袋公园。",
      "推进错时共享停车位1000个。",
      "治理50%以上农村黑臭水体，力争全年完成所有农村黑臭水体的治理。",
      "建设农村入户路100公里。",
      "建设老年食堂2家，全年开展助餐服务10000人次以上。",
      "计划搬迁受地质灾害危及群众2000人。",
      "完成某片区综合整治，整治道路面积约5000平方米。"};
  const std::clock_t start = std::clock();
  std::size_t targets = 0;
  for (int row = 0; row < kRows; ++row) {
    targets += CompileTargets(kTypical[row % 8], {"某项目", 2024, ""}).targets.size();
  }
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  RecordProperty("rows_per_second", static_cast<int>(kRows / seconds));
  EXPECT_EQ(targets, kRows / 8 * 9U);
  std::printf("%d rows per second\n", static_cast<int>(kRows / seconds));
}

}  // namespace
}  // namespace minsheng::registry
