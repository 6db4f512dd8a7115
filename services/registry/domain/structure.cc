#include "services/registry/domain/structure.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/amounts.h"
#include "services/registry/domain/captions.h"
#include "services/registry/domain/contacts.h"
#include "services/registry/domain/conventions.h"
#include "services/registry/domain/numbering.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kMaxUnreadChars = 500;
constexpr std::size_t kLookAhead = 3;
constexpr std::array<absl::string_view, 5> kSentenceEnds = {"。", "；", ";", "！", "."};

// As many cells as it takes to have `enough` bytes.
std::string JoinWords(const std::vector<std::string>& cells,
                      std::size_t enough = std::string::npos) {
  std::string joined;
  for (const auto& cell : cells) {
    if (joined.size() >= enough) break;
    if (!cell.empty()) absl::StrAppend(&joined, joined.empty() ? "" : "｜", cell);
  }
  return joined;
}

bool AllBlank(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); });
}

bool EndsSentence(absl::string_view words) {
  return std::any_of(kSentenceEnds.begin(), kSentenceEnds.end(),
                     [&](absl::string_view end) { return absl::EndsWith(words, end); });
}

// Words that a page break tore apart go on where they stopped; whole sentences get a line of their
// own.
void AppendWords(const std::string& more, std::string& words) {
  if (more.empty()) return;
  absl::StrAppend(&words, !words.empty() && EndsSentence(words) ? "\n" : "", more);
}

template <typename T>
void AppendAll(std::vector<T> more, std::vector<T>& all) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

std::string HeadingWords(const RowFields& fields) {
  return absl::StrCat(fields.group, fields.no, fields.name);
}

bool IsChineseNumber(const std::string& cell) {
  return HasHeadingNumber(cell) || ParseChineseNumber(MatchKey(cell)).has_value();
}

// 1 is a project's number, 一 is a group's unless contents or units stand beside it.
bool IsGroupRow(const RowFields& fields) {
  if (!fields.OnlyHeading()) return false;
  const bool chinese = IsChineseNumber(fields.no);
  if (ParseItemNo(fields.no) && !chinese) return false;
  if (chinese && !fields.name.empty()) return true;
  const std::string words = HeadingWords(fields);
  return IsGroupTitle(words) || (fields.name.empty() && NamesKind(words));
}

absl::string_view AmountDoubtWords(absl::string_view code) {
  if (code == "AMOUNT_ABOUT") return "是约数，或没有写全单位";
  if (code == "AMOUNT_IN_WORDS") return "有几个数，取其总数";
  if (code == "AMOUNT_UNCLEAR") return "只有单价、标准、区间，或几个数中没有总数";
  return "没有写明数额";
}

std::string GroupTitle(const RowFields& fields) {
  const bool bare = ParseChineseNumber(MatchKey(fields.no)).has_value();
  return absl::StrCat(fields.group, RemoveSpaces(fields.no), bare ? "、" : "",
                      RemoveSpaces(fields.name));
}

}  // namespace

ListReader::ListReader(bool several, Findings& findings) : several_(several), findings_(findings) {}

absl::Status ListReader::Read(const ListPart& part) {
  grid_ = part.grid;
  other_header_ = !list_.projects.empty();
  header_ = part.header;
  declared_unit_ = part.unit;
  title_ = part.title;
  const Conventions conventions = FindConventions(*grid_);
  bold_leads_ = conventions.bold_leads;
  first_group_ = list_.groups.size();
  const std::size_t first_project = list_.projects.size();
  own_total_ = false;
  merged_ = {};
  table_ = left_out_ = grid_->rows[header_.first].table;
  for (std::size_t i = header_.first + header_.count; i < grid_->rows.size(); ++i) {
    if (ReadHeader(i)) continue;
    if (absl::Status status = ReadAt(i); !status.ok()) return status;
  }
  FinishProject();
  ApplyConventions(conventions, absl::MakeSpan(list_.projects).subspan(first_project), findings_);
  if (own_total_) SettlePartTotal();
  if (!group_open_) return absl::OkStatus();
  return Refuse("TRUNCATED",
                absl::StrCat("第", group_row_, "行是分组“", list_.groups.back().title,
                             "”，其后没有任何项目，文件可能在此断开。请重新取得完整的文件"));
}

