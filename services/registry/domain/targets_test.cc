#include "services/registry/domain/targets.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace minsheng::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TargetCells Good() {
  return {{"indicator", "治理率"}, {"comparator", "at_least"}, {"value", "50"},
          {"unit", "%"},           {"kind", "coverage"},       {"stage", "finish"}};
}

TargetCells Level() {
  return {{"indicator", "x"},
          {"comparator", "at_least"},
          {"value", "9.5"},
          {"unit", "%"},
          {"kind", "level"}};
}

TargetCells With(TargetCells cells, const TargetCells& more) {
  for (const auto& [column, words] : more) cells[column] = words;
  return cells;
}

std::vector<std::string> BadColumns(const TargetCells& cells) {
  std::vector<CellError> errors;
  ReadTargetCells(cells, errors);
  std::vector<std::string> columns;
  for (const CellError& error : errors) columns.push_back(error.column);
  return columns;
}

TEST(TargetCellsTest, AreReadAndWrittenAlike) {
  const TargetCells cells = With(Good(), {{"stretch", "100"},
                                          {"base", "40"},
                                          {"base_on", "2024-03-31"},
                                          {"due_on", "2024-12-31"},
                                          {"part_of", "2"},
                                          {"approximate", "yes"},
                                          {"objects", "甲镇,乙镇"},
                                          {"note", "注"},
                                          {"baseline", "3.25"},
                                          {"survey_days", "2024-06-30,2024-11-30"}});
  std::vector<CellError> errors;
  const TargetRow row = ReadTargetCells(cells, errors);
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(CellsOf(row), cells);
  EXPECT_EQ(row.base_on, absl::CivilDay(2024, 3, 31));
  EXPECT_THAT(row.objects, ElementsAre("甲镇", "乙镇"));
  EXPECT_THAT(row.survey_days,
              ElementsAre(absl::CivilDay(2024, 6, 30), absl::CivilDay(2024, 11, 30)));
}

struct BadCell {
  TargetCells cells;
  const char* column;
};

class BadTarget : public testing::TestWithParam<BadCell> {};

TEST_P(BadTarget, IsNamedByItsColumn) {
  EXPECT_THAT(BadColumns(With(Good(), GetParam().cells)), testing::Contains(GetParam().column));
}

INSTANTIATE_TEST_SUITE_P(
    Cells, BadTarget,
    testing::Values(
        BadCell{{{"indicator", ""}}, "indicator"},
        BadCell{{{"comparator", "atleast"}}, "comparator"},
        BadCell{{{"kind", "count"}, {"comparator", "done"}, {"value", ""}}, "comparator"},
        BadCell{{{"kind", "event"}}, "comparator"},
        BadCell{{{"kind", "count"}, {"comparator", "more_than"}}, "comparator"},
        BadCell{{{"kind", "level"}, {"comparator", "less_than"}, {"value", ""}}, "value"},
        BadCell{{{"value", "4万"}}, "value"}, BadCell{{{"value", "-4"}}, "value"},
        BadCell{{{"value", "1.2345678"}}, "value"}, BadCell{{{"value", "1234567890123"}}, "value"},
        BadCell{{{"value", ""}}, "value"},
        BadCell{{{"kind", "event"}, {"comparator", "done"}, {"value", "5"}}, "value"},
        BadCell{{{"unit", ""}}, "unit"}, BadCell{{{"kind", "amount"}}, "kind"},
        BadCell{{{"stage", "middle"}}, "stage"}, BadCell{{{"part_of", "0"}}, "part_of"},
        BadCell{{{"approximate", "maybe"}}, "approximate"},
        BadCell{{{"base_on", "2024-02-30"}, {"base", "1"}}, "base_on"},
        BadCell{{{"base_on", "2024-02-03"}}, "base_on"},
        BadCell{{{"survey_days", "2024-11-30,2024-06-30"}}, "survey_days"}));

TEST(TargetCellsTest, StretchGoesFurther) {
  EXPECT_THAT(BadColumns(With(Level(), {{"stretch", "9.50"}})), ElementsAre("stretch"));
  EXPECT_THAT(BadColumns(With(Level(), {{"stretch", "10"}})), IsEmpty()) << "10 is more than 9.5";
  const TargetCells less = With(Level(), {{"comparator", "less_than"}, {"value", "5.5"}});
  EXPECT_THAT(BadColumns(With(less, {{"stretch", "5"}})), IsEmpty()) << "5 is striven for";
  EXPECT_THAT(BadColumns(With(less, {{"stretch", "6"}})), ElementsAre("stretch"));
}

TEST(TargetWordsTest, SayAllThatMatters) {
  std::vector<CellError> errors;
  const TargetRow row = ReadTargetCells(With(Good(), {{"stretch", "100"}, {"base", "40"}}), errors);
  EXPECT_EQ(TargetWords(row), "治理率 ≥ 50%（力争100；基数40）");
  for (const TargetCells& other :
       {TargetCells{{"value", "51"}}, TargetCells{{"stretch", ""}}, TargetCells{{"base", "41"}},
        TargetCells{{"due_on", "2024-06-30"}}, TargetCells{{"approximate", "yes"}}}) {
    const TargetCells cells = With(With(Good(), {{"stretch", "100"}, {"base", "40"}}), other);
    EXPECT_NE(TargetWords(ReadTargetCells(cells, errors)), TargetWords(row));
  }
}

}  // namespace
}  // namespace minsheng::registry
