#include "services/registry/domain/corrections.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "services/registry/domain/encoding.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 3> kKeys = {"task", "no", "drop"};
constexpr std::array<absl::string_view, 4> kOfTasks = {"content", "amount", "leads", "assists"};
constexpr absl::string_view kEmptied = "-";
constexpr std::size_t kMaxIdBytes = 40;

template <std::size_t N>
bool IsOneOf(absl::string_view name, const std::array<absl::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsGroupChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// "municipal-11/2"
bool IsTaskId(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() != 2 || !IsDigits(parts[1]) || parts[1][0] == '0' || parts[1].size() > 4)
    return false;
  const std::size_t hyphen = parts[0].rfind('-');
  if (hyphen == absl::string_view::npos || hyphen == 0 || parts[0].size() > kMaxIdBytes)
    return false;
  const absl::string_view no = parts[0].substr(hyphen + 1);
  return IsDigits(no) && no.size() >= 2 && no.size() <= 4 && parts[0][0] >= 'a' &&
         std::all_of(parts[0].begin(), parts[0].end(), IsGroupChar);
}

// Reads lines into corrections and collects what is wrong with them.
class CorrectionsReader {
 public:
  explicit CorrectionsReader(absl::string_view text) : lines_(absl::StrSplit(text, '\n')) {}

  absl::StatusOr<std::vector<Correction>> Read() {
    ReadHeader();
    if (errors_.empty()) ReadRows();
    if (!errors_.empty()) return Refusal();
    return std::move(corrections_);
  }

 private:
  void ReadHeader() {
    std::set<std::string> seen;
    for (const absl::string_view cell : absl::StrSplit(lines_[0], '\t')) {
      const std::string name = MatchKey(cell);
      if (!IsOneOf(name, kKeys) && !IsOneOf(name, kOfTasks) && !IsTargetColumn(name)) {
        Error(name, absl::StrCat("不认识的列，可用的列为", absl::StrJoin(kKeys, "、"), "、",
                                 absl::StrJoin(kOfTasks, "、"), "、", TargetColumns()));
      }
      if (!seen.insert(name).second) Error(name, "列名重复");
      columns_.push_back(name);
    }
    if (seen.count("task") == 0) Error("task", "缺少这一列");
  }

  void ReadRows() {
    for (std::size_t i = 1; i < lines_.size(); ++i) {
      line_ = static_cast<int>(i) + 1;
      if (!IsBlank(lines_[i])) ReadRow(lines_[i]);
    }
  }

  void ReadRow(absl::string_view line) {
    const std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
    if (cells.size() > columns_.size()) {
      Error("", absl::StrCat("有", cells.size(), "格，表头只有", columns_.size(), "列"));
      return;
    }
    Correction row;
    row.line = line_;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const absl::string_view words = Trim(cells[i]);
      if (!words.empty()) row.cells.emplace(columns_[i], words);
    }
    TakeKeys(row);
    CheckColumns(row);
    if (!seen_.insert({row.task, row.target}).second) {
      Error("no", "同一任务、同一目标出现两次", absl::StrCat(row.task, " ", row.target));
    }
    corrections_.push_back(std::move(row));
  }

  void TakeKeys(Correction& row) {
    row.task = Take("task", row);
    if (!IsTaskId(row.task)) Error("task", "应为municipal-01/1这样的任务编号", row.task);
    const std::string no = Take("no", row);
    const bool good = no.empty() || (IsDigits(no) && absl::SimpleAtoi(no, &row.target) &&
                                     row.target >= 1 && row.target <= kMaxTargetNo);
    if (!good) Error("no", absl::StrCat("应为1到", kMaxTargetNo, "的整数，或空白"), no);
    const std::string drop = Take("drop", row);
    row.dropped = drop == "yes";
    if (!drop.empty() && drop != "yes") Error("drop", "应为yes或空白", drop);
    if (row.dropped && row.target == 0) Error("drop", "只能去掉目标，请在no列写明编号", drop);
  }

  void CheckColumns(const Correction& row) {
    for (const auto& [column, words] : row.cells) {
      const bool of_task = IsOneOf(column, kOfTasks);
      if (of_task && row.target != 0) Error(column, "是任务的列，no列应空白", words);
      if (!of_task && row.target == 0) Error(column, "是目标的列，请在no列写明目标编号", words);
    }
    if (row.cells.empty() && !row.dropped) Error("", "没有写明要更正什么");
  }

  static std::string Take(const std::string& column, Correction& row) {
    auto node = row.cells.extract(column);
    return node.empty() ? std::string() : std::move(node.mapped());
  }

  void Error(absl::string_view column, absl::string_view expected, absl::string_view found = "") {
    ++error_count_;
    if (errors_.size() + 1 >= kMaxCorrectionErrorLines) return;
    const std::string where =
        column.empty() ? "" : absl::StrCat("“", Abbreviate(column, 30), "”列");
    const std::string what = found.empty() ? "" : absl::StrCat("“", Abbreviate(found, 30), "”，");
    errors_.push_back(absl::StrCat("第", line_, "行", where, "：", what, expected));
  }

  absl::Status Refusal() {
    const std::size_t more = error_count_ - errors_.size();
    if (more > 0) errors_.back() = absl::StrCat("还有", more + 1, "处错误没有列出");
    return Refuse("BAD_CORRECTIONS", absl::StrJoin(errors_, "\n"));
  }

  std::vector<std::string> lines_;
  std::vector<std::string> columns_;
  std::set<std::pair<std::string, int>> seen_;
  std::vector<Correction> corrections_;
  std::vector<std::string> errors_;
  std::size_t error_count_ = 0;
  int line_ = 1;
};