// The sum of a part is that of its one group.
void ListReader::SettlePartTotal() {
  const bool one = list_.groups.size() == first_group_ + 1;
  if (one && !list_.groups.back().declared_fen) {
    list_.groups.back().declared_fen = part_total_.fen;
    list_.groups.back().place = part_total_.place;
    return;
  }
  findings_.Warn("TOTAL_UNCHECKED", part_total_.place, "此表的合计没有核对，请人工核对");
}

ProjectList ListReader::Take() { return std::move(list_); }

// A header printed again, as page breaks do, or the header of a further table. Leaves `index` at
// its last row.
bool ListReader::ReadHeader(std::size_t& index) {
  auto header = MatchHeader(*grid_, index);
  if (!header) return false;
  const int rows = static_cast<int>(header->count);
  const Place place = findings_.At(grid_->rows[index].row, 0, header->words);
  if (header->SameColumns(header_)) {
    findings_.Info("HEADER_REPEATED", place, "表头重复出现，已跳过");
  } else {
    findings_.Warn("HEADER_CHANGED", place, "此处出现另一个表头，以下各行按新表头读取");
    ReportColumns(*grid_, *header, findings_);
    other_header_ = true;
  }
  table_ = grid_->rows[index].table;
  merged_ = {};
  list_.tally.rows += rows;
  list_.tally.headers += rows;
  index += header->count - 1;
  header_ = std::move(*header);
  return true;
}

absl::Status ListReader::ReadAt(std::size_t index) {
  const CleanRow clean = DropContactsOf(grid_->rows[index]);
  ++list_.tally.rows;
  if (clean.redacted || clean.contact) {
    findings_.Info("CONTACT_DROPPED", findings_.At(clean.row.row, 0, ""),
                   "此行含有联系人或电话，未读入也不保存");
  }
  merged_.Next(clean.row);
  if (ReadAside(clean, index) || LeaveTableOut(clean.row)) return absl::OkStatus();
  return ReadTableRow(clean, index + 1 == grid_->rows.size());
}

// Rows that belong to no project: contacts, notes, prose between and after tables.
bool ListReader::ReadAside(const CleanRow& clean, std::size_t index) {
  const bool note = !clean.contact && IsNote(JoinWords(clean.row.cells, kNoteBytes));
  const bool aside = clean.contact || note || (clean.row.prose && !AnnouncesTable(index));
  if (!aside) return false;
  ++(clean.contact ? list_.tally.contacts : list_.tally.notes);
  if (clean.contact) return true;
  const std::string words = JoinWords(clean.row.cells);
  const Place place = findings_.At(clean.row.row, 0, words);
  if (note) {
    findings_.Info("NOTE_ROW", place, absl::StrCat("表中附注，未作为项目读入：", words));
  } else {
    CheckUnitLine(clean.row, words);
    findings_.Info("TEXT_OUTSIDE_TABLE", place, "表格以外的文字，未作为项目读入");
  }
  return true;
}

// A further table without a header goes on with the list when it is as wide; another one is none of
// the list's.
bool ListReader::LeaveTableOut(const GridRow& row) {
  if (row.prose || row.table == 0 || row.table == table_) return false;
  if (row.table != left_out_ && row.cells.size() == header_.columns.size()) {
    table_ = row.table;
    return false;
  }
  if (row.table != left_out_) {
    findings_.Warn("TABLE_LEFT_OUT", findings_.At(row.row, 0, JoinWords(row.cells)),
                   "此处另有一个表，不是清单，未读入；如其中有清单的内容，请单独导入");
  }
  left_out_ = row.table;
  ++list_.tally.left_out;
  return true;
}

// A line of prose is a group's heading when it reads like one and a table follows at once.
bool ListReader::AnnouncesTable(std::size_t index) const {
  if (!IsGroupTitle(grid_->rows[index].cells[0])) return false;
  const std::size_t end = std::min(grid_->rows.size(), index + 1 + kLookAhead);
  for (std::size_t i = index + 1; i < end; ++i) {
    if (!grid_->rows[i].prose) return true;
    if (IsGroupTitle(grid_->rows[i].cells[0])) return false;
  }
  return false;
}

