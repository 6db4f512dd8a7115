#include "services/registry/domain/conventions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "services/registry/domain/contacts.h"
#include "services/registry/domain/text.h"
#include "services/registry/domain/units.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNoteCharsMax = 200;
constexpr std::array<absl::string_view, 6> kFirst = {"第一位", "排第一", "首位",
                                                     "列第一", "排在首", "第一个"};
constexpr std::array<absl::string_view, 4> kAssisting = {"协办", "配合", "协作", "协助"};

bool SaysFirstLeads(absl::string_view words) {
  return ContainsAny(words, kFirst) && ContainsAny(words, {"牵头", "主办"});
}

// 除特别注明的外，各街道为各项目协办单位。 → 各街道
std::string AssistsForAll(absl::string_view words) {
  const bool says = absl::StrContains(words, "除") && absl::StrContains(words, "外") &&
                    ContainsAny(words, kAssisting);
  if (!says) return "";
  absl::string_view rest = words.substr(words.find("外") + absl::string_view("外").size());
  while (absl::StartsWith(rest, "，") || absl::StartsWith(rest, ",")) {
    rest.remove_prefix(absl::StartsWith(rest, ",") ? 1 : absl::string_view("，").size());
  }
  const std::size_t end = std::min(rest.find("为"), rest.find("均"));
  return end == absl::string_view::npos ? "" : std::string(rest.substr(0, end));
}

bool IsBold(absl::string_view cell, absl::string_view name, absl::Span<const ByteRange> bold) {
  const std::size_t begin = cell.find(name);
  if (begin == absl::string_view::npos) return false;
  return std::any_of(bold.begin(), bold.end(), [&](const ByteRange& range) {
    return range.begin <= begin && begin + name.size() <= range.end;
  });
}

template <typename Each>
void ForEachTask(absl::Span<NoticeProject> projects, const Each& each) {
  for (NoticeProject& project : projects) {
    for (NoticeTask& task : project.tasks) each(task);
  }
}

std::string WordsOf(const std::vector<UnitRef>& units) {
  return absl::StrJoin(units, "、", [](std::string* out, const UnitRef& unit) {
    absl::StrAppend(out, UnitWords(unit));
  });
}

}  // namespace

Conventions FindConventions(const Grid& grid) {
  Conventions conventions;
  for (const GridRow& row : grid.rows) {
    for (const std::string& cell : row.cells) {
      if (!ContainsAny(cell, {"牵头", "协办", "配合", "协作", "协助"})) continue;
      if (CharCount(cell) > kNoteCharsMax) continue;
      conventions.first_leads = conventions.first_leads || SaysFirstLeads(cell);
      conventions.bold_leads =
          conventions.bold_leads || ContainsAny(cell, {"加粗", "黑体", "粗体"});
      const std::string assists = AssistsForAll(cell);
      if (!assists.empty()) conventions.assists = ParseUnits(DropContacts(assists).text).units;
    }
  }
  return conventions;
}

void ApplyConventions(const Conventions& conventions, absl::Span<NoticeProject> projects,
                      Findings& findings) {
  if (conventions.first_leads) {
    ForEachTask(projects, [&](NoticeTask& task) {
      if (task.leads.size() < 2) return;
      task.assists.insert(task.assists.begin(), task.leads.begin() + 1, task.leads.end());
      task.leads.resize(1);
    });
    findings.Info("LEAD_IS_FIRST", findings.Whole(),
                  "清单注明列第一位者为牵头单位，其余单位按协作单位读入");
  }
  if (conventions.assists.empty()) return;
  ForEachTask(projects, [&](NoticeTask& task) {
    if (task.assists.empty()) task.assists = conventions.assists;
  });
  findings.Info(
      "ASSISTS_FROM_NOTE", findings.Whole(),
      absl::StrCat("按清单的附注，未注明协作单位的任务由", WordsOf(conventions.assists), "协作"));
}

BoldUnits SplitByBold(absl::string_view cell, absl::Span<const ByteRange> bold) {
  BoldUnits split;
  if (bold.empty()) return split;
  const UnitList list = ParseUnits(cell);
  std::vector<UnitRef> leads;
  std::vector<UnitRef> assists;
  for (const UnitRef& unit : list.units) {
    (IsBold(cell, unit.name, bold) ? leads : assists).push_back(unit);
  }
  if (leads.empty() || assists.empty()) return split;
  return {WordsOf(leads), WordsOf(assists)};
}

}  // namespace minsheng::registry
