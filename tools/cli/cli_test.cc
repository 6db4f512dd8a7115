#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "services/platform/base/error.h"
#include "tools/cli/cells.h"
#include "tools/cli/csv.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/json.h"
#include "tools/cli/manifest.h"
#include "tools/cli/measures.h"
#include "tools/cli/names.h"
#include "tools/cli/plan_rows.h"
#include "tools/cli/rehearsal.h"
#include "tools/cli/report_rows.h"
#include "tools/cli/sample.h"
#include "tools/cli/table.h"
#include "tools/cli/text.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TextTest, ChineseIsTwoColumnsWide) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("武隆区"), 6);
  EXPECT_EQ(DisplayWidth("（1）、"), 7);
  EXPECT_EQ(DisplayWidth("“双减”"), 6);  // quotation marks are ambiguous: one column
  EXPECT_EQ(DisplayWidth("a 灰"), 4);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("𠀀"), 2);
  EXPECT_EQ(DisplayWidth("\xff"), 1);
  EXPECT_EQ(DisplayWidth("\xe4\xb8"), 1 + 1);
}

TEST(TextTest, ElidesAtAWholeCharacter) {
  EXPECT_EQ(Elide("城镇老旧小区", 12), "城镇老旧小区");
  EXPECT_EQ(Elide("城镇老旧小区", 11), "城镇老旧..");
  EXPECT_EQ(Elide("城镇老旧小区", 10), "城镇老旧..");
  EXPECT_EQ(Pad("灰", 4, Align::kLeft), "灰  ");
  EXPECT_EQ(Pad("灰", 4, Align::kRight), "  灰");
  EXPECT_EQ(OneLine(" 一行\n\t二行  三 "), "一行 二行 三");
}

TEST(TextTest, ControlCharactersDoNotReachTheScreen) {
  EXPECT_EQ(OneLine("红\x1b[2J灯\x07\x7f"), "红?[2J灯??");
  EXPECT_EQ(OneLine("a\u009b31mb\u00a0c"), "a?31mb\u00a0c");
  EXPECT_EQ(WithoutControls("一\n二\r三\xc2"), "一\n二?三\xc2");
}

TEST(TableTest, AlignsByDisplayWidth) {
  Table table({{"任务"}, {"总投资", Align::kRight}, {"单位"}});
  table.Add({"municipal-01/1", "4700", "区教委"});
  table.Add({"区级", "55219.1", Cell("区交通局", Colour::kRed)});
  std::ostringstream out;
  table.Print(out, /*colour=*/false);
  EXPECT_EQ(out.str(),
            "任务             总投资  单位\n"
            "municipal-01/1     4700  区教委\n"
            "区级            55219.1  区交通局\n");
}

TEST(TableTest, ColoursDoNotCountAsWidth) {
  Table table({{"灯"}, {"数", Align::kRight}});
  table.Add({Cell("红", Colour::kRed), "1"});
  table.Add({Cell("按序时", Colour::kGreen), "2"});
  std::ostringstream out;
  table.Print(out, /*colour=*/true);
  EXPECT_THAT(out.str(), HasSubstr("\x1b[31m红\x1b[0m       1\n"));
  EXPECT_THAT(out.str(), HasSubstr("\x1b[32m按序时\x1b[0m   2\n"));
}

TEST(MeasuresTest, ReadsValuesAndStages) {
  const auto measures = ParseMeasures("1=19; 2=15.5；3=开工;4=accepted; ");
  ASSERT_TRUE(measures.ok()) << measures.status();
  ASSERT_EQ(measures->size(), 4u);
  EXPECT_EQ((*measures)[0].target(), 1);
  EXPECT_EQ((*measures)[0].value(), "19");
  EXPECT_EQ((*measures)[1].value(), "15.5");
  EXPECT_EQ((*measures)[2].work_stage(), progress::v1::WORK_STAGE_STARTED);
  EXPECT_EQ((*measures)[2].value(), "");
  EXPECT_EQ((*measures)[3].work_stage(), progress::v1::WORK_STAGE_ACCEPTED);
  EXPECT_TRUE(ParseMeasures("  ")->empty());
}

TEST(MeasuresTest, RefusesWhatIsNoMeasure) {
  for (const char* bad :
       {"19", "1=", "=19", "0=1", "1=1,200", "1=-3", "1=3.", "1=半", "1=2=3", "a=1"}) {
    EXPECT_EQ(ExitCodeOf(ParseMeasures(bad).status()), kExitUsage) << bad;
  }
  EXPECT_THAT(std::string(ParseMeasures("1=1; 1=2").status().message()), HasSubstr("给出了两次"));
}