absl::Status ListReader::ReadTableRow(const CleanRow& clean, bool last) {
  if (clean.row.prose) return OpenGroup(clean.row, clean.row.cells[0], "");
  const bool full = clean.row.cells.size() == header_.columns.size();
  if (full) return ReadFitted(clean.row, clean.row.cells);
  const FittedRow fitted = FitRow(*grid_, header_, clean.row);
  if (fitted.fit == Fit::kCut && last) return Truncated(clean.row);
  if (fitted.fit != Fit::kFits) {
    Unread(clean.row, absl::StrCat("此行有", clean.row.cells.size(), "格，表头有",
                                   header_.columns.size(), "列，对不上"));
    return absl::OkStatus();
  }
  if (fitted.padded) {
    findings_.Info("ROW_SHORT", findings_.At(clean.row.row, 0, JoinWords(fitted.cells)),
                   absl::StrCat("此行只有", clean.row.cells.size(), "格，缺少的格按空白读取"));
  }
  return ReadFitted(clean.row, fitted.cells);
}

absl::Status ListReader::ReadFitted(const GridRow& row, const std::vector<std::string>& cells) {
  if (AllBlank(cells)) {
    ++list_.tally.blank;
    return absl::OkStatus();
  }
  const RowFields fields = ReadFields(header_, cells);
  const std::string heading = HeadingWords(fields);
  if (IsTotalLabel(heading)) return ReadTotal(row, heading, fields);
  if (IsSubtotalLabel(heading)) return ReadSubtotal(row, fields);
  if (IsGroupRow(fields)) return OpenGroup(row, GroupTitle(fields), fields.amount);
  return ReadItem(row, fields);
}

absl::Status ListReader::ReadTotal(const GridRow& row, const std::string& words,
                                   const RowFields& fields) {
  const auto fen = Amount(row, fields.amount);
  if (!fen.ok()) return fen.status();
  ++list_.tally.totals;
  if (several_ && !own_total_) {
    own_total_ = true;
    part_total_ = {*fen, FindCount(words), At(row, Role::kAmount, fields.amount)};
    return absl::OkStatus();
  }
  if (list_.total.fen) {
    findings_.Warn("TOTAL_MISMATCH", At(row, Role::kAmount, fields.amount),
                   absl::StrCat("又出现一个合计，此前", PlaceWords(list_.total.place),
                                "已有合计；按第一个核对"));
    return absl::OkStatus();
  }
  list_.total = {*fen, FindCount(words), At(row, Role::kAmount, fields.amount)};
  return absl::OkStatus();
}

absl::Status ListReader::ReadSubtotal(const GridRow& row, const RowFields& fields) {
  const auto fen = Amount(row, fields.amount);
  if (!fen.ok()) return fen.status();
  ++list_.tally.totals;
  CurrentGroup();
  NoticeGroup& group = list_.groups.back();
  if (!group.declared_fen) {
    group.declared_fen = *fen;
    group.place = At(row, Role::kAmount, fields.amount);
  } else if (group.declared_fen != *fen) {
    findings_.Warn("TOTAL_MISMATCH", At(row, Role::kAmount, fields.amount),
                   absl::StrCat("小计与", PlaceWords(group.place), "分组“", group.title,
                                "”的金额不同；按分组行核对"));
  }
  return absl::OkStatus();
}

absl::Status ListReader::OpenGroup(const GridRow& row, const std::string& title,
                                   const std::string& amount) {
  const auto fen = Amount(row, amount);
  if (!fen.ok()) return fen.status();
  ++list_.tally.groups;
  InlineUnits units = TakeInlineUnits(title);
  AddGroup(row, units.rest);
  if (units.found()) group_units_[list_.groups.back().id] = std::move(units);
  list_.groups.back().declared_fen = *fen ? *fen : FindAmount(title, std::nullopt).fen;
  list_.groups.back().declared_count = FindCount(title);
  group_open_ = true;
  group_row_ = row.row;
  return absl::OkStatus();
}

void ListReader::AddGroup(const GridRow& row, const std::string& title) {
  FinishProject();
  if (group_open_) {
    findings_.Warn("EMPTY_GROUP", list_.groups.back().place,
                   absl::StrCat("分组“", list_.groups.back().title, "”下没有项目"));
  }
  std::string id = GroupIdOf(title);
  const bool taken =
      !id.empty() && std::any_of(list_.groups.begin(), list_.groups.end(),
                                 [&](const NoticeGroup& group) { return group.id == id; });
  if (id.empty() || taken) id = absl::StrCat("group-", list_.groups.size() + 1);
  NoticeGroup group;
  group.id = id;
  group.title = std::string(Trim(title));
  group.place = At(row, Role::kAmount, title);
  list_.groups.push_back(std::move(group));
  group_open_ = false;
}

