#include "services/registry/domain/notice.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/captions.h"
#include "services/registry/domain/checks.h"
#include "services/registry/domain/compile_list.h"
#include "services/registry/domain/contacts.h"
#include "services/registry/domain/findings.h"
#include "services/registry/domain/grid.h"
#include "services/registry/domain/header.h"
#include "services/registry/domain/layouts.h"
#include "services/registry/domain/structure.h"

namespace minsheng::registry {
namespace {

Captions CaptionsAbove(const Grid& grid, const Header& header) {
  return ReadCaptions(absl::MakeConstSpan(grid.rows).first(header.first));
}

// A grid that holds a list: one of the document's, or one that was made of it. `layout` says then
// what it was made from, and is empty for a table.
struct ListGrid {
  std::shared_ptr<const Grid> grid;
  Header header;
  Captions captions;
  std::string layout;
};

// Of something that outlives it.
std::shared_ptr<const Grid> Borrowed(const Grid& grid) { return {std::shared_ptr<void>(), &grid}; }

void ReportEnd(const Grid& grid, Findings& findings) {
  if (grid.ends_with_newline || grid.rows.empty() || grid.rows.back().prose) return;
  findings.Info("NO_FINAL_NEWLINE", findings.At(grid.rows.back().row, 0, ""),
                "文件末尾没有换行，请确认最后一格完整");
}

void ReportForm(const ListGrid& list, Findings& findings) {
  if (!list.layout.empty()) {
    findings.Warn("NOT_A_TABLE", findings.Whole(), list.layout);
    return;
  }
  ReportEnd(*list.grid, findings);
  ReportColumns(*list.grid, list.header, findings);
}

void ReportReading(const Document& document, absl::string_view file, Findings& findings) {
  for (const ReadingNote& note : document.notes) {
    Place place = findings.At(note.row, note.column, note.words);
    place.table = note.grid.empty() ? std::string(file) : note.grid;
    if (note.severity == ReadingNote::kWarning) {
      findings.Warn(note.code, place, note.message);
    } else {
      findings.Info(note.code, place, note.message);
    }
  }
}

std::optional<MoneyUnit> ColumnUnit(const Header& header) {
  const int column = header.ColumnOf(Role::kAmount);
  return column < 0 ? std::nullopt : header.columns[static_cast<std::size_t>(column)].unit;
}

void ReportUnitConflict(const std::optional<MoneyUnit>& one, absl::string_view one_place,
                        const std::optional<MoneyUnit>& other, absl::string_view other_place,
                        Findings& findings) {
  if (!one || !other || one == other) return;
  findings.Error(
      "MONEY_UNIT_CONFLICT", findings.Whole(),
      absl::StrCat(one_place, "的金额单位是", MoneyUnitWord(*one), "，", other_place, "的是",
                   MoneyUnitWord(*other), "；本次按", MoneyUnitWord(*one), "读取，请确认"));
}

// The column's own unit, then the declared one, then the given one.
std::optional<MoneyUnit> SettleUnit(const Header& header, const Captions& captions,
                                    const ParseOptions& options, Findings& findings) {
  const auto column = ColumnUnit(header);
  const auto own = column ? column : captions.money_unit;
  ReportUnitConflict(column, "列名", captions.money_unit, "表上方", findings);
  ReportUnitConflict(own, "文件", options.money_unit, "导入时指定", findings);
  return own ? own : options.money_unit;
}

int SettleYear(const Header& header, const Captions& captions, const ParseOptions& options,
               Findings& findings) {
  const int in_title = FindYear(captions.title);
  const int in_header = FindYear(header.words);
  const int own = in_title != 0 ? in_title : in_header != 0 ? in_header : captions.year;
  if (own != 0 && options.year != 0 && own != options.year) {
    findings.Error("YEAR_CONFLICT", findings.Whole(),
                   absl::StrCat("文件写的是", own, "年，导入时指定的是", options.year, "年；本次按",
                                own, "年读取，请确认"));
  }
  const int year = own != 0 ? own : options.year;
  if (year == 0) {
    findings.Error("YEAR_UNKNOWN", findings.Whole(),
                   "没有找到年度，请在标题中写明，或在导入时指定");
  }
  return year;
}

void ReportUnitless(const ProjectList& list, Findings& findings) {
  if (!list.unitless) return;
  findings.Error("MONEY_UNIT_UNKNOWN", *list.unitless,
                 "没有找到金额单位，金额未读入；请在表上方写明“单位：万元”，或在导入时指定");
}

std::optional<ListGrid> AsList(std::shared_ptr<const Grid> grid, std::string layout) {
  auto header = FindHeader(*grid);
  if (!header.ok()) return std::nullopt;
  Captions captions = CaptionsAbove(*grid, *header);
  return ListGrid{std::move(grid), *std::move(header), std::move(captions), std::move(layout)};
}

// The grids that hold a list; other layouts only where no grid is a table.
absl::StatusOr<std::vector<ListGrid>> FindLists(const Document& document) {
  std::vector<ListGrid> lists;
  for (const Grid& grid : document.grids) {
    if (auto list = AsList(Borrowed(grid), "")) lists.push_back(*std::move(list));
  }
  if (!lists.empty()) return lists;
  for (const Grid& grid : document.grids) {
    auto made = Tabulate(grid);
    if (!made) continue;
    auto table = std::make_shared<const Grid>(std::move(made->grid));
    if (auto list = AsList(std::move(table), made->message)) lists.push_back(*std::move(list));
  }
  if (lists.empty()) return NoTable();
  return lists;
}

class NoticeReader {
 public:
  NoticeReader(const std::string& file, const ParseOptions& options)
      : file_(file), options_(options), findings_(file) {}

