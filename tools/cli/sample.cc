#include "tools/cli/sample.h"

#include <filesystem>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/cells.h"
#include "tools/cli/csv.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"
#include "tools/cli/json.h"
#include "tools/cli/names.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

namespace fs = std::filesystem;

const std::vector<CsvColumn>& ActionColumns() {
  static const auto* const columns = new std::vector<CsvColumn>{
      {"at", "时间", true}, {"action", "动作", true}, {"task", "任务", true}, {"period", "报送期"},
      {"reason", "原因"},   {"light", "灯"},          {"valid_to", "有效至"}};
  return *columns;
}

absl::Status ReadProgram(const std::string& path, Sample& sample) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(const auto json, ParseJson(text, path));
  const auto& district = JsonObject(json, "district");
  ASSIGN_OR_RETURN(const std::string name, DistrictName(JsonText(district, "name")));
  sample.district.set_name(name);
  sample.district.set_title(JsonText(district, "title"));
  int32_t year = 0;
  if (!absl::SimpleAtoi(JsonText(json, "year"), &year)) {
    return Failure("BAD_JSON", absl::StrCat(path, " 缺少 year，如 2024"));
  }
  registry::v1::ImportProgramRequest& import = sample.import;
  import.set_parent(name);
  import.set_year(year);
  import.set_document_number(JsonText(json, "document_number"));
  import.set_issued_on(JsonText(json, "issued_on"));
  import.set_approving_body(JsonText(json, "approving_body"));
  import.set_report_recipient(JsonText(json, "report_recipient"));
  import.set_money_unit(JsonText(json, "money_unit"));
  import.set_illustration(JsonBool(json, "illustration"));
  return absl::OkStatus();
}

absl::Status ReadList(const std::string& folder, Sample& sample) {
  for (const char* name : {"list.csv", "list.txt", "list.docx", "list.xlsx"}) {
    const std::string path = absl::StrCat(folder, "/", name);
    if (!fs::exists(path)) continue;
    ASSIGN_OR_RETURN(*sample.import.mutable_content(), ReadFile(path));
    sample.import.set_file_name(name);
    break;
  }
  if (sample.import.file_name().empty()) {
    return Failure("FILE_UNREADABLE",
                   absl::StrCat(folder, " 中没有 list.csv、list.txt、list.docx 或 list.xlsx"));
  }
  const std::string corrections = absl::StrCat(folder, "/corrections.tsv");
  if (fs::exists(corrections)) {
    ASSIGN_OR_RETURN(*sample.import.mutable_corrections(), ReadFile(corrections));
  }
  return absl::OkStatus();
}

ActionRow ReadAction(Cells& cells) {
  ActionRow action;
  action.row = cells.row();
  cells.Needed("at");
  action.at = cells.Instant("at").value_or(absl::InfinitePast());
  action.task = cells.Task("task");
  action.reason = cells.Text("reason");
  const std::string& kind = cells.Needed("action");
  if (kind == "judge") {
    action.kind = ActionRow::Kind::kJudge;
    const auto light = ParseLight(cells.Needed("light"));
    cells.Note("light", light.status());
    action.light = light.value_or(progress::v1::LIGHT_UNSPECIFIED);
    action.valid_to = cells.Day("valid_to");
    return action;
  }
  action.kind = kind == "exempt" ? ActionRow::Kind::kExempt : ActionRow::Kind::kReturn;
  if (kind != "exempt" && kind != "return") {
    cells.Note("action", absl::StrCat("“", kind, "”请写成 return、exempt 或 judge"));
  }
  action.period = cells.Needed("period");
  cells.Note("period", CheckPeriod(action.period));
  return action;
}

absl::StatusOr<std::vector<ActionRow>> ReadActions(const std::string& path) {
  ASSIGN_OR_RETURN(const auto rows, ReadCsv(path, ActionColumns()));
  std::vector<ActionRow> actions;
  CellErrors errors;
  for (const CsvRow& row : rows) {
    Cells cells(row, errors);
    actions.push_back(ReadAction(cells));
  }
  RETURN_IF_ERROR(errors.ToStatus(path));
  return actions;
}

// A year can only be gone through when every row says when it happened.
template <typename Rows>
absl::Status CheckFiled(const Rows& rows, const std::string& path) {
  CellErrors errors;
  for (const auto& row : rows) {
    if (!row.filed_at) errors.Add(row.row, "filed_at", "演练需要报送时间，不能为空");
    if (row.task.empty()) errors.Add(row.row, "task", "不能为空");
  }
  return errors.ToStatus(path);
}

}  // namespace

std::string Sample::program() const {
  return absl::StrCat(district.name(), "/programs/", import.year());
}

absl::StatusOr<Sample> ReadSample(const std::string& folder) {
  Sample sample;
  RETURN_IF_ERROR(ReadProgram(absl::StrCat(folder, "/program.json"), sample));
  RETURN_IF_ERROR(ReadList(folder, sample));
  if (const std::string path = absl::StrCat(folder, "/plans.csv"); fs::exists(path)) {
    ASSIGN_OR_RETURN(sample.plans, ReadPlans(path));
    RETURN_IF_ERROR(CheckFiled(sample.plans, path));
  }
  if (const std::string path = absl::StrCat(folder, "/reports.csv"); fs::exists(path)) {
    ASSIGN_OR_RETURN(sample.reports, ReadReports(path));
    RETURN_IF_ERROR(CheckFiled(sample.reports, path));
  }
  if (const std::string path = absl::StrCat(folder, "/actions.csv"); fs::exists(path)) {
    ASSIGN_OR_RETURN(sample.actions, ReadActions(path));
  }
  return sample;
}

}  // namespace minsheng::cli
