#include "tools/cli/notice_view.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "services/registry/domain/money.h"
#include "services/registry/domain/targets.h"
#include "services/registry/render/render.h"
#include "tools/cli/names.h"
#include "tools/cli/words.h"

namespace minsheng::cli {

using registry::v1::Change;
using registry::v1::Diagnostic;
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
                                             {"continues", "延续上年任务"},
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

namespace {

bool NeedsEyes(const Diagnostic& diagnostic) {
  return diagnostic.severity() >= registry::v1::SEVERITY_WARNING;
}

void ShowDiagnostic(const Cli& cli, const Diagnostic& diagnostic, const char* indent,
                    const std::string& place) {
  cli.out() << indent
            << Coloured(SeverityWord(diagnostic.severity()), SeverityColour(diagnostic.severity()),
                        cli.colour())
            << " [" << diagnostic.code() << "] " << place << (place.empty() ? "" : "：")
            << diagnostic.message() << '\n';
}

// A list in the order and the words of its notice, with what the importer made of each row.
class ListView {
 public:
  ListView(const Cli& cli, const ImportProgramResponse& response) : cli_(cli), response_(response) {
    for (const Diagnostic& diagnostic : response.diagnostics()) {
      if (NeedsEyes(diagnostic)) by_row_.emplace(diagnostic.place().row(), &diagnostic);
    }
  }

  void Show() {
    std::string group = "-";
    std::string project;
    for (const Task& task : response_.tasks()) {
      if (task.group() != group) ShowGroup(task.group());
      group = task.group();
      if (ProjectOf(task) != project) ShowProject(task);
      project = ProjectOf(task);
      ShowTask(task);
    }
  }

 private:
  void ShowGroup(const std::string& id) {
    for (const auto& group : response_.program().groups()) {
      if (group.id() != id || group.title().empty()) continue;
      cli_.out() << '\n'
                 << Coloured(group.title(), Colour::kBold, cli_.colour()) << "  小计 "
                 << ShowWanYuan(group.has_declared_total(), group.declared_total()) << " 万元\n";
    }
  }

  // "municipal-11".
  static std::string ProjectOf(const Task& task) {
    const std::string id = ShortTask(task.name());
    return id.substr(0, id.find('/'));
  }

  void ShowProject(const Task& task) {
    cli_.out() << "\n"
               << Coloured(task.project_title(), Colour::kBold, cli_.colour()) << "  "
               << ProjectOf(task) << '\n';
  }

  void ShowTask(const Task& task) {
    cli_.out() << "  " << ShortTask(task.name()) << "  " << task.content() << '\n'
               << "    " << ShowWanYuan(task.has_planned_investment(), task.planned_investment())
               << " 万元  牵头 " << OrDash(absl::StrJoin(task.lead_units(), "、")) << "  协作 "
               << OrDash(absl::StrJoin(task.cooperating_units(), "、")) << '\n';
    for (const auto& target : task.targets()) ShowTarget(target);
    for (const auto& step : task.steps()) {
      cli_.out() << "    " << step.due_on() << "  " << step.words() << '\n';
    }
    if (task.unread_size() > 0) {
      cli_.out() << Coloured(absl::StrCat("    未读作目标：", absl::StrJoin(task.unread(), "｜")),
                             Colour::kGray, cli_.colour())
                 << '\n';
    }
    const auto [begin, end] = by_row_.equal_range(task.source_row());
    for (auto it = begin; it != end; ++it) ShowDiagnostic(cli_, *it->second, "    ", "");
  }

  void ShowTarget(const registry::v1::Target& target) {
    cli_.out() << "    "
               << Coloured(absl::StrCat("目标", target.number(), "  "), Colour::kCyan,
                           cli_.colour())
               << registry::TargetWords(registry::TargetRowOf(target));
    if (target.confidence() < 100) cli_.out() << "  把握" << target.confidence() << "%";
    cli_.out() << '\n';
  }

  static std::string OrDash(std::string words) { return words.empty() ? "—" : words; }

  const Cli& cli_;
  const ImportProgramResponse& response_;
  std::multimap<int, const Diagnostic*> by_row_;
};

}  // namespace

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

void ShowList(const Cli& cli, const ImportProgramResponse& response) {
  ListView(cli, response).Show();
  ShowRest(cli, response.program().task_count() - response.tasks_size(), "项任务");
}

void ShowDiagnostics(const Cli& cli, const ImportProgramResponse& response) {
  for (const auto& diagnostic : response.diagnostics()) {
    std::string place;
    if (diagnostic.place().row() > 0) absl::StrAppend(&place, "第", diagnostic.place().row(), "行");
    if (diagnostic.place().column() > 0) {
      absl::StrAppend(&place, "第", diagnostic.place().column(), "列");
    }
    ShowDiagnostic(cli, diagnostic, "", place);
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
