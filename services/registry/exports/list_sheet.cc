#include "services/registry/exports/list_sheet.h"

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/xlsx/workbook.h"

namespace minsheng::registry {
namespace {

using platform::xlsx::Area;
using platform::xlsx::HeightFor;
using platform::xlsx::Sheet;
using platform::xlsx::Side;
using platform::xlsx::Style;
using platform::xlsx::Workbook;

constexpr std::ptrdiff_t kExactDigits = 15;
constexpr double kLineHeight = 18;
constexpr double kTitleHeight = 36;
constexpr double kHeadHeight = 24;

const Style kReference{.border = false};
const Style kTitle{.font = "方正小标宋_GBK", .points = 18, .side = Side::kCenter, .border = false};
const Style kMoneyLine{.side = Side::kRight, .border = false};
const Style kHead{.font = "黑体", .side = Side::kCenter};
const Style kHeading{.font = "黑体", .side = Side::kCenter};

double WidthOf(ListColumn::Kind kind) {
  switch (kind) {
    case ListColumn::kNo:
      return 5;
    case ListColumn::kGroup:
      return 12;
    case ListColumn::kName:
      return 18;
    case ListColumn::kContent:
      return 50;
    case ListColumn::kAmount:
      return 10;
    case ListColumn::kLead:
      return 18;
    case ListColumn::kAssist:
      return 26;
    case ListColumn::kExtra:
      break;
  }
  return 14;
}

Style CellStyle(ListColumn::Kind kind) {
  switch (kind) {
    case ListColumn::kNo:
    case ListColumn::kGroup:
    case ListColumn::kAmount:
    case ListColumn::kLead:
      return {.side = Side::kCenter};
    default:
      return {};
  }
}

bool IsOfProject(ListColumn::Kind kind) {
  return kind == ListColumn::kNo || kind == ListColumn::kGroup || kind == ListColumn::kName;
}

bool IsExactNumber(const std::string& amount) {
  const auto digits = std::count_if(amount.begin(), amount.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  return digits <= kExactDigits && !amount.empty() &&
         amount.find_first_not_of("0123456789.") == std::string::npos;
}

class Writer {
 public:
  Writer(const ListLayout& layout, Sheet& sheet)
      : layout_(layout), sheet_(sheet), last_(static_cast<uint16_t>(layout.columns.size() - 1)) {}

  void Write() {
    for (uint16_t i = 0; i <= last_; ++i) {
      sheet_.ColumnWidth(i, WidthOf(layout_.columns[i].kind));
    }
    Line(layout_.reference, kReference, kLineHeight);
    Line(layout_.title, kTitle, kTitleHeight);
    Line(layout_.money_line, kMoneyLine, kLineHeight);
    Header();
    const std::vector<double> heights = Heights();
    for (size_t i = 0; i < layout_.rows.size(); ++i) {
      sheet_.RowHeight(row_, heights[i]);
      Row(layout_.rows[i]);
    }
    sheet_.Freeze(below_header_, 0);
    sheet_.PrintSetup({0, 0, row_ - 1, last_}, below_header_ - 2, below_header_ - 1);
  }

 private:
  void Line(const std::string& words, const Style& style, double height) {
    if (words.empty()) return;
    sheet_.Merge({row_, 0, row_, last_}, words, style);
    sheet_.RowHeight(row_++, height);
  }

  void Header() {
    for (uint16_t i = 0; i <= last_; ++i) {
      const ListColumn& column = layout_.columns[i];
      if (!column.under_head()) {
        sheet_.Merge({row_, i, row_ + 1, i}, column.label, kHead);
        continue;
      }
      sheet_.Text(row_ + 1, i, column.label, kHead);
      if (column.kind != ListColumn::kContent) continue;
      sheet_.Merge({row_, i, row_, static_cast<uint16_t>(i + 1)}, layout_.head, kHead);
    }
    sheet_.RowHeight(row_, kHeadHeight);
    sheet_.RowHeight(row_ + 1, kHeadHeight);
    row_ += 2;
    below_header_ = row_;
  }

  void Row(const ListRow& row) {
    if (row.kind != ListRow::kTask) {
      Heading(row);
    } else {
      for (uint16_t i = 0; i <= last_; ++i) Cell(row, i);
    }
    ++row_;
  }

  // The words over all columns before the amount.
  void Heading(const ListRow& row) {
    uint16_t amount = 0;
    while (layout_.columns[amount].kind != ListColumn::kAmount) ++amount;
    sheet_.Merge({row_, 0, row_, static_cast<uint16_t>(amount - 1)}, row.cells[0], kHeading);
    Amount(amount, row.cells[amount], kHeading);
    for (uint16_t i = amount + 1; i <= last_; ++i) sheet_.Text(row_, i, "", kHeading);
  }

  // As high as the cells need; a merged name is shared by its rows.
  std::vector<double> Heights() const {
    std::vector<double> heights;
    for (const ListRow& row : layout_.rows) {
      double height = kHeadHeight;
      for (uint16_t i = 0; row.kind == ListRow::kTask && i <= last_; ++i) {
        const ListColumn::Kind kind = layout_.columns[i].kind;
        const double shared = IsOfProject(kind) && row.span > 1 ? row.span : 1;
        height = std::max(height, HeightFor(row.cells[i], WidthOf(kind)) / shared);
      }
      heights.push_back(height);
    }
    return heights;
  }

  void Cell(const ListRow& row, uint16_t i) {
    const ListColumn::Kind kind = layout_.columns[i].kind;
    if (IsOfProject(kind) && row.span == 0) return;
    if (IsOfProject(kind) && row.span > 1) {
      const Area area{row_, i, row_ + static_cast<uint32_t>(row.span) - 1, i};
      return sheet_.Merge(area, row.cells[i], CellStyle(kind));
    }
    if (kind == ListColumn::kAmount || kind == ListColumn::kNo) {
      return Amount(i, row.cells[i], CellStyle(kind));
    }
    sheet_.Text(row_, i, row.cells[i], CellStyle(kind));
  }

  void Amount(uint16_t i, const std::string& words, const Style& style) {
    double number = 0;
    if (IsExactNumber(words) && absl::SimpleAtod(words, &number)) {
      sheet_.Number(row_, i, number, style);
    } else {
      sheet_.Text(row_, i, words, style);
    }
  }

  const ListLayout& layout_;
  Sheet& sheet_;
  const uint16_t last_;
  uint32_t row_ = 0;
  uint32_t below_header_ = 0;
};

}  // namespace

absl::StatusOr<std::string> ListSheet(const StoredList& list) {
  const ListLayout layout = LayOut(list);
  ASSIGN_OR_RETURN(const std::unique_ptr<Workbook> book, Workbook::Create(layout.title));
  Writer(layout, book->Add("清单")).Write();
  return book->Finish();
}

}  // namespace minsheng::registry