// The cells that differ; what `after` lacks is emptied.
TargetCells Difference(const TargetCells& before, const TargetCells& after) {
  TargetCells difference;
  for (const auto& [column, words] : after) {
    const auto known = before.find(column);
    if (known == before.end() || known->second != words) difference[column] = words;
  }
  for (const auto& [column, words] : before) {
    if (after.count(column) == 0) difference[column] = std::string(kEmptied);
  }
  return difference;
}

std::map<int, TargetCells> ByNumber(absl::Span<const TargetRow> targets) {
  std::map<int, TargetCells> by_number;
  for (const TargetRow& row : targets) by_number[row.no] = CellsOf(row);
  return by_number;
}

}  // namespace

absl::StatusOr<std::vector<Correction>> ParseCorrections(absl::string_view bytes,
                                                         absl::string_view filename) {
  const auto decoded = DecodeText(bytes);
  if (!decoded.ok()) return decoded.status();
  const auto lines = std::count(decoded->text.begin(), decoded->text.end(), '\n');
  if (lines > kMaxCorrections) {
    return Refuse("TOO_MANY_ROWS", absl::StrCat("更正表超过", kMaxCorrections, "行"));
  }
  auto rows = CorrectionsReader(decoded->text).Read();
  if (rows.ok()) return rows;
  return WithPrefix(rows.status(), absl::StrCat("更正表", filename, "有错误：\n"));
}

std::string CorrectionsTable(absl::Span<const Correction> corrections) {
  std::set<std::string> columns;
  for (const Correction& row : corrections) {
    for (const auto& [column, words] : row.cells) columns.insert(column);
  }
  std::string table = absl::StrCat("task\tno\tdrop\t", absl::StrJoin(columns, "\t"), "\n");
  for (const Correction& row : corrections) {
    absl::StrAppend(&table, row.task, "\t", row.target == 0 ? "" : absl::StrCat(row.target), "\t",
                    row.dropped ? "yes" : "");
    for (const std::string& column : columns) {
      const auto cell = row.cells.find(column);
      absl::StrAppend(&table, "\t", cell == row.cells.end() ? "" : cell->second);
    }
    absl::StrAppend(&table, "\n");
  }
  return table;
}

absl::StatusOr<Correction> ParseCorrectionFlag(absl::string_view flag) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(flag, absl::MaxSplits(':', 1));
  const std::pair<absl::string_view, absl::string_view> subject =
      absl::StrSplit(parts.first, absl::MaxSplits('#', 1));
  const std::pair<std::string, std::string> cell =
      absl::StrSplit(parts.second, absl::MaxSplits('=', 1));
  const bool drop = cell.first == "drop" && cell.second.empty();
  const auto rows =
      ParseCorrections(absl::StrCat("task\tno\t", cell.first, "\n", subject.first, "\t",
                                    subject.second, "\t", drop ? "yes" : cell.second, "\n"),
                       absl::StrCat("“", flag, "”"));
  if (!rows.ok()) return rows.status();
  if (rows->size() == 1) return rows->front();
  return Refuse("BAD_CORRECTIONS",
                absl::StrCat("“", flag, "”应写作municipal-07/1#2:base=1200这样的形式"));
}

std::vector<Correction> MergeCorrections(absl::Span<const Correction> kept,
                                         absl::Span<const Correction> more) {
  std::map<std::pair<std::string, int>, Correction> merged;
  for (const Correction& row : kept) merged[{row.task, row.target}] = row;
  for (const Correction& row : more) {
    const auto [at, fresh] = merged.try_emplace({row.task, row.target}, row);
    if (fresh) continue;
    for (const auto& [column, words] : row.cells) at->second.cells[column] = words;
    at->second.dropped = row.dropped;
    at->second.content = row.content;
    at->second.line = row.line;
  }
  std::vector<Correction> ordered;
  for (auto& [key, row] : merged) ordered.push_back(std::move(row));
  return ordered;
}

std::vector<Correction> CorrectionsBetween(absl::string_view task,
                                           absl::Span<const TargetRow> before,
                                           absl::Span<const TargetRow> after) {
  const auto old_cells = ByNumber(before);
  const auto new_cells = ByNumber(after);
  std::vector<Correction> corrections;
  for (const auto& [no, cells] : new_cells) {
    const auto known = old_cells.find(no);
    TargetCells changed =
        Difference(known == old_cells.end() ? TargetCells() : known->second, cells);
    if (changed.empty()) continue;
    corrections.push_back({.task = std::string(task), .target = no, .cells = std::move(changed)});
  }
  for (const auto& [no, cells] : old_cells) {
    if (new_cells.count(no) != 0) continue;
    corrections.push_back({.task = std::string(task), .target = no, .dropped = true});
  }
  return corrections;
}

void Overlay(const Correction& correction, TargetCells& cells) {
  for (const auto& [column, words] : correction.cells) {
    if (words == kEmptied) {
      cells.erase(column);
    } else {
      cells[column] = words;
    }
  }
}

}  // namespace minsheng::registry