// Of several parts one without groups is the group of its title; a list without groups is the
// district's own.
const std::string& ListReader::CurrentGroup() {
  if (list_.groups.size() > first_group_) return list_.groups.back().id;
  AddGroup(GridRow{}, several_ ? title_ : "");
  if (list_.groups.back().title.empty()) list_.groups.back().id = "district";
  return list_.groups.back().id;
}

// A column of groups is merged or repeated: a new word opens a group.
void ListReader::UseGroupColumn(const GridRow& row, const RowFields& fields) {
  if (fields.group.empty()) return;
  const bool same = list_.groups.size() > first_group_ && list_.groups.back().title == fields.group;
  if (!same) AddGroup(row, fields.group);
}

absl::Status ListReader::ReadItem(const GridRow& row, const RowFields& fields) {
  UseGroupColumn(row, fields);
  const auto no = ParseItemNo(fields.no);
  if (no && StandsBelowHeading(fields)) return OpenTask(row, WithSubItem(fields, *no), true);
  if (RepeatsProject(fields, no)) return ReadBelowProject(row, fields);
  const bool named = !fields.name.empty() || !fields.content.empty();
  if (no && named) return OpenProject(row, fields, *no);
  if (no || !fields.no.empty()) {
    if (fields.name.empty() || fields.content.empty()) {
      Unread(row,
             no ? "此行有序号，但没有项目名称和内容" : "此行的序号认不出，也没有完整的名称和内容");
      return absl::OkStatus();
    }
    findings_.Warn("NUMBER_ASSIGNED", At(row, Role::kNo, fields.no),
                   absl::StrCat("序号“", fields.no, "”认不出，按顺序编为", NextProjectNo()));
    return OpenProject(row, fields, NextProjectNo());
  }
  return ReadUnnumbered(row, fields);
}

// Where contents stand under （一） a heading, those numbered 1. below it are its tasks.
bool ListReader::StandsBelowHeading(const RowFields& fields) const {
  if (!heading_row_ || header_.Has(Role::kName) || !fields.name.empty()) return false;
  return !HasHeadingNumber(fields.no) && !fields.content.empty() && !list_.projects.empty();
}

RowFields ListReader::WithSubItem(const RowFields& fields, int no) {
  RowFields below = fields;
  below.content = absl::StrCat("（", no, "）", fields.content);
  return below;
}

// Tables that were unmerged repeat the number and the name in each sub-row.
bool ListReader::RepeatsProject(const RowFields& fields, std::optional<int> no) const {
  if (list_.projects.empty()) return false;
  const NoticeProject& project = list_.projects.back();
  if (list_.groups.size() == first_group_ || project.group != list_.groups.back().id) return false;
  const bool same_name = SameKey(fields.name, project.name);
  const bool other_name = !fields.name.empty() && !same_name;
  if (other_name) return false;
  return no ? *no == project.no : same_name && fields.no.empty() && header_.Has(Role::kName);
}

absl::Status ListReader::ReadUnnumbered(const GridRow& row, const RowFields& fields) {
  if (fields.name.empty() && header_.Has(Role::kName)) return ReadBelowProject(row, fields);
  if (!header_.Has(Role::kName) && header_.Has(Role::kNo)) return ReadBelowProject(row, fields);
  const bool told = !fields.OnlyHeading() || !header_.Has(Role::kNo);
  if (!told) {
    Unread(row, "此行只有名称，没有序号、内容和牵头单位，不能断定是项目还是分组");
    return absl::OkStatus();
  }
  if (header_.Has(Role::kNo)) {
    findings_.Warn("NUMBER_ASSIGNED", At(row, Role::kNo, fields.name),
                   absl::StrCat("项目没有序号，按顺序编为", NextProjectNo()));
  }
  return OpenProject(row, fields, NextProjectNo());
}

int ListReader::NextProjectNo() const {
  const bool first = list_.projects.empty() || list_.groups.size() == first_group_ ||
                     list_.projects.back().group != list_.groups.back().id;
  return first ? 1 : list_.projects.back().no + 1;
}