  absl::StatusOr<Notice> Read(const Document& document) {
    ReportReading(document, file_, findings_);
    const auto lists = FindLists(document);
    if (!lists.ok()) return lists.status();
    ReportSheetsLeftOut(document, *lists);
    ReadHead(lists->front());
    ListReader reader(lists->size() > 1, findings_);
    for (const ListGrid& list : *lists) {
      if (lists->size() > 1) findings_.SetTable(list.grid->name);
      ReportForm(list, findings_);
      if (absl::Status read = reader.Read(PartOf(list)); !read.ok()) return read;
    }
    list_ = reader.Take();
    findings_.SetTable(file_);
    return Finish(lists->front());
  }

 private:
  void ReportSheetsLeftOut(const Document& document, const std::vector<ListGrid>& lists) {
    for (const Grid& grid : document.grids) {
      const bool read = std::any_of(lists.begin(), lists.end(), [&](const ListGrid& list) {
        return list.grid->name == grid.name;
      });
      if (read || grid.rows.empty()) continue;
      findings_.Info("SHEET_LEFT_OUT", findings_.Whole(),
                     absl::StrCat("工作表“", grid.name, "”中没有清单的表头，未读入"));
    }
  }

  void ReadHead(const ListGrid& first) {
    notice_.title = first.captions.title;
    notice_.district_name = first.captions.district_name;
    notice_.year = SettleYear(first.header, first.captions, options_, findings_);
    notice_.money_unit = SettleUnit(first.header, first.captions, options_, findings_);
  }

  ListPart PartOf(const ListGrid& list) const {
    const auto own = list.captions.money_unit ? list.captions.money_unit : notice_.money_unit;
    const std::string& title = list.captions.title;
    return {list.grid.get(), list.header, own, title.empty() ? list.grid->name : title};
  }

  // An introduction may state the sum that no row has.
  void UseStatedSum(const ListGrid& first) {
    if (list_.total.fen || !first.captions.declared_fen) return;
    list_.total.fen = first.captions.declared_fen;
    list_.total.place = findings_.At(first.captions.declared_row, 0, "");
  }

  absl::Status Check(const ListGrid& first) {
    ReportUnitless(list_, findings_);
    UseStatedSum(first);
    CheckNumbers(list_, findings_);
    CheckCounts(list_, first.captions.title, first.captions.title_row, findings_);
    CheckTasks(list_, first.header, findings_);
    if (list_.unitless) return absl::OkStatus();
    return CheckTotals(list_, notice_.money_unit.value_or(MoneyUnit::kYuan), findings_);
  }

  absl::StatusOr<Notice> Finish(const ListGrid& first) {
    AssignCorrections(options_.corrections, list_, findings_);
    CorrectTasks(notice_.money_unit, list_, findings_);
    if (absl::Status checked = Check(first); !checked.ok()) return checked;
    CompileList(notice_.year, list_, findings_);
    notice_.declared_fen = list_.total.fen;
    notice_.groups = std::move(list_.groups);
    notice_.projects = std::move(list_.projects);
    notice_.tally = list_.tally;
    notice_.diagnostics = findings_.Take();
    return std::move(notice_);
  }

  const std::string file_;
  const ParseOptions& options_;
  Findings findings_;
  Notice notice_;
  ProjectList list_;
};

}  // namespace

absl::StatusOr<Notice> ParseNotice(const Document& document, absl::string_view filename,
                                   const ParseOptions& options) {
  return NoticeReader(DropContacts(filename).text, options).Read(document);
}

int YearOf(const Document& document, const ParseOptions& options) {
  Findings unsaid("");
  const auto lists = FindLists(document);
  if (!lists.ok()) return options.year;
  return SettleYear(lists->front().header, lists->front().captions, options, unsaid);
}

std::string ProjectId(absl::string_view group, int no) {
  return absl::StrCat(group, "-", absl::Dec(no, absl::kZeroPad2));
}

std::string ProjectId(const NoticeProject& project) { return ProjectId(project.group, project.no); }

std::string TaskId(absl::string_view group, int project_no, int task_no) {
  return absl::StrCat(ProjectId(group, project_no), "/", task_no);
}

std::string TaskId(const NoticeProject& project, const NoticeTask& task) {
  return TaskId(project.group, project.no, task.no);
}

bool HasErrors(const Notice& notice) {
  return std::any_of(notice.diagnostics.begin(), notice.diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

}  // namespace minsheng::registry