const std::vector<CsvColumn> kColumns = {{"task", "任务", true}, {"text", "内容"}};

TEST(CsvTest, ReadsByNameInAnyOrderAndLanguage) {
  const auto rows =
      ParseCsv("\xEF\xBB\xBF内容,task\n\"一，\"\"二\"\"\",a/1\n,\n三,b/2\n", "x.csv", kColumns);
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0]["text"], "一，\"二\"");
  EXPECT_EQ((*rows)[0]["task"], "a/1");
  EXPECT_EQ((*rows)[1].row, 4);
  EXPECT_EQ((*rows)[1]["nothing"], "");
}

TEST(CsvTest, RefusesUnknownDoubledAndMissingColumns) {
  const auto message = [](const char* text) {
    return std::string(ParseCsv(text, "x.csv", kColumns).status().message());
  };
  EXPECT_THAT(message("task,tekst\na,b\n"), AllOf(HasSubstr("x.csv"), HasSubstr("“tekst”")));
  EXPECT_THAT(message("task,任务\na,b\n"), HasSubstr("两次"));
  EXPECT_THAT(message("text\na\n"), HasSubstr("缺少列“task”"));
  EXPECT_THAT(message("task\na,b\n"), HasSubstr("第2行 第2 列"));
  EXPECT_THAT(message(""), HasSubstr("x.csv"));
}

