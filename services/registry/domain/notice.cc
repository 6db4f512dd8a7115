#include "services/registry/domain/notice.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/captions.h"
#include "services/registry/domain/checks.h"
#include "services/registry/domain/contacts.h"
#include "services/registry/domain/encoding.h"
#include "services/registry/domain/findings.h"
#include "services/registry/domain/grid.h"
#include "services/registry/domain/header.h"
#include "services/registry/domain/structure.h"

namespace minsheng::registry {
namespace {

Captions CaptionsAbove(const Grid& grid, const Header& header) {
  return ReadCaptions(absl::MakeConstSpan(grid.rows).first(header.first));
}

void ReportForm(const DecodedText& decoded, const Grid& grid, Findings& findings) {
  if (!decoded.converted_from.empty()) {
    findings.Info("ENCODING_CONVERTED", findings.Whole(),
                  absl::StrCat("文件编码为", decoded.converted_from, "，已转换为UTF-8"));
  }
  if (!grid.ends_with_newline && !grid.rows.empty() && !grid.rows.back().prose) {
    findings.Info("NO_FINAL_NEWLINE", findings.At(grid.rows.back().row, 0, ""),
                  "文件末尾没有换行，请确认最后一格完整");
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

absl::Status Check(const ProjectList& list, const Header& header, const Captions& captions,
                   std::optional<MoneyUnit> unit, Findings& findings) {
  if (list.unitless) {
    findings.Error("MONEY_UNIT_UNKNOWN", *list.unitless,
                   "没有找到金额单位，金额未读入；请在表上方写明“单位：万元”，或在导入时指定");
  }
  CheckNumbers(list, findings);
  CheckCounts(list, captions.title, captions.title_row, findings);
  CheckTasks(list, header, findings);
  if (list.unitless) return absl::OkStatus();
  return CheckTotals(list, unit.value_or(MoneyUnit::kYuan), findings);
}

}  // namespace

absl::StatusOr<Notice> ParseNotice(absl::string_view bytes, absl::string_view filename,
                                   const ParseOptions& options) {
  const auto decoded = DecodeText(bytes);
  if (!decoded.ok()) return decoded.status();
  const auto grid = ReadGrid(decoded->text);
  if (!grid.ok()) return grid.status();
  const auto header = FindHeader(*grid);
  if (!header.ok()) return header.status();

  const std::string place = DropContacts(filename).text;
  Findings findings(place);
  const Captions captions = CaptionsAbove(*grid, *header);
  Notice notice;
  notice.title = captions.title;
  notice.district_name = captions.district_name;
  ReportForm(*decoded, *grid, findings);
  ReportColumns(*grid, *header, findings);
  notice.year = SettleYear(*header, captions, options, findings);
  notice.money_unit = SettleUnit(*header, captions, options, findings);

  auto list = ListReader(*grid, *header, notice.money_unit, findings).Read();
  if (!list.ok()) return list.status();
  if (absl::Status checked = Check(*list, *header, captions, notice.money_unit, findings);
      !checked.ok()) {
    return checked;
  }
  notice.declared_fen = list->total.fen;
  notice.groups = std::move(list->groups);
  notice.projects = std::move(list->projects);
  notice.tally = list->tally;
  notice.diagnostics = findings.Take();
  return notice;
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
