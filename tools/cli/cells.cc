#include "tools/cli/cells.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/cli/names.h"
#include "tools/cli/times.h"

namespace minsheng::cli {

absl::optional<std::string> ParsePercent(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  absl::ConsumeSuffix(&text, "%");
  if (text.empty() || text.find_first_not_of("0123456789.") != absl::string_view::npos) {
    return absl::nullopt;
  }
  double value = 0;  // a check only: the words go on as they are
  if (!absl::SimpleAtod(text, &value) || value > 100) return absl::nullopt;
  return std::string(text);
}

void Cells::Note(const char* column, const absl::Status& status) {
  if (!status.ok()) Note(column, status.message());
}

const std::string& Cells::Needed(const char* column) {
  const std::string& text = Text(column);
  if (text.empty()) Note(column, "不能为空");
  return text;
}

std::string Cells::Day(const char* column) {
  const std::string& text = Text(column);
  if (!text.empty()) Note(column, ParseDay(text).status());
  return text;
}

absl::optional<absl::Time> Cells::Instant(const char* column) {
  const std::string& text = Text(column);
  if (text.empty()) return absl::nullopt;
  const auto time = ParseInstant(text);
  Note(column, time.status());
  return time.ok() ? absl::make_optional(*time) : absl::nullopt;
}

int Cells::Number(const char* column) {
  const std::string& text = Text(column);
  int number = 0;
  if (!text.empty() && (!absl::SimpleAtoi(text, &number) || number < 0)) {
    Note(column, absl::StrCat("“", text, "”不是编号；请写 0、1、2……"));
  }
  return number;
}

bool Cells::YesNo(const char* column) {
  const std::string text = absl::AsciiStrToLower(Text(column));
  if (text == "1" || text == "true" || text == "yes" || text == "是") return true;
  if (!text.empty() && text != "0" && text != "false" && text != "no" && text != "否") {
    Note(column, absl::StrCat("“", text, "”请写成 是 或 否"));
  }
  return false;
}

std::string Cells::Percent(const char* column) {
  const std::string& text = Needed(column);
  if (text.empty()) return "";
  const auto percent = ParsePercent(text);
  if (!percent) Note(column, absl::StrCat("“", text, "”不是 0 到 100 的百分数"));
  return percent.value_or("");
}

std::string Cells::Task(const char* column) {
  const std::string& text = Needed(column);
  if (text.empty() || IsTaskName(text)) return text;
  Note(column, TaskNameIn("", text).status());
  return text;
}

}  // namespace minsheng::cli
