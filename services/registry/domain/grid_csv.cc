#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/grid.h"
#include "services/registry/domain/labels.h"
#include "services/registry/domain/notice.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<char, 3> kDelimiters = {',', ';', '\t'};
constexpr int kDetectLines = 200;

class CsvReader {
 public:
  CsvReader(absl::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  absl::StatusOr<Grid> Read() {
    while (at_ < text_.size()) {
      if (absl::Status status = ReadRecord(); !status.ok()) return status;
    }
    grid_.form = GridForm::kCsv;
    return std::move(grid_);
  }

 private:
  absl::Status ReadRecord() {
    GridRow row{.row = ++record_, .cells = {}};
    row.cells.reserve(width_);
    bool more = true;
    while (more) {
      if (at_ < text_.size() && text_[at_] == '"') {
        std::string cell;
        if (!ReadQuotedCell(cell)) return UnclosedQuote();
        row.cells.emplace_back(Trim(cell));
      } else {
        row.cells.emplace_back(Trim(ReadPlain()));
      }
      more = at_ < text_.size() && text_[at_] == delimiter_;
      if (at_ < text_.size()) ++at_;
    }
    width_ = row.cells.size();
    const bool empty_line = row.cells.size() == 1 && row.cells[0].empty();
    if (!empty_line) grid_.rows.push_back(std::move(row));
    return CheckRowCount();
  }

  // What stands between a closing quote and the delimiter is kept, as spreadsheets do.
  bool ReadQuotedCell(std::string& cell) {
    ++at_;
    if (!ReadQuoted(cell)) return false;
    absl::StrAppend(&cell, ReadPlain());
    return true;
  }

  absl::string_view ReadPlain() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n') ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool ReadQuoted(std::string& cell) {
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      const bool doubled = c == '"' && at_ < text_.size() && text_[at_] == '"';
      if (c == '"' && !doubled) return true;
      if (doubled) ++at_;
      cell.push_back(c);
    }
    return false;
  }

  absl::Status UnclosedQuote() const {
    return Refuse("TRUNCATED",
                  absl::StrCat("第", record_, "行有一个引号没有闭合，文件在这一行断开或引号缺失。",
                               "请重新导出CSV，或补上引号"));
  }

  absl::Status CheckRowCount() const {
    if (grid_.rows.size() <= kMaxNoticeRows) return absl::OkStatus();
    return Refuse("TOO_MANY_ROWS",
                  absl::StrCat("表格超过", kMaxNoticeRows, "行，请只保留清单本身"));
  }

  absl::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  int record_ = 0;
  std::size_t width_ = 0;  // of the row before
  Grid grid_;
};

int KnownLabels(absl::string_view line, char delimiter) {
  int known = 0;
  for (const absl::string_view cell : absl::StrSplit(line, delimiter)) {
    if (IsKnownLabel(absl::StripSuffix(absl::StripPrefix(Trim(cell), "\""), "\""))) ++known;
  }
  return known;
}

int BestLine(absl::string_view text, char delimiter) {
  int best = 0;
  int lines = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (++lines > kDetectLines) break;
    best = std::max(best, KnownLabels(line, delimiter));
  }
  return best;
}

}  // namespace

char DetectDelimiter(absl::string_view text) {
  char chosen = kDelimiters[0];
  int most = 0;
  for (const char delimiter : kDelimiters) {
    const int known = BestLine(text, delimiter);
    if (known > most) chosen = delimiter;
    most = std::max(most, known);
  }
  return chosen;
}

absl::StatusOr<Grid> ReadCsvGrid(absl::string_view text, char delimiter) {
  return CsvReader(text, delimiter).Read();
}

}  // namespace minsheng::registry
