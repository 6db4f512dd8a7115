// district create, program list, program publish.
#include <memory>

#include "minsheng/registry/v1/registry.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/names.h"
#include "tools/cli/times.h"
#include "tools/cli/words.h"

namespace minsheng::cli {
namespace {

using registry::v1::CreateDistrictRequest;
using registry::v1::GetProgramRequest;
using registry::v1::ListProgramsRequest;
using registry::v1::PublishProgramRequest;
using registry::v1::RegistryService;

struct DistrictArgs {
  std::string code;
  std::string title;
};

absl::Status CreateDistrict(Cli& cli, const DistrictArgs& args) {
  CreateDistrictRequest request;
  ASSIGN_OR_RETURN(*request.mutable_district()->mutable_name(), DistrictName(args.code));
  request.mutable_district()->set_title(args.title);
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const auto response, cli.registry().Call(&RegistryService::Stub::CreateDistrict,
                                                            request, cli.As(kListOffice)));
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    cli.out() << "已登记 " << response.district().name() << "  " << response.district().title()
              << '\n';
  }
  return absl::OkStatus();
}

absl::Status ListPrograms(Cli& cli) {
  ListProgramsRequest request;
  request.set_parent("districts/-");
  ASSIGN_OR_RETURN(const auto list,
                   cli.registry().ListAll(&RegistryService::Stub::ListPrograms, request));
  if (cli.json()) {
    cli.PrintJson(list);
    return absl::OkStatus();
  }
  Table table({{"年度清单"},
               {"标题", Align::kLeft, 50},
               {"状态"},
               {"项目", Align::kRight},
               {"任务", Align::kRight},
               {"列明总投资(万元)", Align::kRight},
               {"发布时间"}});
  for (const auto& program : list.programs()) {
    table.Add({program.name(), program.title(), ProgramStateWord(program.state()),
               static_cast<int64_t>(program.project_count()),
               static_cast<int64_t>(program.task_count()),
               ShowWanYuan(program.has_declared_total(), program.declared_total()),
               ShowInstant(program.publish_time())});
  }
  cli.Print(table);
  return absl::OkStatus();
}

absl::Status PublishProgram(Cli& cli) {
  GetProgramRequest get;
  ASSIGN_OR_RETURN(*get.mutable_name(), cli.Program());
  ASSIGN_OR_RETURN(const auto draft, cli.registry().Call(&RegistryService::Stub::GetProgram, get));
  PublishProgramRequest request;
  request.set_name(get.name());
  request.set_etag(draft.program().etag());
  request.set_request_id(cli.RequestId());
  ASSIGN_OR_RETURN(const auto response, cli.registry().Call(&RegistryService::Stub::PublishProgram,
                                                            request, cli.As(kListOffice)));
  if (cli.json()) {
    cli.PrintJson(response);
  } else {
    cli.out() << "已发布 " << response.program().name() << "："
              << response.program().project_count() << "个项目，" << response.program().task_count()
              << "项任务\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddProgramCommands(CLI::App& app, Cli& cli) {
  CLI::App* district = AddGroup(app, "district", "Districts (区县)");
  auto args = std::make_shared<DistrictArgs>();
  CLI::App* create = district->add_subcommand("create", "Register a district");
  create->add_option("CODE", args->code, "GB/T 2260 code, 500156")->required();
  create->add_option("TITLE", args->title, "武隆区")->required();
  cli.OnRun(create, [args](Cli& c) { return CreateDistrict(c, *args); });

  CLI::App* program = AddGroup(app, "program", "The yearly lists (年度清单)");
  cli.OnRun(program->add_subcommand("list", "All programs of all districts"), ListPrograms);
  cli.OnRun(program->add_subcommand("publish", "Make the draft the list in force"), PublishProgram);
}

}  // namespace minsheng::cli
