#include "services/platform/xlsx/workbook.h"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"

namespace minsheng::platform::xlsx {
namespace {

constexpr time_t kCreated = 946'684'800;  // 2000-01-01T00:00:00Z
constexpr uint8_t kPaperA4 = 9;
constexpr size_t kHintCharactersMax = 255;
constexpr size_t kTitleCharactersMax = 32;
constexpr double kMarginInches = 0.5;
constexpr size_t kPieceBytes = 1 << 16;
constexpr double kLineSpacing = 1.4;
constexpr double kRowPadding = 6;
constexpr double kRowHeightMax = 409;

uint8_t AlignOf(Side side) {
  switch (side) {
    case Side::kLeft:
      return LXW_ALIGN_LEFT;
    case Side::kCenter:
      return LXW_ALIGN_CENTER;
    case Side::kRight:
      return LXW_ALIGN_RIGHT;
  }
  return LXW_ALIGN_LEFT;
}

absl::StatusOr<std::string> BytesOf(int fd) {
  std::string bytes;
  std::string piece(kPieceBytes, '\0');
  off_t at = 0;
  while (true) {
    const ssize_t got = pread(fd, piece.data(), piece.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::ErrnoToStatus(errno, "reading the workbook back");
    if (got == 0) return bytes;
    bytes.append(piece, 0, static_cast<size_t>(got));
    at += got;
  }
}

std::vector<char*> PointersTo(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Spreadsheets read _x0041_ as A: words that look so are told to mean themselves.
std::string Escaped(absl::string_view words) {
  constexpr size_t kLength = 7;  // _xHHHH_
  std::string escaped;
  for (size_t at = 0; at < words.size(); ++at) {
    const absl::string_view code = words.substr(at, kLength);
    const bool coded =
        code.size() == kLength && code[0] == '_' && code[1] == 'x' && code[6] == '_' &&
        absl::c_all_of(code.substr(2, 4), [](unsigned char c) { return absl::ascii_isxdigit(c); });
    absl::StrAppend(&escaped, coded ? "_x005F" : "", words.substr(at, 1));
  }
  return escaped;
}

uint8_t KindOf(Validation::Kind kind) {
  switch (kind) {
    case Validation::kAny:
      return LXW_VALIDATION_TYPE_ANY;
    case Validation::kList:
      return LXW_VALIDATION_TYPE_LIST;
    case Validation::kDecimalFrom:
    case Validation::kDecimalBetween:
      return LXW_VALIDATION_TYPE_DECIMAL;
  }
  return LXW_VALIDATION_TYPE_ANY;
}

}  // namespace

struct Workbook::Formats {
  std::map<decltype(Style().Key()), lxw_format*> by_style;
};

void Sheet::Text(uint32_t row, uint16_t column, absl::string_view words, const Style& style) {
  lxw_format* format = book_.FormatOf(style);
  book_.Note(words.empty()
                 ? worksheet_write_blank(sheet_, row, column, format)
                 : worksheet_write_string(sheet_, row, column, Escaped(words).c_str(), format));
}

void Sheet::Number(uint32_t row, uint16_t column, double number, const Style& style) {
  book_.Note(worksheet_write_number(sheet_, row, column, number, book_.FormatOf(style)));
}

void Sheet::Merge(const Area& area, absl::string_view words, const Style& style) {
  if (area.first_row == area.last_row && area.first_column == area.last_column) {
    return Text(area.first_row, area.first_column, words, style);
  }
  book_.Note(worksheet_merge_range(sheet_, area.first_row, area.first_column, area.last_row,
                                   area.last_column, Escaped(words).c_str(),
                                   book_.FormatOf(style)));
}

void Sheet::Validate(uint32_t row, uint16_t column, const Validation& validation) {
  std::vector<std::string> choices = validation.choices;
  std::vector<char*> list = PointersTo(choices);
  std::string hint_title = FirstCharacters(validation.hint_title, kTitleCharactersMax);
  std::string hint = FirstCharacters(validation.hint, kHintCharactersMax);
  std::string error_title = FirstCharacters(validation.error_title, kTitleCharactersMax);
  std::string error = FirstCharacters(validation.error, kHintCharactersMax);
  const bool between = validation.kind == Validation::kDecimalBetween;
  lxw_data_validation rule = {};
  rule.validate = KindOf(validation.kind);
  rule.criteria =
      between ? LXW_VALIDATION_CRITERIA_BETWEEN : LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
  rule.value_number = rule.minimum_number = validation.least;
  rule.maximum_number = validation.most;
  if (validation.kind == Validation::kList) rule.value_list = list.data();
  rule.input_title = hint_title.data();
  rule.input_message = hint.data();
  rule.error_title = error_title.data();
  rule.error_message = error.data();
  book_.Note(worksheet_data_validation_cell(sheet_, row, column, &rule));
}

void Sheet::ColumnWidth(uint16_t column, double characters) {
  book_.Note(worksheet_set_column(sheet_, column, column, characters, nullptr));
}

void Sheet::RowHeight(uint32_t row, double points) {
  book_.Note(worksheet_set_row(sheet_, row, points, nullptr));
}

void Sheet::Freeze(uint32_t row, uint16_t column) { worksheet_freeze_panes(sheet_, row, column); }

void Sheet::Protect() {
  lxw_protection allowed = {};
  allowed.format_columns = allowed.format_rows = LXW_TRUE;
  worksheet_protect(sheet_, nullptr, &allowed);
}

void Sheet::PrintSetup(const Area& area, uint32_t first_repeated_row, uint32_t last_repeated_row) {
  worksheet_set_landscape(sheet_);
  worksheet_set_paper(sheet_, kPaperA4);
  worksheet_set_margins(sheet_, kMarginInches, kMarginInches, kMarginInches, 2 * kMarginInches);
  worksheet_center_horizontally(sheet_);
  worksheet_fit_to_pages(sheet_, 1, 0);
  book_.Note(worksheet_print_area(sheet_, area.first_row, area.first_column, area.last_row,
                                  area.last_column));
  book_.Note(worksheet_repeat_rows(sheet_, first_repeated_row, last_repeated_row));
  book_.Note(worksheet_set_footer(sheet_, "&C第 &P 页，共 &N 页"));
}

Workbook::Workbook() : formats_(std::make_unique<Formats>()) {}

absl::StatusOr<std::unique_ptr<Workbook>> Workbook::Create(const std::string& title) {
  std::unique_ptr<Workbook> book(new Workbook());
  book->fd_ = memfd_create("workbook", MFD_CLOEXEC);
  if (book->fd_ < 0) return absl::ErrnoToStatus(errno, "memory for a workbook");
  const std::string path = absl::StrCat("/proc/self/fd/", book->fd_);
  book->book_ = workbook_new(path.c_str());
  if (book->book_ == nullptr) return absl::ResourceExhaustedError("no memory for a workbook");
  std::string words = title;
  std::string maker = "Minsheng";
  lxw_doc_properties properties = {};
  properties.title = words.data();
  properties.author = maker.data();
  properties.created = kCreated;
  book->Note(workbook_set_properties(book->book_, &properties));
  return book;
}

Workbook::~Workbook() {
  if (book_ != nullptr) lxw_workbook_free(book_);
  if (fd_ >= 0) close(fd_);
}

Sheet& Workbook::Add(const std::string& name) {
  lxw_worksheet* sheet = workbook_add_worksheet(book_, name.c_str());
  sheets_.push_back(std::unique_ptr<Sheet>(new Sheet(*this, sheet)));
  return *sheets_.back();
}

absl::StatusOr<std::string> Workbook::Finish() {
  const int closed = workbook_close(std::exchange(book_, nullptr));
  if (error_ == 0 && closed == LXW_NO_ERROR) return BytesOf(fd_);
  const bool too_long = error_ == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ||
                        error_ == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE;
  if (too_long) {
    return Error(absl::StatusCode::kInvalidArgument, "TOO_LONG_FOR_SHEET",
                 "内容放不进电子表格：一格至多32767个字，一张表至多1048576行");
  }
  const auto error = static_cast<lxw_error>(error_ != 0 ? error_ : closed);
  return absl::InternalError(absl::StrCat("libxlsxwriter: ", lxw_strerror(error)));
}

lxw_format* Workbook::FormatOf(const Style& style) {
  lxw_format*& format = formats_->by_style[style.Key()];
  if (format != nullptr) return format;
  format = workbook_add_format(book_);
  format_set_font_name(format, style.font);
  format_set_font_size(format, style.points);
  format_set_align(format, AlignOf(style.side));
  format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
  if (style.wrap) format_set_text_wrap(format);
  if (style.bold) format_set_bold(format);
  if (style.border) format_set_border(format, LXW_BORDER_THIN);
  if (!style.locked) format_set_unlocked(format);
  if (style.fill != 0) format_set_bg_color(format, style.fill);
  if (style.ink != 0) format_set_font_color(format, style.ink);
  if (style.as_text) format_set_num_format(format, "@");
  return format;
}

void Workbook::Note(int error) {
  if (error_ == 0) error_ = error;
}

std::string CellName(uint32_t row, uint16_t column) {
  std::string letters;
  for (uint32_t rest = column + 1U; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return absl::StrCat(letters, row + 1);
}

double HeightFor(absl::string_view words, double width, double points) {
  const double columns = width * Style().points / points;
  int lines = 1;
  double used = 0;
  for (size_t at = 0; at < words.size();) {
    const std::string character = FirstCharacters(words.substr(at), 1);
    at += character.size();
    const double wide = character.size() > 2 ? 2 : 1;
    const bool full = used + wide > columns;
    if (full || character == "\n") ++lines;
    used = character == "\n" ? 0 : full ? wide : used + wide;
  }
  return std::min(kRowHeightMax, lines * points * kLineSpacing + kRowPadding);
}

std::string FirstCharacters(absl::string_view text, size_t count) {
  size_t at = 0;
  for (; at < text.size() && count > 0; --count) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return std::string(text.substr(0, at));
}

}  // namespace minsheng::platform::xlsx
