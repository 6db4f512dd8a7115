#include "services/registry/domain/layout_items.h"

#include <algorithm>
#include <array>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/inline_units.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNameChars = 30;
constexpr std::size_t kBlankNameChars = 20;
constexpr std::size_t kLongestName = 60;
constexpr std::size_t kMostKept = 40;
constexpr std::array<absl::string_view, 3> kNameEnds = {"。", "：", ":"};
constexpr std::array<absl::string_view, 8> kClauseEnds = {"，", "。", "；", ";",
                                                          "：", ",",  "\n", "！"};

// Where the first of the signs stands outside brackets, npos when none does.
template <typename Is>
std::size_t FindOutside(absl::string_view words, const Is& is) {
  int depth = 0;
  for (std::size_t at = 0; at < words.size();) {
    const absl::string_view c = words.substr(at, FirstCharLength(words.substr(at)));
    if (c == "（" || c == "(" || c == "“" || c == "《") ++depth;
    if (c == "）" || c == ")" || c == "”" || c == "》") depth = std::max(0, depth - 1);
    if (depth == 0 && is(c)) return at;
    at += c.size();
  }
  return absl::string_view::npos;
}

template <std::size_t N>
auto IsAnyOf(const std::array<absl::string_view, N>& signs) {
  return [&signs](absl::string_view c) {
    return std::find(signs.begin(), signs.end(), c) != signs.end();
  };
}

std::string JoinLines(absl::string_view words, absl::string_view more) {
  words = Trim(words);
  return absl::StrCat(words, words.empty() || more.empty() ? "" : "\n", more);
}

bool MayBeName(absl::string_view words, std::size_t longest) {
  const std::size_t count = CharCount(words.substr(0, longest * 4 + 1));
  return count >= 2 && count <= longest && !HasFigure(words);
}

std::optional<NamedWords> NameInBrackets(absl::string_view words, absl::string_view more) {
  constexpr absl::string_view kClose = "】";
  if (!absl::ConsumePrefix(&words, "【")) return std::nullopt;
  const std::size_t at = words.find(kClose);
  if (at == absl::string_view::npos || !MayBeName(words.substr(0, at), kNameChars)) {
    return std::nullopt;
  }
  return NamedWords{std::string(Trim(words.substr(0, at))),
                    JoinLines(words.substr(at + kClose.size()), more)};
}

// `own` are the words without their units, which stand at their start.
std::optional<NamedWords> NameBefore(absl::string_view words, absl::string_view own, std::size_t at,
                                     std::size_t longest, absl::string_view more) {
  if (at == absl::string_view::npos || !MayBeName(own.substr(0, at), longest)) return std::nullopt;
  const absl::string_view name = own.substr(0, at);
  if (!absl::StartsWith(words, name)) return std::nullopt;
  absl::string_view rest = words.substr(at);
  for (const absl::string_view end : kNameEnds) absl::ConsumePrefix(&rest, end);
  if (IsBlank(rest) && more.empty()) return std::nullopt;
  return NamedWords{std::string(Trim(name)), JoinLines(rest, more)};
}

std::optional<NamedWords> NameBeforeBlank(absl::string_view words, absl::string_view own,
                                          absl::string_view more) {
  const std::size_t at = FindOutside(own, [](absl::string_view c) { return IsBlank(c); });
  const std::size_t clause = FindOutside(own, IsAnyOf(kClauseEnds));
  if (at == absl::string_view::npos || at > clause) return std::nullopt;
  if (CharCount(own.substr(0, std::min<std::size_t>(at, 100))) < 4) return std::nullopt;
  return NameBefore(words, own, at, kBlankNameChars, more);
}

std::string FirstClause(absl::string_view own) {
  const absl::string_view clause = Trim(own.substr(0, FindOutside(own, IsAnyOf(kClauseEnds))));
  return Abbreviate(clause.empty() ? own : clause, kLongestName);
}

std::string* FieldOf(Role role, ListItem& item) {
  switch (role) {
    case Role::kContent:
      return &item.content;
    case Role::kAmount:
      return &item.amount;
    case Role::kLead:
      return &item.leads;
    case Role::kAssist:
      return &item.assists;
    default:
      return nullptr;
  }
}

