#include "tools/cli/notice_view.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/registry/domain/money.h"
#include "tools/cli/names.h"
#include "tools/cli/words.h"

namespace minsheng::cli {

using registry::v1::Change;
using registry::v1::ImportProgramResponse;
using registry::v1::Program;
using registry::v1::Task;

namespace {

std::string FieldWord(const std::string& field) {
  static const auto* const words =
      new std::map<std::string, const char*>{{"added", "新增"},
                                             {"removed", "移出"},
                                             {"name", "项目名称"},
                                             {"content", "工作内容"},
                                             {"amount", "总投资(万元)"},
                                             {"leads", "牵头单位"},
                                             {"assists", "协作单位"},
                                             {"targets", "目标"},
                                             {"title", "标题"},
                                             {"document_number", "文号"},
                                             {"issued_on", "成文日期"},
                                             {"approving_body", "批准机关"},
                                             {"report_recipient", "报送单位"},
                                             {"money_unit", "金额单位"},
                                             {"groups", "分组"},
                                             {"declared_total", "列明总投资"}};
  absl::string_view rest = field;
  if (absl::ConsumePrefix(&rest, "targets/")) return absl::StrCat("目标", rest);
  if (absl::ConsumePrefix(&rest, "attributes/")) return std::string(rest);
  const auto it = words->find(field);
  return it == words->end() ? field : it->second;
}

// Amounts come in yuan.
std::string Shown(const Change& change, const std::string& words) {
  if (change.field() != "amount") return words;
  if (words.empty()) return "—";
  const auto fen = registry::ParseAmount(words, registry::MoneyUnit::kYuan);
  if (!fen.ok() || !fen->has_value()) return words;
  return registry::FormatAmount(**fen, registry::MoneyUnit::kWanYuan);
}

// Of a list too long for one answer.
void ShowRest(const Cli& cli, int count, const char* what) {
  if (count > 0) cli.out() << "（另有" << count << what << "未列出）\n";
}

}  // namespace

void ShowProgram(const Cli& cli, const Program& program) {
  std::ostream& out = cli.out();
  out << Coloured(program.title(), Colour::kBold, cli.colour())
      << (program.illustration() ? "（示例，非官方）" : "") << '\n';
  out << program.name() << "  " << ProgramStateWord(program.state()) << "  "
      << program.project_count() << "个项目  " << program.task_count() << "项任务  列明总投资 "
      << ShowWanYuan(program.has_declared_total(), program.declared_total()) << " 万元\n";
  if (!program.document_number().empty() || !program.issued_on().empty()) {
    out << "文号 " << program.document_number() << "  成文日期 " << program.issued_on() << '\n';
  }
  for (const auto& group : program.groups()) {
    out << "  " << group.id() << "  " << group.title();
    if (group.declared_count() > 0) out << "（" << group.declared_count() << "件）";
    out << "  小计 " << ShowWanYuan(group.has_declared_total(), group.declared_total())
        << " 万元\n";
  }
}

void ShowTasks(const Cli& cli, const google::protobuf::RepeatedPtrField<Task>& tasks) {
  Table table({{"任务", Align::kLeft, 0},
               {"项目", Align::kLeft, 30},
               {"工作内容", Align::kLeft, 40},
               {"总投资(万元)", Align::kRight, 0},
               {"牵头单位", Align::kLeft, 32},
               {"目标", Align::kRight, 0}});
  for (const Task& task : tasks) {
    table.Add({ShortTask(task.name()), task.project_title(), task.content(),
               ShowWanYuan(task.has_planned_investment(), task.planned_investment()),
               absl::StrJoin(task.lead_units(), "、"), static_cast<int64_t>(task.targets_size())});
  }
  cli.Print(table);
}

void ShowDiagnostics(const Cli& cli, const ImportProgramResponse& response) {
  for (const auto& diagnostic : response.diagnostics()) {
    std::string place;
    if (diagnostic.place().row() > 0) absl::StrAppend(&place, "第", diagnostic.place().row(), "行");
    if (diagnostic.place().column() > 0) {
      absl::StrAppend(&place, "第", diagnostic.place().column(), "列");
    }
    cli.out() << Coloured(SeverityWord(diagnostic.severity()),
                          SeverityColour(diagnostic.severity()), cli.colour())
              << " [" << diagnostic.code() << "] " << place << (place.empty() ? "" : "：")
              << diagnostic.message() << '\n';
  }
  ShowRest(cli, response.diagnostic_count() - response.diagnostics_size(), "条提示");
}

void ShowChanges(const Cli& cli, const ImportProgramResponse& response) {
  Table table({{"名称", Align::kLeft, 0},
               {"变动", Align::kLeft, 0},
               {"库中", Align::kLeft, 40},
               {"文件中", Align::kLeft, 40}});
  for (const auto& change : response.changes()) {
    table.Add({ShortTask(change.name()), FieldWord(change.field()), Shown(change, change.before()),
               Shown(change, change.after())});
  }
  cli.Print(table);
  ShowRest(cli, response.change_count() - response.changes_size(), "处变动");
}

}  // namespace minsheng::cli
