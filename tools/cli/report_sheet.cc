#include "tools/cli/report_sheet.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "services/platform/xlsx/workbook.h"
#include "services/registry/domain/text.h"
#include "tools/cli/errors.h"

namespace minsheng::cli {
namespace {

using progress::FormColumn;
using progress::FormField;
using progress::kFormColumns;
using progress::ReportKey;

using Columns = std::map<FormField, size_t>;

// The form's columns in its header row; empty when the row is none.
Columns HeaderColumns(const registry::GridRow& row) {
  Columns columns;
  for (size_t i = 0; i < row.cells.size(); ++i) {
    for (const FormColumn& column : kFormColumns) {
      if (registry::SameKey(row.cells[i], column.label)) columns.emplace(column.field, i);
    }
  }
  const bool form = columns.count(FormField::kKey) != 0 && columns.count(FormField::kMeasure) != 0;
  return form ? columns : Columns();
}

// `row` from 1, `column` from 0.
std::string CellAt(int row, size_t column) {
  return platform::xlsx::CellName(static_cast<uint32_t>(row - 1), static_cast<uint16_t>(column));
}

// A sheet of the workbook that is such a form.
struct Form {
  const registry::Grid* grid = nullptr;
  size_t first = 0;  // the row below the header
  Columns columns;
};

std::vector<Form> FormsOf(const registry::Document& document) {
  std::vector<Form> forms;
  for (const registry::Grid& grid : document.grids) {
    for (size_t i = 0; i < grid.rows.size(); ++i) {
      Columns columns = HeaderColumns(grid.rows[i]);
      if (columns.empty()) continue;
      forms.push_back({&grid, i + 1, std::move(columns)});
      break;
    }
  }
  return forms;
}

class Reader {
 public:
  Reader(bool several, CellErrors& errors) : several_(several), errors_(errors) {}

  void Read(const Form& form) {
    for (size_t i = form.first; i < form.grid->rows.size(); ++i) ReadRow(form, form.grid->rows[i]);
  }

  ReportSheet Take() {
    ReportSheet sheet;
    for (const std::string& task : order_) {
      const std::vector<FormRow>& rows = by_task_[task];
      const bool blank = std::all_of(rows.begin(), rows.end(),
                                     [](const FormRow& row) { return row.words.empty(); });
      if (blank) {
        sheet.blank_rows += static_cast<int>(rows.size());
      } else {
        sheet.rows.push_back(TaskReport(rows, errors_));
      }
    }
    return sheet;
  }

 private:
  void ReadRow(const Form& form, const registry::GridRow& grid_row) {
    FormRow row;
    row.row = grid_row.row;
    const auto words_at = [&](size_t i) {
      return i < grid_row.cells.size() ? grid_row.cells[i] : std::string();
    };
    for (const FormColumn& column : kFormColumns) {
      const auto at = form.columns.find(column.field);
      if (at == form.columns.end()) continue;
      row.places[column.field] = Place(form, grid_row.row, column, at->second);
      const std::string words = words_at(at->second);
      if (column.fill && !words.empty()) row.words[column.field] = words;
    }
    const std::string key = words_at(form.columns.at(FormField::kKey));
    if (key.empty() && row.words.empty()) return;
    if (!TakeKey(key, row)) return;
    if (by_task_.count(row.key.task) == 0) order_.push_back(row.key.task);
    by_task_[row.key.task].push_back(std::move(row));
  }

  // Notes a row that cannot be told to be any task's, or that is another form's.
  bool TakeKey(const std::string& words, FormRow& row) {
    const std::string& place = row.Place(FormField::kKey);
    const std::optional<ReportKey> key = progress::ParseKey(words);
    if (!key) {
      errors_.AddAt(place, words.empty()
                               ? "此行填了内容而没有识别码，不能认出是哪项任务；请填在"
                                 "下发的表的相应行中"
                               : "识别码被改动，不能认出是哪项任务；请填在重新生成的表中");
      return false;
    }
    if (!first_) first_ = key;
    if (key->program != first_->program || key->period != first_->period) {
      errors_.AddAt(place, absl::StrCat("此行属于", key->program, "的", key->period, "，与本表的",
                                        first_->program, "、", first_->period,
                                        "不同；请把不同清单、不同报送期的分开报送"));
      return false;
    }
    row.key = *key;
    return true;
  }

  std::string Place(const Form& form, int row, const FormColumn& column, size_t at) const {
    const std::string name =
        platform::xlsx::CellName(static_cast<uint32_t>(row - 1), static_cast<uint16_t>(at));
    return absl::StrCat(several_ ? absl::StrCat(form.grid->name, "!") : "", name, "（",
                        column.label, "）");
  }

  const bool several_;
  CellErrors& errors_;
  std::optional<ReportKey> first_;
  std::vector<std::string> order_;
  std::map<std::string, std::vector<FormRow>> by_task_;
};

// What could not be read as it stands, such as a formula without its result or a hidden row, would
// be taken for blank.
void TellWhatWasNotRead(const registry::Document& document, const Form& form, CellErrors& errors) {
  for (const registry::ReadingNote& note : document.notes) {
    const bool here = note.row > 0 && (note.grid.empty() || note.grid == form.grid->name);
    if (!here || note.severity != registry::ReadingNote::kWarning) continue;
    errors.AddAt(note.column > 0 ? CellAt(note.row, static_cast<size_t>(note.column) - 1)
                                 : absl::StrCat("第", note.row, "行"),
                 note.message);
  }
}

const std::string& Find(const std::map<FormField, std::string>& in, FormField field) {
  static const auto* const empty = new std::string;
  const auto it = in.find(field);
  return it == in.end() ? *empty : it->second;
}

}  // namespace

const std::string& FormRow::Words(FormField field) const { return Find(words, field); }
const std::string& FormRow::Place(FormField field) const { return Find(places, field); }

absl::StatusOr<ReportSheet> ReadReportSheet(const registry::Document& document,
                                            absl::string_view file, CellErrors& errors) {
  const std::vector<Form> forms = FormsOf(document);
  if (forms.empty()) {
    return Failure("NOT_A_REPORT_WORKBOOK",
                   absl::StrCat(file, " 中没有月报表：没有同时写着“识别码”和“累计完成”的表头"));
  }
  Reader reader(forms.size() > 1, errors);
  for (const Form& form : forms) {
    TellWhatWasNotRead(document, form, errors);
    reader.Read(form);
  }
  return reader.Take();
}

}  // namespace minsheng::cli