// A row whose number and name are merged with those above.
absl::Status ListReader::ReadBelowProject(const GridRow& row, const RowFields& fields) {
  const bool belongs = !list_.projects.empty() && list_.groups.size() > first_group_ &&
                       list_.projects.back().group == list_.groups.back().id;
  if (!belongs) {
    Unread(row, "此行没有序号和名称，上面也没有它所属的项目");
    return absl::OkStatus();
  }
  if (fields.content.empty() && !fields.amount.empty()) {
    Unread(row, "此行有金额而没有内容，不能断定属于哪项任务");
    return absl::OkStatus();
  }
  const bool own = !fields.amount.empty() || !fields.leads.empty();
  if (!fields.content.empty() && (own || TakeSubItem(fields.content))) {
    return OpenTask(row, fields, true);
  }
  ContinueTask(row, fields);
  return absl::OkStatus();
}

void ListReader::ContinueTask(const GridRow& row, const RowFields& fields) {
  NoticeTask& task = list_.projects.back().tasks.back();
  AppendWords(fields.content, task.content);
  FillUnits(row, fields, task);
  AppendWords(fields.schedule, task.schedule);
  for (const auto& [label, words] : fields.attributes) AppendWords(words, task.attributes[label]);
  ++list_.tally.continued;
  findings_.Info("ROW_CONTINUED", findings_.At(row.row, 0, JoinWords(row.cells)),
                 "此行没有序号、名称和金额，并入上一行的任务");
}

// A further table of the same projects (a plan beside the targets) adds to them.
bool ListReader::JoinProject(const RowFields& fields, int no) {
  if (!other_header_ || fields.name.empty()) return false;
  for (NoticeProject& project : list_.projects) {
    if (project.no != no || !SameKey(project.name, fields.name)) continue;
    NoticeTask& task = project.tasks.front();
    for (const auto& [label, words] : fields.attributes) AppendWords(words, task.attributes[label]);
    AppendWords(fields.schedule, task.schedule);
    if (!SameKey(fields.content, task.content)) AppendWords(fields.content, task.schedule);
    return true;
  }
  return false;
}

absl::Status ListReader::OpenProject(const GridRow& row, const RowFields& fields, int no) {
  FinishProject();
  const bool plan = !header_.Has(Role::kLead) && !header_.Has(Role::kAmount);
  if (plan && JoinProject(fields, no)) {
    ++list_.tally.continued;
    findings_.Info("ROW_JOINED", At(row, Role::kName, fields.name),
                   "此行与前面表中的项目相同，并入该项目");
    return absl::OkStatus();
  }
  NoticeProject project;
  project.group = CurrentGroup();
  project.no = no;
  project.name = RemoveSpaces(fields.name);
  if (fields.name.empty() && header_.Has(Role::kName)) {
    findings_.Warn("BLANK_NAME", At(row, Role::kName, fields.content), "项目名称空白，以内容代替");
  } else if (fields.name.empty()) {
    findings_.Info("NAME_FROM_CONTENT", At(row, Role::kContent, fields.content),
                   "表中没有项目名称一列，以内容代替");
  }
  if (fields.name.empty()) project.name = fields.content;
  heading_row_ = !header_.Has(Role::kName) && HasHeadingNumber(fields.no) && fields.leads.empty() &&
                 fields.amount.empty();
  list_.projects.push_back(std::move(project));
  group_open_ = false;
  if (!heading_row_) return OpenTask(row, fields, false);
  RowFields heading = fields;
  heading.content.clear();
  return OpenTask(row, heading, false);
}

absl::Status ListReader::OpenTask(const GridRow& row, const RowFields& fields, bool below) {
  const auto fen = Amount(row, fields.amount);
  if (!fen.ok()) return fen.status();
  if (below) DropPlaceholderTask();
  NoticeTask task;
  task.content = fields.content;
  task.no = NumberTask(fields, below, task.content);
  task.amount_fen = *fen;
  task.attributes = fields.attributes;
  task.schedule = fields.schedule;
  task.place = At(row, Role::kContent, fields.content);
  FillUnits(row, SplitBoldUnits(row, fields), task);
  FillFromMerged(row, task);
  FillFromWords(row, task);
  FillAmountFromWords(row, task);
  CheckSources(row, task);
  if (below) InheritUnits(task);
  list_.projects.back().tasks.push_back(std::move(task));
  ++list_.tally.tasks;
  return absl::OkStatus();
}

