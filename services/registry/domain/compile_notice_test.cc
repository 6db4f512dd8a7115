// Every row of the sample list's table of targets, read from the list itself.
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

#include "services/registry/domain/compile.h"
#include "services/registry/domain/compile_testing.h"
#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

std::string Sample(const std::string& name) {
  const char* source = std::getenv("MINSHENG_SOURCE_DIR");
  const std::string path =
      std::string(source == nullptr ? "." : source) + "/deploy/samples/wulong-2024/" + name;
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::size_t SharedChars(absl::string_view one, absl::string_view other) {
  const std::vector<absl::string_view> chars = Chars(one);
  const std::set<absl::string_view> known(chars.begin(), chars.end());
  std::size_t shared = 0;
  for (const auto c : Chars(other)) shared += known.count(c);
  return shared;
}

// What a note of the table calls doubtful, and the doubt that says so.
struct NoteDoubt {
  absl::string_view note;
  absl::string_view code;
};
constexpr NoteDoubt kNoteDoubts[] = {{"has no content", "NAME_WITHOUT_CONTENT"},
                                     {"stage is doubtful", "STAGE_UNCLEAR"},
                                     {"start or finish, ask", "STAGE_UNCLEAR"},
                                     {"base to be entered", "BASE_NEEDED"},
                                     {"base to be asked", "BASE_NEEDED"},
                                     {"base about", "BASE_APPROXIMATE"},
                                     {"baseline to be entered", "BASELINE_NEEDED"},
                                     {"which 学年: ask", "SCHOOL_YEAR"},
                                     {"open list", "OPEN_LIST"},
                                     {"and 等", "OPEN_LIST"}};

class SampleList : public testing::Test {
 protected:
  void SetUp() override {
    const Notice notice = Parse(Sample("list.txt"));
    for (const NoticeProject& project : notice.projects) {
      for (const NoticeTask& task : project.tasks) {
        const CompileContext context{project.name, 2024, ""};
        contents_[TaskId(project, task)] = task.content;
        compiled_[TaskId(project, task)] = CompileTargets(task.content, context);
      }
    }
    rows_ = GoldenTargets();
  }

  std::vector<GoldenTarget> RowsOf(const std::string& task) const {
    std::vector<GoldenTarget> rows;
    for (const GoldenTarget& row : rows_) {
      if (row.task == task) rows.push_back(row);
    }
    return rows;
  }

  // Without the baselines, bases and days that the table adds from elsewhere.
  static std::string Meaning(const TargetRow& row, const std::string& whole) {
    TargetRow bare = row;
    bare.baseline.clear();
    bare.approximate = false;
    bare.part_of = 0;
    return absl::StrCat(RowWords(bare), row.part_of == 0 ? "" : " of ", whole);
  }

  template <typename Rows, typename RowOf>
  static std::string WholeWords(const Rows& rows, int part_of, RowOf row_of) {
    for (const auto& candidate : rows) {
      if (part_of != 0 && row_of(candidate).no == part_of) return RowWords(row_of(candidate));
    }
    return "";
  }

  std::map<std::string, std::string> contents_;
  std::map<std::string, Compiled> compiled_;
  std::vector<GoldenTarget> rows_;
};

TEST_F(SampleList, GivesItsTargetsAndNothingMore) {
  EXPECT_EQ(rows_.size(), 48U);
  EXPECT_EQ(compiled_.size(), 29U);
  for (const auto& [task, compiled] : compiled_) {
    SCOPED_TRACE(task + "\n" + TargetWords(compiled));
    const std::vector<GoldenTarget> wanted = RowsOf(task);
    EXPECT_EQ(compiled.targets.size(), wanted.size());
    ExpectSound(contents_[task], compiled);
    std::set<int> taken;
    for (const GoldenTarget& row : wanted) {
      const std::string meaning =
          Meaning(row, WholeWords(
                           wanted, row.part_of, [](const GoldenTarget& r) -> auto& { return r; }));
      bool found = false;
      for (const CompiledTarget& target : compiled.targets) {
        const std::string whole = WholeWords(
            compiled.targets, target.row.part_of,
            [](const CompiledTarget& t) -> auto& { return t.row; });
        const bool same = Meaning(target.row, whole) == meaning &&
                          SharedChars(row.indicator, target.row.indicator) >= 3;
        if (found || !same || taken.count(target.row.no) > 0) continue;
        taken.insert(target.row.no);
        found = true;
      }
      EXPECT_TRUE(found) << meaning << " " << row.indicator;
    }
  }
}

TEST_F(SampleList, DoubtsWhatTheTableDoubts) {
  for (const GoldenTarget& row : rows_) {
    for (const NoteDoubt& note : kNoteDoubts) {
      if (!absl::StrContains(row.note, note.note)) continue;
      EXPECT_TRUE(HasDoubt(compiled_[row.task], note.code)) << row.task << " " << row.note;
    }
  }
}

TEST_F(SampleList, KeepsTheNamesItNames) {
  const auto objects = [&](const std::string& task) {
    return compiled_[task].targets[0].row.objects;
  };
  EXPECT_EQ(objects("district-01/1").size(), 10U);
  EXPECT_EQ(objects("district-02/1").size(), 15U);
  EXPECT_EQ(objects("district-06/4").size(), 2U);
  EXPECT_FALSE(HasDoubt(compiled_["district-02/1"], "COUNT_MISMATCH"));
}

TEST_F(SampleList, HasNoDatesAndNoRateAsATarget) {
  for (const auto& [task, compiled] : compiled_) EXPECT_EQ(StepWords(compiled), "") << task;
}

TEST_F(SampleList, LeavesTheSizeOfAnOpenWorkUnread) {
  const Compiled& compiled = compiled_["district-06/3"];
  ASSERT_EQ(compiled.unread.size(), 1U);
  EXPECT_EQ(At(contents_["district-06/3"], compiled.unread[0]), "整治道路面积约5000平方米");
}

}  // namespace
}  // namespace minsheng::registry
