// Writes an .xlsx of one or more sheets into memory: what the suite's tables need of libxlsxwriter,
// with styles as values and one error for a whole workbook.
//
// The same calls give the same bytes: the creation date is fixed. Rows and columns count from 0.
// Text is UTF-8. Not thread-safe; two workbooks may be written at the same time.
#ifndef MINSHENG_SERVICES_PLATFORM_XLSX_WORKBOOK_H_
#define MINSHENG_SERVICES_PLATFORM_XLSX_WORKBOOK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct lxw_format;
struct lxw_workbook;
struct lxw_worksheet;

namespace minsheng::platform::xlsx {

enum class Side { kLeft, kCenter, kRight };

// How a cell looks; `locked` counts once the sheet is protected.
struct Style {
  const char* font = "宋体";
  double points = 10.5;
  bool bold = false;
  Side side = Side::kLeft;
  bool border = true;
  bool locked = true;
  uint32_t fill = 0;     // 0xRRGGBB; 0: none
  uint32_t ink = 0;      // 0xRRGGBB
  bool as_text = false;  // what is typed stays as it is typed
  bool wrap = true;

  auto Key() const {
    return std::tuple(std::string(font), points, bold, side, border, locked, fill, ink, as_text,
                      wrap);
  }
};

// What a cell may hold, with a hint that shows when it is chosen and the words that refuse another
// value. The hint holds at most 255 characters, the titles 32; longer ones are cut.
struct Validation {
  enum Kind { kAny, kList, kDecimalFrom, kDecimalBetween };

  Kind kind = kAny;
  std::vector<std::string> choices = {};  // kList: at most 255 characters together
  double least = 0;
  double most = 0;
  std::string hint_title = {};
  std::string hint = {};
  std::string error_title = {};
  std::string error = {};
};

// A rectangle of cells, ends included.
struct Area {
  uint32_t first_row = 0;
  uint16_t first_column = 0;
  uint32_t last_row = 0;
  uint16_t last_column = 0;
};

class Workbook;

// One sheet. Lives as long as its workbook.
class Sheet {
 public:
  void Text(uint32_t row, uint16_t column, absl::string_view words, const Style& style);
  void Number(uint32_t row, uint16_t column, double number, const Style& style);
  // An area of more than one cell is merged, with the style on all of it.
  void Merge(const Area& area, absl::string_view words, const Style& style);
  void Validate(uint32_t row, uint16_t column, const Validation& validation);

  void ColumnWidth(uint16_t column, double characters);
  void RowHeight(uint32_t row, double points);
  // Rows above `row` and columns left of `column` stay in view.
  void Freeze(uint32_t row, uint16_t column);
  // Only cells with an unlocked style can be changed; no password.
  void Protect();
  // A4 landscape, as wide as the page, `area` alone, the given rows on every page, and the page's
  // number at its foot.
  void PrintSetup(const Area& area, uint32_t first_repeated_row, uint32_t last_repeated_row);

 private:
  friend class Workbook;
  Sheet(Workbook& book, lxw_worksheet* sheet) : book_(book), sheet_(sheet) {}

  Workbook& book_;
  lxw_worksheet* sheet_;
};

class Workbook {
 public:
  // Failures: RESOURCE_EXHAUSTED without memory.
  static absl::StatusOr<std::unique_ptr<Workbook>> Create(const std::string& title);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  // `name` has at most 31 characters and none of []:*?/\.
  Sheet& Add(const std::string& name);
  // The file's bytes; nothing may be called afterwards. INVALID_ARGUMENT TOO_LONG_FOR_SHEET when a
  // cell had more than 32,767 characters or the sheet more than 1,048,576 rows.
  absl::StatusOr<std::string> Finish();

 private:
  friend class Sheet;
  struct Formats;

  Workbook();
  lxw_format* FormatOf(const Style& style);
  void Note(int error);

  int fd_ = -1;
  lxw_workbook* book_ = nullptr;
  std::unique_ptr<Formats> formats_;
  std::vector<std::unique_ptr<Sheet>> sheets_;
  int error_ = 0;
};

// "F12" for row 11, column 5.
std::string CellName(uint32_t row, uint16_t column);

// How high a row must be, in points, to show the words wrapped in a column of `width` characters,
// Chinese ones counted as two. Spreadsheets do not agree on fitting rows by themselves.
double HeightFor(absl::string_view words, double width, double points = Style().points);

// The first `count` characters of UTF-8 text.
std::string FirstCharacters(absl::string_view text, size_t count);

}  // namespace minsheng::platform::xlsx

#endif  // MINSHENG_SERVICES_PLATFORM_XLSX_WORKBOOK_H_
