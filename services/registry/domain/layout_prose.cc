#include "services/registry/domain/layout_prose.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/inline_units.h"
#include "services/registry/domain/layout_aside.h"
#include "services/registry/domain/layout_items.h"
#include "services/registry/domain/layout_labels.h"
#include "services/registry/domain/layout_levels.h"
#include "services/registry/domain/layout_lines.h"
#include "services/registry/domain/layout_outline.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kItemBytesMax = 16U << 10U;
constexpr absl::string_view kOwnWords = "说明";

std::string SubMark(int no) { return absl::StrCat("（", no, "）"); }

// Reads an outline into items. Not thread-safe; one use.
class ProseReader {
 public:
  explicit ProseReader(const Outline& outline) : outline_(outline), level_(ProjectLevel(outline)) {}

  void Read() {
    for (std::size_t i = 0; i < outline_.nodes.size();) {
      const bool group = outline_.nodes[i].depth < level_ && !outline_.IsLeaf(i);
      i = group ? ReadGroup(i) : ReadProject(i);
    }
  }

  const std::vector<ProseItem>& projects() const { return projects_; }
  const std::vector<Line>& beside() const { return beside_; }
  TableMaker Take() const { return table_.Take(); }
  int groups() const { return groups_; }
  bool renumbered() const { return renumbered_; }
  bool too_long() const { return too_long_; }

 private:
  // A group within a group bears both names.
  std::size_t ReadGroup(std::size_t at) {
    const OutlineNode& node = outline_.nodes[at];
    path_.resize(node.depth);
    path_.push_back(TitleOf(node.words));
    std::move(AsLines(node).begin(), AsLines(node).end(), std::back_inserter(beside_));
    next_no_ = 0;
    const bool nested = node.depth + 1 < level_ && !outline_.IsLeaf(at + 1);
    if (nested) return at + 1;
    ListItem item{.row = node.row};
    item.no = ChineseNumeral(node.depth == 0 && node.no > 0 ? node.no : groups_ + 1);
    for (const auto& title : path_)
      absl::StrAppend(&item.name, item.name.empty() ? "" : "：", title);
    ++groups_;
    table_.Add(std::move(item));
    return at + 1;
  }

  static std::string TitleOf(absl::string_view words) {
    for (const absl::string_view end : {"。", "：", ":"}) {
      if (absl::EndsWith(words, end)) words.remove_suffix(end.size());
    }
    return std::string(words);
  }

  static const std::vector<Line>& AsLines(const OutlineNode& node) { return node.body; }

  std::size_t ReadProject(std::size_t at) {
    const std::size_t end = outline_.EndOf(at);
    const OutlineNode& node = outline_.nodes[at];
    ListItem item{.row = node.row};
    renumbered_ = renumbered_ || node.no == 0;
    next_no_ = node.no > 0 ? node.no : next_no_ + 1;
    item.no = absl::StrCat(next_no_);
    projects_.push_back(ReadProse(node, item));
    if (end == at + 1) {
      AddItem(std::move(item));
    } else {
      AddWithSubs(at, end, std::move(item));
    }
    return end;
  }

  // Sub-items are rows of their own, unless the project's own words already say how much and the
  // sub-items only go on with them.
  void AddWithSubs(std::size_t at, std::size_t end, ListItem item) {
    std::vector<ListItem> subs = ReadSubs(at, end);
    if (HasFigure(item.content) && !AnyHasUnits(subs)) {
      for (const ListItem& sub : subs) absl::StrAppend(&item.content, "\n", sub.content);
      AddItem(std::move(item));
      return;
    }
    const InlineUnits own = TakeInlineUnits(item.content);
    if (item.leads.empty()) item.leads = own.leads;
    if (item.assists.empty()) item.assists = own.assists;
    if (own.rest != item.name) item.Keep(std::string(kOwnWords), own.rest);
    item.content.clear();
    AddItem(std::move(item));
    for (ListItem& sub : subs) AddItem(std::move(sub));
  }

  static bool AnyHasUnits(const std::vector<ListItem>& items) {
    return std::any_of(items.begin(), items.end(), [](const ListItem& item) {
      return !item.leads.empty() || !item.amount.empty() || !item.assists.empty() ||
             !item.kept.empty() || TakeInlineUnits(item.content).found();
    });
  }

  std::vector<ListItem> ReadSubs(std::size_t at, std::size_t end) const {
    std::vector<ListItem> subs;
    int no = 0;
    for (std::size_t i = at + 1; i < end;) {
      const OutlineNode& node = outline_.nodes[i];
      const std::size_t below = outline_.EndOf(i);
      no = node.no > 0 ? node.no : no + 1;
      subs.push_back(ReadSub(i, below, no));
      i = below;
    }
    return subs;
  }

  ListItem ReadSub(std::size_t at, std::size_t end, int no) const {
    ListItem item{.row = outline_.nodes[at].row};
    const ProseItem prose = ReadProse(outline_.nodes[at], item);
    item.name.clear();
    item.content =
        absl::StrCat(SubMark(no), prose.words, prose.words.empty() ? "" : "\n", prose.labelled);
    if (prose.labelled.empty()) item.content = absl::StrCat(SubMark(no), prose.words);
    for (std::size_t i = at + 1; i < end; ++i) {
      const OutlineNode& deeper = outline_.nodes[i];
      absl::StrAppend(&item.content, "\n", deeper.mark, deeper.words);
      for (const Line& line : deeper.body) absl::StrAppend(&item.content, "\n", line.words);
    }
    return item;
  }

