#include "services/registry/domain/rows.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/compile_script.h"
#include "services/registry/domain/contacts.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/numbering.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

using Cells = std::vector<std::string>;

constexpr std::size_t kMaxTitleChars = 40;
constexpr std::size_t kMaxContactCells = 4;
constexpr std::array<absl::string_view, 5> kTotals = {"合计", "总计", "共计", "总合计", "全区合计"};
constexpr std::array<absl::string_view, 8> kNotes = {
    "注:", "注:", "备注:", "说明:", "附注:", "注1:", "※", "*注"};
constexpr std::array<absl::string_view, 5> kMunicipal = {"市级", "省级", "上级", "国家", "中央"};
constexpr std::array<absl::string_view, 3> kDistrict = {"区级", "县级", "本级"};
constexpr std::array<absl::string_view, 8> kKinds = {"类",   "方面", "领域", "工程",
                                                     "行动", "实事", "项目", "事项"};

std::size_t CountFilled(const Cells& cells) {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](const auto& c) { return !c.empty(); }));
}

absl::string_view FirstFilled(const Cells& cells) {
  const auto found =
      std::find_if(cells.begin(), cells.end(), [](const auto& c) { return !c.empty(); });
  return found == cells.end() ? absl::string_view() : absl::string_view(*found);
}

bool IsAmountOrBlank(const std::string& cell) {
  std::string figure = cell;
  TakeMoneyUnit(figure);
  return IsAmount(figure, MoneyUnit::kWanYuan);
}

bool IsShortHeading(absl::string_view key) {
  return !key.empty() && CharCount(key) <= kMaxTitleChars && !absl::StrContains(key, "。");
}

// A merged heading: words first, then nothing but amounts.
bool IsMergedHeading(const Cells& cells) {
  return !cells[0].empty() && !ParseItemNo(cells[0]) && !TakeSubItem(cells[0]) &&
         std::all_of(cells.begin() + 1, cells.end(), IsAmountOrBlank);
}

Cells SpreadHeading(const Cells& cells, std::size_t width) {
  Cells spread = cells;
  spread.insert(spread.begin() + 1, width - cells.size(), "");
  return spread;
}

bool LacksMergedCells(const Header& header, const Cells& cells) {
  const int content = header.ColumnOf(Role::kContent);
  return content > 0 && TakeSubItem(cells[0]) &&
         cells.size() + static_cast<std::size_t>(content) == header.columns.size();
}

FittedRow FitText(const Header& header, const Cells& cells) {
  const std::size_t width = header.columns.size();
  if (IsMergedHeading(cells)) return {.fit = Fit::kFits, .cells = SpreadHeading(cells, width)};
  if (LacksMergedCells(header, cells)) {
    Cells padded(width - cells.size(), "");
    padded.insert(padded.end(), cells.begin(), cells.end());
    return {.fit = Fit::kFits, .cells = std::move(padded)};
  }
  const bool lone_blank = cells.size() == 1 && cells[0].empty();
  if (lone_blank) return {.fit = Fit::kFits, .cells = Cells(width)};
  return {.fit = Fit::kCut, .cells = cells};
}

FittedRow FitCsv(const Grid& grid, const Header& header, const Cells& cells) {
  const bool began = cells.size() > 1 || ParseItemNo(cells[0]).has_value();
  if (began && !grid.ends_with_newline) return {.fit = Fit::kCut, .cells = cells};
  Cells padded = cells;
  padded.resize(header.columns.size());
  return {.fit = Fit::kFits, .cells = std::move(padded), .padded = cells.size() > 1};
}

std::string* FieldOf(Role role, RowFields& fields) {
  switch (role) {
    case Role::kNo:
      return &fields.no;
    case Role::kGroup:
      return &fields.group;
    case Role::kName:
      return &fields.name;
    case Role::kContent:
      return &fields.content;
    case Role::kAmount:
      return &fields.amount;
    case Role::kLead:
      return &fields.leads;
    case Role::kAssist:
      return &fields.assists;
    default:
      return nullptr;
  }
}

bool StartsWorks(absl::string_view label) {
  return ContainsAny(label, {"开工", "启动", "动工"}) && !ContainsAny(label, {"竣工", "完工"});
}

void KeepAttribute(const std::string& label, const std::string& cell, RowFields& fields) {
  const std::string value = DropContacts(cell).text;
  if (value.empty()) return;
  std::string key = label;
  for (int i = 2; fields.attributes.count(key) > 0; ++i) key = absl::StrCat(label, "_", i);
  fields.attributes[key] = value;
}

// 一季度目标 → 一季度, 上半年工作计划 → 上半年; empty when the label sets no date.
absl::string_view PeriodIn(absl::string_view label) {
  for (const absl::string_view end : {"季度", "上半年", "下半年"}) {
    const std::size_t at = label.find(end);
    if (at != absl::string_view::npos) return label.substr(0, at + end.size());
  }
  const std::size_t month = label.find("月");
  const bool named = month != absl::string_view::npos && month > 0 &&
                     absl::ascii_isdigit(static_cast<unsigned char>(label[month - 1]));
  return named ? label.substr(0, month + absl::string_view("月").size()) : absl::string_view();
}