// Takes the number off the words; sub-rows without one are counted on.
int ListReader::NumberTask(const RowFields& fields, bool below, std::string& content) {
  const auto item = TakeSubItem(fields.content);
  const auto& tasks = list_.projects.back().tasks;
  if (item && below) {
    content = item->rest;
    return item->no;
  }
  if (item) {
    marker_ = item->marker;
    content = item->rest;
    return item->no;
  }
  return tasks.empty() ? 1 : tasks.back().no + 1;
}

// The project's own row has no content when its sub-rows hold it: its amount is then their sum, its
// units are theirs.
void ListReader::DropPlaceholderTask() {
  NoticeProject& project = list_.projects.back();
  const bool placeholder =
      project.tasks.size() == 1 && project.tasks[0].content.empty() && !heading_.has_value();
  if (!placeholder) return;
  heading_ = std::move(project.tasks[0]);
  project.tasks.clear();
  --list_.tally.tasks;
  ++list_.tally.projects;
  if (!heading_->amount_fen) return;
  list_.project_totals.push_back(
      {list_.projects.size() - 1, *heading_->amount_fen, heading_->place});
}

// The list marks leads by bold type, but this row has none.
RowFields ListReader::FirstUnitLeads(const GridRow& row, const RowFields& fields) {
  const UnitList units = ParseUnits(fields.leads);
  if (units.units.size() < 2) return fields;
  RowFields first = fields;
  first.leads = UnitWords(units.units.front());
  for (std::size_t i = 1; i < units.units.size(); ++i) {
    absl::StrAppend(&first.assists, i == 1 ? "" : "、", UnitWords(units.units[i]));
  }
  findings_.Warn(
      "LEAD_UNCLEAR", At(row, Role::kLead, fields.leads),
      absl::StrCat("清单以加粗标明牵头单位，此格没有加粗，按第一位“", first.leads, "”牵头读入"));
  return first;
}

// Bold type marks the lead where no column does.
RowFields ListReader::SplitBoldUnits(const GridRow& row, const RowFields& fields) {
  const auto column = static_cast<std::size_t>(header_.ColumnOf(Role::kLead));
  if (!fields.assists.empty() || column >= row.cells.size()) return fields;
  const BoldUnits split = column < row.formats.size()
                              ? SplitByBold(row.cells[column], row.formats[column].bold)
                              : BoldUnits();
  if (split.leads.empty() && bold_leads_) return FirstUnitLeads(row, fields);
  if (split.leads.empty()) return fields;
  const Place place = At(row, Role::kLead, fields.leads);
  const std::string words = absl::StrCat("加粗的“", split.leads, "”按牵头单位读入，其余按协作单位");
  if (bold_leads_) {
    findings_.Info("LEAD_BY_BOLD", place, words);
  } else {
    findings_.Warn("LEAD_BY_BOLD", place, absl::StrCat(words, "；清单没有说明，请核对"));
  }
  RowFields marked = fields;
  marked.leads = split.leads;
  marked.assists = split.assists;
  return marked;
}

// The columns under the amount's head are its sources: they add up to it.
void ListReader::CheckSources(const GridRow& row, const NoticeTask& task) {
  const int sum = header_.ColumnOf(Role::kAmount);
  if (sum < 0 || !task.amount_fen || row.cells.size() != header_.columns.size()) return;
  const Column& amount = header_.columns[static_cast<std::size_t>(sum)];
  if (!IsSumLabel(amount.label) || amount.head.empty()) return;
  const MoneyUnit unit = amount.unit.value_or(declared_unit_.value_or(MoneyUnit::kWanYuan));
  int64_t fen = 0;
  int sources = 0;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Column& column = header_.columns[i];
    if (static_cast<int>(i) == sum || column.head != amount.head) continue;
    const auto part = ParseAmount(row.cells[i], unit);
    if (!part.ok()) return;
    fen += part->value_or(0);
    ++sources;
  }
  if (sources < 2 || fen == *task.amount_fen) return;
  findings_.Warn("SOURCES_MISMATCH",
                 At(row, Role::kAmount, row.cells[static_cast<std::size_t>(sum)]),
                 absl::StrCat("各资金来源之和为", FormatAmount(fen, unit), MoneyUnitWord(unit),
                              "，", amount.label, "写明", FormatAmount(*task.amount_fen, unit),
                              MoneyUnitWord(unit), "；按后者读入，请核对"));
}