  void AddItem(ListItem item) {
    too_long_ = too_long_ || item.content.size() + item.name.size() > kItemBytesMax;
    table_.Add(std::move(item));
  }

  const Outline& outline_;
  const std::size_t level_;
  ItemTable table_;
  std::vector<ProseItem> projects_;
  std::vector<Line> beside_;
  std::vector<std::string> path_;
  int groups_ = 0;
  int next_no_ = 0;
  bool renumbered_ = false;
  bool too_long_ = false;
};

struct Reading {
  std::size_t items = 0;
  Tabulated made;
};

std::string MessageOf(const Outline& outline, const ProseReader& reader) {
  const bool blocks = std::any_of(reader.projects().begin(), reader.projects().end(),
                                  [](const ProseItem& item) { return item.labels > 0; });
  std::string message = absl::StrCat("文件中没有表格，是一段段文字；",
                                     blocks ? "按每项之下写明的栏目" : "按文字中的编号或分号",
                                     "逐项读取，共", reader.projects().size(), "项");
  if (reader.groups() > 0) absl::StrAppend(&message, "，上级标题", reader.groups(), "个作为分组");
  if (outline.headings_unmarked) absl::StrAppend(&message, "（标题没有编号，按单独成行认定）");
  if (reader.renumbered()) absl::StrAppend(&message, "；有的项目没有编号，按先后顺序编号");
  absl::StrAppend(&message, "；项目名称取自各项开头的文字，名称、内容和单位请逐项核对");
  if (!outline.beside.empty()) {
    absl::StrAppend(&message, "；另有", outline.beside.size(), "行不像项目，未作为项目读入");
  }
  return message;
}

bool HasLongLine(const Outline& outline) {
  const auto is_long = [](const auto& line) { return line.words.size() > kItemBytesMax; };
  return std::any_of(outline.nodes.begin(), outline.nodes.end(), [&](const OutlineNode& node) {
    return is_long(node) || std::any_of(node.body.begin(), node.body.end(), is_long);
  });
}

std::optional<Reading> ReadList(absl::Span<const Line> lines, const std::string& name) {
  const Outline outline = ReadOutline(lines);
  if (outline.nodes.empty() || outline.table_within || HasLongLine(outline)) return std::nullopt;
  ProseReader reader(outline);
  reader.Read();
  if (reader.too_long() || !IsList(outline, reader.projects())) return std::nullopt;
  TableMaker table = reader.Take();
  for (const Line& line : outline.above) table.Caption(line);
  for (const auto* lines_beside : {&reader.beside(), &outline.beside, &outline.tables}) {
    for (const Line& line : *lines_beside) table.Aside(line);
  }
  auto made = table.Take(name, MessageOf(outline, reader));
  if (!made) return std::nullopt;
  return Reading{reader.projects().size(), *std::move(made)};
}

// 附件, 附件1, 附件二：: a line of its own above an annex.
bool OpensAnnex(const Line& line) {
  if (line.words.size() > 30) return false;
  const std::string key = MatchKey(line.words);
  absl::string_view rest = key;
  if (!absl::ConsumePrefix(&rest, "附件")) return false;
  absl::ConsumeSuffix(&rest, ":");
  return rest.empty() || ParseSmallNumber(rest).has_value();
}

std::vector<absl::Span<const Line>> PartsOf(absl::Span<const Line> lines) {
  std::vector<absl::Span<const Line>> parts;
  std::size_t begin = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!OpensAnnex(lines[i])) continue;
    parts.push_back(lines.subspan(begin, i - begin));
    begin = i;
  }
  parts.push_back(lines.subspan(begin));
  return parts;
}

// The lines before the part stand above its table, those after it below.
void AddOtherParts(absl::Span<const Line> lines, absl::Span<const Line> part, Grid& grid) {
  std::vector<GridRow> before;
  for (const Line* line = lines.data(); line != part.data(); ++line) {
    before.push_back({line->row, {line->words}, true});
  }
  grid.rows.insert(grid.rows.begin(), before.begin(), before.end());
  for (const Line* line = part.data() + part.size(); line != lines.data() + lines.size(); ++line) {
    grid.rows.push_back({line->row, {line->words}, true});
  }
}

}  // namespace

std::optional<Tabulated> TabulateProse(const Grid& grid) {
  const std::vector<Line> lines = LinesOf(grid);
  if (lines.size() > kListLinesMax) return std::nullopt;
  std::optional<Reading> best;
  absl::Span<const Line> chosen;
  for (const absl::Span<const Line> part : PartsOf(lines)) {
    auto reading = ReadList(part, grid.name);
    if (!reading || (best && reading->items <= best->items)) continue;
    best = std::move(reading);
    chosen = part;
  }
  if (!best) return std::nullopt;
  AddOtherParts(lines, chosen, best->made.grid);
  if (chosen.size() < lines.size()) {
    absl::StrAppend(&best->made.message, "；文件分为几部分，只读了项目最多的一部分");
  }
  return std::move(best->made);
}

}  // namespace minsheng::registry