// The column may say when, or what, its words are about: 一季度目标, 开工时间.
void KeepSchedule(const std::string& label, const std::string& cell, RowFields& fields) {
  if (IsBlank(cell)) return;
  const absl::string_view period = PeriodIn(label);
  absl::StrAppend(&fields.schedule, fields.schedule.empty() ? "" : "\n",
                  StartsWorks(label) ? "开工：" : "", period, period.empty() ? "" : "：",
                  DropContacts(cell).text);
}

// The cell is a figure whose unit stands in a column of its own.
bool IsFigure(const std::string& cell) {
  std::string key = MatchKey(cell);
  absl::string_view figure = absl::StripSuffix(key, "%");
  return !figure.empty() && IsAmount(figure, MoneyUnit::kYiYuan) && !NonePlanned(figure);
}

// 95% of % is 95%.
std::string WithoutPercent(const std::string& figure, const std::string& measure) {
  return absl::EndsWith(MatchKey(figure), "%") && MatchKey(measure) == "%" ? "" : measure;
}

// 城镇登记失业率低于(%) → 城镇登记失业率低于
absl::string_view WithoutUnit(absl::string_view name) {
  for (const absl::string_view open : {"（", "("}) {
    const std::size_t at = name.rfind(open);
    if (at != absl::string_view::npos && at > 0) return name.substr(0, at);
  }
  return name;
}

void MoveSubItemFromName(const Header& header, RowFields& fields) {
  if (header.Has(Role::kContent) || !fields.no.empty() || !TakeSubItem(fields.name)) return;
  fields.content = std::exchange(fields.name, "");
}

}  // namespace

CleanRow DropContactsOf(const GridRow& row) {
  CleanRow clean{.row = row};
  for (auto& cell : clean.row.cells) {
    if (IsNumeric(cell)) continue;
    Redacted redacted = DropContacts(cell);
    clean.redacted = clean.redacted || redacted.dropped;
    cell = std::move(redacted.text);
  }
  const bool labelled =
      IsContactLabel(FirstFilled(row.cells)) && CountFilled(row.cells) <= kMaxContactCells;
  const bool emptied = clean.redacted && CountFilled(clean.row.cells) == 0;
  clean.contact = labelled || emptied || (row.prose && clean.redacted);
  return clean;
}

FittedRow FitRow(const Grid& grid, const Header& header, const GridRow& row) {
  Cells cells = row.cells;
  const std::size_t width = header.columns.size();
  while (cells.size() > width && cells.back().empty()) cells.pop_back();
  if (cells.size() > width) return {.fit = Fit::kTooLong, .cells = std::move(cells)};
  if (cells.size() == width) return {.fit = Fit::kFits, .cells = std::move(cells)};
  return grid.form == GridForm::kText ? FitText(header, cells) : FitCsv(grid, header, cells);
}

RowFields ReadFields(const Header& header, const Cells& cells) {
  RowFields fields;
  std::string measure;
  for (std::size_t i = 0; i < header.columns.size(); ++i) {
    const Column& column = header.columns[i];
    if (std::string* field = FieldOf(column.role, fields)) {
      *field = column.role == Role::kAmount ? cells[i] : DropContacts(cells[i]).text;
    } else if (column.role == Role::kKept || column.role == Role::kTime) {
      KeepAttribute(column.label, cells[i], fields);
    }
    if (column.role == Role::kMeasure) measure = cells[i];
    if (column.role == Role::kTime) KeepSchedule(column.label, cells[i], fields);
  }
  MoveSubItemFromName(header, fields);
  if (!measure.empty() && IsFigure(fields.content)) {
    fields.content = absl::StrCat(WithoutUnit(fields.name), fields.content,
                                  WithoutPercent(fields.content, measure));
  }
  return fields;
}

bool IsTotalLabel(absl::string_view words) {
  if (words.empty()) return false;
  const std::string key = compiler::Simplified(MatchKey(words));
  absl::string_view label = absl::string_view(key).substr(0, key.find('('));
  label = absl::StripSuffix(label, ":");
  return std::find(kTotals.begin(), kTotals.end(), label) != kTotals.end();
}

bool IsSubtotalLabel(absl::string_view words) {
  if (words.empty()) return false;
  const std::string key = MatchKey(words);
  return absl::StripSuffix(key, ":") == "小计";
}

bool IsNote(absl::string_view words) {
  const std::string key = MatchKey(words.substr(0, std::min(words.size(), kNoteBytes)));
  return std::any_of(kNotes.begin(), kNotes.end(),
                     [&](absl::string_view note) { return absl::StartsWith(key, note); });
}

bool IsGroupTitle(absl::string_view words) {
  const std::string key = MatchKey(words);
  if (!IsShortHeading(key)) return false;
  return HasHeadingNumber(key) || !GroupIdOf(key).empty() || FindCount(key);
}

bool NamesKind(absl::string_view words) {
  const std::string key = MatchKey(words);
  return IsShortHeading(key) &&
         std::any_of(kKinds.begin(), kKinds.end(),
                     [&](absl::string_view kind) { return absl::EndsWith(key, kind); });
}

std::string GroupIdOf(absl::string_view title) {
  const bool municipal = ContainsAny(title, kMunicipal);
  const bool district = ContainsAny(title, kDistrict);
  if (municipal == district) return "";
  return municipal ? "municipal" : "district";
}

}  // namespace minsheng::registry
