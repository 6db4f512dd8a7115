#include "tools/cli/generated_files.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/generate/render.h"
#include "tools/cli/generate/year.h"

namespace minsheng::cli {
namespace {

namespace fs = std::filesystem;

using generate::List;
using generate::Task;

absl::Status Unwritable(const std::string& path, const std::error_code& error) {
  return Failure("FILE_UNWRITABLE", absl::StrCat("写不了文件夹 ", path, "：", error.message()));
}

// Lines to be written in order of time: one text, and where each line stands in it.
class TimedLines {
 public:
  std::string& text() { return text_; }
  // What was appended to text() since the last call happened at this instant.
  void At(absl::CivilMinute at) {
    lines_.push_back({at, begin_, text_.size() - begin_});
    begin_ = text_.size();
  }

  // Leaves nothing behind.
  void WriteTo(TextFile& file) {
    std::stable_sort(lines_.begin(), lines_.end(),
                     [](const Line& a, const Line& b) { return a.at < b.at; });
    for (const Line& line : lines_) {
      absl::StrAppend(&file.text(), absl::string_view(text_).substr(line.begin, line.size));
      file.FlushWhenLarge();
    }
    *this = TimedLines();
  }

 private:
  struct Line {
    absl::CivilMinute at;
    size_t begin;
    size_t size;
  };
  std::string text_;
  std::vector<Line> lines_;
  size_t begin_ = 0;
};

template <typename Visit>
void ForEachTask(const List& list, const generate::Group& group, Visit visit) {
  for (int project = group.first; project < group.first + group.projects; ++project) {
    const int tasks = list.TasksOf(project);
    for (int no = 1; no <= tasks; ++no) visit(list.TaskAt(project, no));
  }
}

generate::GroupTotals TotalsOf(const List& list) {
  generate::GroupTotals totals;
  for (const generate::Group& group : list.groups()) {
    totals.push_back(0);
    ForEachTask(list, group,
                [&](const Task& task) { totals.back() += task.amount_tenths.value_or(0); });
  }
  return totals;
}

class DistrictWriter {
 public:
  DistrictWriter(const List& list, const std::string& folder)
      : list_(list),
        program_(folder + "/program.json"),
        list_file_(folder + "/list.csv"),
        corrections_(folder + "/corrections.tsv"),
        plans_(folder + "/plans.csv"),
        reports_(folder + "/reports.csv"),
        actions_(folder + "/actions.csv"),
        reports_by_period_(static_cast<size_t>(generate::PeriodCount(list.options()))) {}

  absl::StatusOr<GeneratedSize> Write() {
    const generate::GroupTotals totals = TotalsOf(list_);
    WriteHeads(totals);
    for (size_t i = 0; i < list_.groups().size(); ++i) {
      generate::AppendGroup(list_.groups()[i], totals[i], &list_file_.text());
      ForEachTask(list_, list_.groups()[i], [&](const Task& task) { Add(task); });
    }
    timed_plans_.WriteTo(plans_);
    for (TimedLines& lines : reports_by_period_) lines.WriteTo(reports_);
    timed_actions_.WriteTo(actions_);
    size_.districts = 1;
    for (TextFile* file : {&program_, &list_file_, &corrections_, &plans_, &reports_, &actions_}) {
      RETURN_IF_ERROR(file->Close());
      size_.bytes += file->bytes();
    }
    return size_;
  }

 private:
  void WriteHeads(const generate::GroupTotals& totals) {
    generate::AppendProgram(list_, &program_.text());
    generate::AppendListHead(list_, totals, &list_file_.text());
    generate::AppendCorrectionsHead(&corrections_.text());
    generate::AppendPlansHead(&plans_.text());
    generate::AppendReportsHead(&reports_.text());
    generate::AppendActionsHead(&actions_.text());
  }

  void Add(const Task& task) {
    generate::AppendTask(list_, task, &list_file_.text());
    list_file_.FlushWhenLarge();
    generate::AppendCorrections(task, &corrections_.text());
    corrections_.FlushWhenLarge();
    AddYear(task);
    ++size_.tasks;
    size_.targets += static_cast<int64_t>(task.goals.size());
  }

  void AddYear(const Task& task) {
    const generate::Year year = generate::YearOf(list_, task);
    for (const generate::Plan& plan : year.plans) {
      generate::AppendPlan(task, plan, &timed_plans_.text());
      timed_plans_.At(plan.filed_at);
    }
    for (const generate::Report& report : year.reports) {
      TimedLines& lines = reports_by_period_[static_cast<size_t>(report.period)];
      generate::AppendReport(list_, task, report, &lines.text());
      lines.At(report.filed_at);
    }
    for (const generate::Action& action : year.actions) {
      generate::AppendAction(list_, task, action, &timed_actions_.text());
      timed_actions_.At(action.at);
    }
    size_.plans += static_cast<int64_t>(year.plans.size());
    size_.reports += static_cast<int64_t>(year.reports.size());
    size_.actions += static_cast<int64_t>(year.actions.size());
  }

  const List& list_;
  TextFile program_;
  TextFile list_file_;
  TextFile corrections_;
  TextFile plans_;
  TextFile reports_;
  TextFile actions_;
  TimedLines timed_plans_;
  TimedLines timed_actions_;
  std::vector<TimedLines> reports_by_period_;
  GeneratedSize size_;
};

}  // namespace

void GeneratedSize::Add(const GeneratedSize& other) {
  districts += other.districts;
  tasks += other.tasks;
  targets += other.targets;
  plans += other.plans;
  reports += other.reports;
  actions += other.actions;
  bytes += other.bytes;
}

std::string GeneratedFolderName(const List& list) {
  return absl::StrCat(list.district().code, "-", list.options().year);
}

absl::Status PrepareFolder(const std::string& out, bool force) {
  std::error_code error;
  if (fs::exists(out, error) && !fs::is_directory(out, error)) {
    return Failure("FILE_UNWRITABLE", absl::StrCat(out, " 是一个文件，不是文件夹"));
  }
  fs::create_directories(out, error);
  if (error) return Unwritable(out, error);
  const bool empty = fs::is_empty(out, error);
  if (error) return Unwritable(out, error);
  if (empty || force) return absl::OkStatus();
  return Failure(
      "FOLDER_NOT_EMPTY",
      absl::StrCat(out,
                   " 里已有内容，什么也没有写。请换一个空文件夹；要在这里增补、并重写其中"
                   "同名的区县，请加 --force"));
}

absl::StatusOr<GeneratedSize> WriteDistrict(const List& list, const std::string& out) {
  const std::string folder = absl::StrCat(out, "/", GeneratedFolderName(list));
  const std::string partial = folder + ".partial";
  std::error_code error;
  fs::remove_all(partial, error);
  fs::create_directory(partial, error);
  if (error) return Unwritable(partial, error);
  ASSIGN_OR_RETURN(const GeneratedSize size, DistrictWriter(list, partial).Write());
  fs::remove_all(folder, error);
  if (!error) fs::rename(partial, folder, error);
  if (error) return Unwritable(folder, error);
  return size;
}

}  // namespace minsheng::cli