// In a table without a column of money the words may state it.
void ListReader::FillAmountFromWords(const GridRow& row, NoticeTask& task) {
  if (header_.Has(Role::kAmount)) return;
  const WordedAmount stated = FindStatedAmount(task.content);
  if (!stated.fen) return;
  task.amount_fen = stated.fen;
  const Place place = At(row, Role::kContent, task.content);
  const std::string words = absl::StrCat("金额取自内容中的文字：",
                                         FormatAmount(*stated.fen, MoneyUnit::kWanYuan), "万元");
  if (stated.doubt.empty()) {
    findings_.Info("AMOUNT_FROM_CONTENT", place, words);
  } else {
    findings_.Warn(stated.doubt, place,
                   absl::StrCat(words, "；原文", AmountDoubtWords(stated.doubt)));
  }
}

// A merged cell holds for all rows that it covers; merged money is theirs together and stays with
// the first.
void ListReader::FillFromMerged(const GridRow& row, NoticeTask& task) {
  const auto covering = merged_.Covering();
  if (covering.size() != header_.columns.size()) return;
  RowFields above = ReadFields(header_, covering);
  const bool shared = !above.amount.empty() && !NonePlanned(above.amount);
  if (shared) {
    const NoticeProject& project = list_.projects.back();
    const Place first =
        project.tasks.empty() ? At(row, Role::kAmount, above.amount) : project.tasks.back().place;
    findings_.Warn("AMOUNT_SHARED", first,
                   absl::StrCat("此行与下一行合用一个金额“", above.amount,
                                "”，记在此行，下一行（第", row.row, "行）按未安排资金处理"));
  }
  RowFields units;
  if (task.leads.empty()) units.leads = above.leads;
  if (task.assists.empty()) units.assists = above.assists;
  FillUnits(row, units, task);
  if (task.schedule.empty()) task.schedule = above.schedule;
  task.attributes.insert(above.attributes.begin(), above.attributes.end());
}

// Units that stand in the task's own words go before those of its columns, which go before those of
// its group's heading.
void ListReader::FillFromWords(const GridRow& row, NoticeTask& task) {
  InlineUnits own = TakeInlineUnits(task.content);
  if (own.found()) task.content = std::move(own.rest);
  if (!own.leads.empty()) task.leads.clear();
  if (!own.assists.empty()) task.assists.clear();
  const auto heading = group_units_.find(list_.groups.back().id);
  RowFields words;
  words.leads = std::move(own.leads);
  words.assists = std::move(own.assists);
  if (heading != group_units_.end()) {
    if (task.leads.empty() && words.leads.empty()) words.leads = heading->second.leads;
    if (task.assists.empty() && words.assists.empty()) words.assists = heading->second.assists;
  }
  FillUnits(row, words, task);
}

void ListReader::InheritUnits(NoticeTask& task) {
  if (!heading_) return;
  if (task.leads.empty()) task.leads = heading_->leads;
  if (task.assists.empty()) task.assists = heading_->assists;
  if (task.schedule.empty()) task.schedule = heading_->schedule;
  task.attributes.insert(heading_->attributes.begin(), heading_->attributes.end());
}

// A single task whose words count on within the cell, （1）…（2）…, keeps its （1）.
void ListReader::FinishProject() {
  const std::string marker = std::exchange(marker_, "");
  heading_.reset();
  if (list_.projects.empty()) return;
  NoticeProject& project = list_.projects.back();
  NoticeTask& first = project.tasks.front();
  if (!marker.empty() && project.tasks.size() == 1 &&
      HoldsNext({first.no, marker, first.content})) {
    first.content = absl::StrCat(marker, first.content);
    first.no = 1;
  }
  if (!first.content.empty()) return;
  first.content = project.name;
  const bool figure = Fold(project.name).find_first_of("0123456789") != std::string::npos;
  if (figure) {
    findings_.Info("CONTENT_FROM_NAME", first.place, "没有工作内容，以项目名称代替");
  } else {
    findings_.Warn("CONTENT_FROM_NAME", first.place,
                   "没有工作内容，以项目名称代替；名称中没有数额，年度目标请补充");
  }
}