// A label that has one of the made table's own meanings would contest it.
std::string KeptLabel(const std::string& label) {
  const Role role = KnownMeaningOf(label).role;
  const bool own = role == Role::kUnknown || role == Role::kTime || role == Role::kKept ||
                   role == Role::kPeople || role == Role::kGroup;
  return own ? label : absl::StrCat("另列", label);
}

std::vector<std::string> KeptLabels(const std::vector<ListItem>& items) {
  std::vector<std::string> labels;
  for (const ListItem& item : items) {
    for (const auto& [label, words] : item.kept) {
      const bool known = std::find(labels.begin(), labels.end(), label) != labels.end();
      if (!known && labels.size() < kMostKept) labels.push_back(label);
    }
  }
  return labels;
}

bool AnyHas(const std::vector<ListItem>& items, std::string ListItem::*field) {
  return std::any_of(items.begin(), items.end(),
                     [&](const ListItem& item) { return !(item.*field).empty(); });
}

struct ItemColumn {
  absl::string_view label;
  std::string ListItem::*field;
};

constexpr std::array<ItemColumn, 3> kFixed = {
    {{"序号", &ListItem::no}, {"项目名称", &ListItem::name}, {"工作内容", &ListItem::content}}};
constexpr std::array<ItemColumn, 3> kOptional = {{{"总投资", &ListItem::amount},
                                                  {"牵头单位", &ListItem::leads},
                                                  {"配合单位", &ListItem::assists}}};

// What finds no column goes to the contents.
std::vector<std::string> CellsOf(ListItem item, const std::vector<ItemColumn>& columns,
                                 const std::vector<std::string>& labels) {
  std::vector<std::string> kept(labels.size());
  for (const auto& [label, words] : item.kept) {
    const auto at = std::find(labels.begin(), labels.end(), label);
    std::string& cell =
        at == labels.end() ? item.content : kept[static_cast<std::size_t>(at - labels.begin())];
    cell = JoinLines(cell, at == labels.end() ? absl::StrCat(label, "：", words) : words);
  }
  std::vector<std::string> cells;
  for (const ItemColumn& column : columns) cells.push_back(item.*column.field);
  std::move(kept.begin(), kept.end(), std::back_inserter(cells));
  return cells;
}

}  // namespace

void ListItem::Put(const Labelled& part) {
  if (part.meaning.role == Role::kName && (name.empty() || content.empty())) {
    (name.empty() ? name : content) = part.words;
    return;
  }
  std::string* field = FieldOf(part.meaning.role, *this);
  if (field == nullptr || !field->empty()) {
    Keep(part.label, part.words);
  } else {
    *field = part.words;
  }
}

void ListItem::Keep(const std::string& label, const std::string& words) {
  if (!words.empty()) kept.emplace_back(KeptLabel(label), words);
}

TableMaker ItemTable::Take() const {
  std::vector<ItemColumn> columns(kFixed.begin(), kFixed.end());
  for (const ItemColumn& column : kOptional) {
    if (AnyHas(items_, column.field)) columns.push_back(column);
  }
  const std::vector<std::string> labels = KeptLabels(items_);
  std::vector<std::string> header;
  for (const ItemColumn& column : columns) header.emplace_back(column.label);
  header.insert(header.end(), labels.begin(), labels.end());
  TableMaker table(std::move(header));
  for (const ListItem& item : items_) table.Row(item.row, CellsOf(item, columns, labels));
  return table;
}

NamedWords NameItem(absl::string_view words, absl::string_view more) {
  words = Trim(words);
  const std::string own = TakeInlineUnits(words).rest;
  if (auto named = NameInBrackets(words, more)) return *std::move(named);
  const std::size_t end = FindOutside(own, IsAnyOf(kNameEnds));
  if (auto named = NameBefore(words, own, end, kNameChars, more)) return *std::move(named);
  if (auto named = NameBeforeBlank(words, own, more)) return *std::move(named);
  const bool heading = !more.empty() && MayBeName(words, kNameChars) &&
                       FindOutside(words, IsAnyOf(kClauseEnds)) == absl::string_view::npos;
  if (heading) return {std::string(words), std::string(more)};
  std::string name = own.empty() ? Abbreviate(words, kLongestName) : FirstClause(own);
  const bool whole = name == words && more.empty();
  return {std::move(name), whole ? "" : JoinLines(words, more)};
}

}  // namespace minsheng::registry