TEST(ReportRowsTest, ReadsAWholeRow) {
  const auto rows = ParseReports(
      "task,period,filed_at,measures,completed_investment,self_rating,nothing_to_report,received_"
      "on\n"
      "municipal-11/2,2024-06,2024-06-28T09:00:00+08:00,1=86; 3=900,55219.1,有困难,否,2024-06-27\n",
      "r.csv");
  ASSERT_TRUE(rows.ok()) << rows.status();
  const ReportRow& row = rows->at(0);
  EXPECT_EQ(row.task, "municipal-11/2");
  EXPECT_EQ(FormatInstant(*row.filed_at), "2024-06-28T09:00:00+08:00");
  EXPECT_EQ(row.request.report().measures_size(), 2);
  EXPECT_EQ(row.request.report().completed_investment().fen(), 55'219'100'000);
  EXPECT_EQ(row.request.report().self_rating(), progress::v1::SELF_RATING_DIFFICULT);
  EXPECT_EQ(row.request.report().received_on(), "2024-06-27");
}

TEST(ReportRowsTest, TellsEveryBadCellWithRowAndColumn) {
  const auto rows = ParseReports(
      "task,period,measures,completed_investment,received_on\n"
      "municipal-11,2024-13,1=x,12a,2024-02-30\n"
      "municipal-01/1,2024-06,1=3,,\n"
      ",2024-06,,,\n",
      "r.csv");
  ASSERT_EQ(ExitCodeOf(rows.status()), kExitFailed);
  EXPECT_EQ(platform::ReasonOf(rows.status()), "BAD_CELLS");
  EXPECT_THAT(std::string(rows.status().message()),
              AllOf(HasSubstr("有6处错误"), HasSubstr("第2行 task 列"),
                    HasSubstr("第2行 period 列"), HasSubstr("第2行 measures 列"),
                    HasSubstr("第2行 completed_investment 列"), HasSubstr("第2行 received_on 列"),
                    HasSubstr("第4行 task 列"), Not(HasSubstr("第3行"))));
}

TEST(ReportRowsTest, KnowsPeriods) {
  EXPECT_TRUE(CheckPeriod("2024-06").ok());
  EXPECT_TRUE(CheckPeriod("2024-final").ok());
  for (const char* bad : {"2024-13", "2024-6", "2024", "final", "24-final", "2024-06-01", ""}) {
    EXPECT_FALSE(CheckPeriod(bad).ok()) << bad;
  }
}

TEST(PlanRowsTest, ReadsMilestones) {
  const auto milestone = ParseMilestone("2024-06-30:40%:首批：完工:二");
  ASSERT_TRUE(milestone.ok()) << milestone.status();
  EXPECT_EQ(milestone->due_on(), "2024-06-30");
  EXPECT_EQ(milestone->percent(), "40");
  EXPECT_EQ(milestone->text(), "首批：完工:二");
  EXPECT_TRUE(ParseMilestone("2024-06-30:100").ok());
  for (const char* bad :
       {"2024-06-30", "2024-06-31:40", "2024-06-30:101", "2024-06-30:x", "40:2024-06-30"}) {
    EXPECT_FALSE(ParseMilestone(bad).ok()) << bad;
  }
}

TEST(NamesTest, ShortAndWhole) {
  const std::string task = "districts/500156/programs/2024/projects/municipal-11/tasks/2";
  EXPECT_EQ(*TaskNameIn("districts/500156/programs/2024", "municipal-11/2"), task);
  EXPECT_TRUE(IsTaskName(task));
  EXPECT_FALSE(IsTaskName("municipal-11/2"));
  EXPECT_EQ(ShortTask(task + "/reports/2024-06@2"), "municipal-11/2");
  EXPECT_EQ(ShortTask("districts/500156"), "districts/500156");
  EXPECT_EQ(ProgramOf(task), "districts/500156/programs/2024");
  EXPECT_EQ(*ProgramName("500156/2024"), "districts/500156/programs/2024");
  EXPECT_EQ(*DistrictName("500156"), "districts/500156");
  EXPECT_FALSE(DistrictName("5001").ok());
  EXPECT_FALSE(TaskNameIn("p", "municipal-11").ok());
}

TEST(TimesTest, ADayIsItsBeginningInShanghai) {
  EXPECT_EQ(FormatInstant(*ParseInstant("2024-10-01")), "2024-10-01T00:00:00+08:00");
  EXPECT_EQ(FormatInstant(*ParseInstant("2024-09-30T16:00:00Z")), "2024-10-01T00:00:00+08:00");
  EXPECT_EQ(FormatInstant(*ParseInstant("2024-10-01T09:30")), "2024-10-01T09:30:00+08:00");
  for (const char* bad : {"", "2024-02-30", "2024-1-1", "tomorrow", "2024-10-01T25:00:00+08:00"}) {
    EXPECT_FALSE(ParseInstant(bad).ok()) << bad;
  }
}

TEST(WordsTest, ReadsLightsInChineseAndEnglish) {
  EXPECT_EQ(*ParseLight("滞后"), progress::v1::LIGHT_BEHIND);
  EXPECT_EQ(*ParseLight("severely_behind"), progress::v1::LIGHT_SEVERELY_BEHIND);
  EXPECT_EQ(*ParseLight("LIGHT_STALE"), progress::v1::LIGHT_STALE);
  EXPECT_FALSE(ParseLight("purple").ok());
  EXPECT_EQ(*ParseReporting("未报"), progress::v1::REPORTING_STATE_MISSING);
  EXPECT_EQ(ParseSelfRating("").value(), progress::v1::SELF_RATING_UNSPECIFIED);
}

TEST(FilesTest, AFileTakesItsNameOnlyWhenItIsWhole) {
  const std::string path = testing::TempDir() + "/whole.db";
  std::filesystem::remove(path);
  {
    auto abandoned = WholeFile::Create(path);
    ASSERT_TRUE(abandoned.ok() && abandoned->Write("half").ok());
    EXPECT_TRUE(std::filesystem::exists(path + ".partial"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));

  auto file = WholeFile::Create(path);
  ASSERT_TRUE(file.ok() && file->Write("abc").ok() && file->Commit().ok());
  EXPECT_EQ(*ReadFile(path), "abc");
  EXPECT_EQ(*Sha256OfFile(path),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(platform::ReasonOf(ReadFile(testing::TempDir()).status()), "FILE_UNREADABLE");
}

TEST(FilesTest, ALockIsHeldByOne) {
  const std::string path = testing::TempDir() + "/state.lock";
  {
    const auto first = FileLock::Take(path);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(platform::ReasonOf(FileLock::Take(path).status()), "STATE_IN_USE");
  }
  EXPECT_TRUE(FileLock::Take(path).ok());
}

TEST(ManifestTest, ReadsWhatItWrote) {
  const std::string folder = testing::TempDir() + "/backup";
  std::filesystem::create_directories(folder);
  Manifest manifest;
  manifest.made_at = *ParseInstant("2024-10-01");
  manifest.entries = {{"registry", "registry-7.db", "ab", "7", "cd", "2024-09-30T16:52:00+08:00"}};
  ASSERT_TRUE(WriteManifest(folder, manifest).ok());
  EXPECT_THAT(*ReadFile(folder + "/manifest.json"),
              HasSubstr("\"made_at\": \"2024-10-01T00:00:00+08:00\""));
  const auto read = ReadManifest(folder);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->entries.size(), 1u);
  EXPECT_EQ(read->entries[0].file, "registry-7.db");
  EXPECT_EQ(read->entries[0].position, "7");
  EXPECT_EQ(read->entries[0].head_hash, "cd");
}

TEST(ErrorsTest, SaysWhatWhyAndWhatToDo) {
  const auto shown = [](const absl::Status& status) {
    std::ostringstream out;
    PrintError(out, status);
    return out.str();
  };
  EXPECT_EQ(shown(platform::Error(absl::StatusCode::kAborted, "STALE_ETAG", "p has changed",
                                  {{"etag", "7"}})),
            "错误 [ABORTED STALE_ETAG]：数据已被他人改动，请重新读取后再试。\n"
            "  服务答复：p has changed\n"
            "  etag：7\n");
  EXPECT_EQ(shown(UsageError("没有给出命令")), "错误 [USAGE]：没有给出命令\n");
  EXPECT_THAT(shown(platform::Error(absl::StatusCode::kAlreadyExists, "DISTRICT_EXISTS",
                                    "districts/500156 is 武隆区 already")),
              HasSubstr("服务答复"));
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(absl::NotFoundError("")), 1);
  EXPECT_EQ(ExitCodeOf(UsageError("")), 2);
  EXPECT_EQ(ExitCodeOf(DifferencesError("")), 3);
}

TEST(ErrorsTest, EveryRefusalOfACallerHasAdvice) {
  for (const char* reason :
       {"CERTIFICATE_EXPIRED", "CERTIFICATE_UNKNOWN", "CREDENTIAL_REVOKED", "DISTRICT_NOT_ALLOWED",
        "OVERLOADED", "RATE_LIMITED", "REQUEST_TOO_LARGE", "ROLE_NOT_ALLOWED", "TOKEN_ALGORITHM",
        "TOKEN_AUDIENCE", "TOKEN_CLAIMS", "TOKEN_EXPIRED", "TOKEN_ISSUER", "TOKEN_KEY_UNKNOWN",
        "TOKEN_MALFORMED", "TOKEN_MISSING", "TOKEN_NOT_YET_VALID", "TOKEN_SIGNATURE",
        "WRONG_UNIT"}) {
    std::ostringstream out;
    PrintError(out, platform::Error(absl::StatusCode::kUnauthenticated, reason, "no"));
    // What is said of the code alone, where a reason has no advice.
    EXPECT_THAT(out.str(), Not(HasSubstr("无权办理。"))) << reason;
  }
}

TEST(JsonTest, KeepsTheProtosNamesAndOrder) {
  registry::v1::Program program;
  program.set_document_number("“双减”");
  EXPECT_EQ(ToJson(JsonParts{{"b", ToJson(program)}, {"a", JsonQuoted("x\"y")}}),
            "{\n \"b\": {\n  \"document_number\": \"“双减”\"\n },\n \"a\": \"x\\\"y\"\n}\n");
}

TEST(RehearsalTest, RequestIdsComeFromContentAndInstant) {
  progress::v1::SubmitReportRequest request;
  request.set_period("2024-06");
  const absl::Time at = *ParseInstant("2024-06-28");
  const std::string id = DerivedRequestId(at, request);
  EXPECT_EQ(DerivedRequestId(at, request), id);
  EXPECT_NE(DerivedRequestId(at + absl::Minutes(1), request), id);
  request.set_period("2024-07");
  EXPECT_NE(DerivedRequestId(at, request), id);
}

TEST(SampleTest, TheShippedSampleIsReadable) {
  const char* source = std::getenv("MINSHENG_SOURCE_DIR");
  if (source == nullptr) GTEST_SKIP() << "MINSHENG_SOURCE_DIR is not set";
  const auto sample = ReadSample(std::string(source) + "/deploy/samples/wulong-2024");
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->program(), "districts/500156/programs/2024");
  EXPECT_FALSE(sample->plans.empty());
  EXPECT_FALSE(sample->reports.empty());
  EXPECT_FALSE(sample->actions.empty());
}

}  // namespace
}  // namespace minsheng::cli