void ListReader::FillUnits(const GridRow& row, const RowFields& fields, NoticeTask& task) {
  UnitList leads = ParseUnits(fields.leads);
  UnitList assists = ParseUnits(fields.assists);
  if (leads.person || assists.person) {
    findings_.Warn("PERSON_DROPPED", At(row, leads.person ? Role::kLead : Role::kAssist, ""),
                   "单位旁有人名，未读入也不保存；请核对单位名称");
  }
  const bool unclosed = leads.bracket_unclosed || assists.bracket_unclosed;
  if (unclosed) {
    const bool in_leads = leads.bracket_unclosed;
    findings_.Warn(
        "BRACKET_UNCLOSED",
        At(row, in_leads ? Role::kLead : Role::kAssist, in_leads ? fields.leads : fields.assists),
        "单位名称的括号没有闭合，按没有括号拆分");
  }
  AppendAll(std::move(leads.units), task.leads);
  AppendAll(std::move(leads.supporting), task.assists);
  AppendAll(std::move(assists.units), task.assists);
  AppendAll(std::move(assists.supporting), task.assists);
}

absl::StatusOr<std::optional<int64_t>> ListReader::Amount(const GridRow& row,
                                                          const std::string& cell) {
  if (NonePlanned(cell)) return std::optional<int64_t>();
  const auto place = [&] { return At(row, Role::kAmount, cell); };
  std::string figure = cell;
  const int column = header_.ColumnOf(Role::kAmount);
  const auto own = TakeMoneyUnit(figure);
  const auto of_column = column < 0 ? std::nullopt : header_.columns[column].unit;
  const auto unit = own ? own : of_column ? of_column : declared_unit_;
  if (!own && HasAmountWords(cell)) return AmountInWords(cell, unit, place());
  if (!unit) {
    if (!list_.unitless) list_.unitless = place();
    return std::optional<int64_t>();
  }
  if (own) {
    findings_.Info("AMOUNT_UNIT_IN_CELL", place(),
                   absl::StrCat("金额“", cell, "”自带单位，按", MoneyUnitWord(*own), "读取"));
  }
  auto fen = ParseAmount(figure, *unit);
  if (fen.ok()) return fen;
  if (HasAmountWords(cell)) return AmountInWords(cell, unit, place());
  return WithPrefix(fen.status(), absl::StrCat(PlaceWords(place()), "："));
}

std::optional<int64_t> ListReader::AmountInWords(const std::string& cell,
                                                 std::optional<MoneyUnit> unit,
                                                 const Place& place) {
  const WordedAmount amount = FindAmount(cell, unit);
  const std::string read =
      amount.fen ? absl::StrCat("按", FormatAmount(*amount.fen, MoneyUnit::kWanYuan), "万元读入")
                 : "按未安排资金处理，不等于零";
  if (amount.doubt.empty()) {
    findings_.Info("AMOUNT_IN_WORDS", place, absl::StrCat("金额“", cell, "”是文字，", read));
  } else {
    findings_.Warn(
        amount.doubt, place,
        absl::StrCat("金额“", cell, "”", AmountDoubtWords(amount.doubt), "，", read, "，请核对"));
  }
  return amount.fen;
}

void ListReader::CheckUnitLine(const GridRow& row, const std::string& words) {
  const auto unit = ReadCaptions({GridRow{row.row, {words}, true}}).money_unit;
  if (!unit || unit == declared_unit_) return;
  findings_.Error(
      "MONEY_UNIT_CONFLICT", findings_.At(row.row, 0, words),
      absl::StrCat("此处写明单位为", MoneyUnitWord(*unit),
                   "，与前面的单位不同；本次仍按前面的单位读取，请拆成两个文件或在列名中写明单位"));
}

void ListReader::Unread(const GridRow& row, const std::string& why) {
  ++list_.tally.unread;
  const std::string words = DropContacts(JoinWords(row.cells)).text;
  findings_.Error("UNREAD_ROW", findings_.At(row.row, 0, words),
                  absl::StrCat(why, "，未读入：", Abbreviate(words, kMaxUnreadChars)));
}

absl::Status ListReader::Truncated(const GridRow& row) const {
  return Refuse("TRUNCATED",
                absl::StrCat("文件在第", row.row, "行的表格中断开：该行只有", row.cells.size(),
                             "格，应有", header_.columns.size(), "格（“",
                             Abbreviate(JoinWords(row.cells), 40), "”）。请重新取得完整的文件"));
}

Place ListReader::At(const GridRow& row, Role role, const std::string& words) const {
  return findings_.At(row.row, header_.ColumnOf(role) + 1, words);
}

}  // namespace minsheng::registry
