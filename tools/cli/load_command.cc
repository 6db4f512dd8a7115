// load: samples into running services, at their present time.
#include <filesystem>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/json.h"
#include "tools/cli/load.h"
#include "tools/cli/progress_bar.h"

namespace minsheng::cli {
namespace {

std::string Seconds(absl::Duration duration) {
  return absl::StrFormat("%.1f", absl::ToDoubleSeconds(duration));
}

std::string PerSecond(int64_t count, absl::Duration duration) {
  const double seconds = absl::ToDoubleSeconds(duration);
  return seconds > 0 ? absl::StrFormat("%.0f", static_cast<double>(count) / seconds) : "—";
}

void Report(const Cli& cli, size_t districts, const Load::Tally& tally, absl::Duration took) {
  if (cli.json()) {
    cli.out() << ToJson(JsonParts{{"districts", absl::StrCat(districts)},
                                  {"tasks", absl::StrCat(tally.tasks)},
                                  {"plans", absl::StrCat(tally.plans)},
                                  {"reports", absl::StrCat(tally.reports)},
                                  {"actions", absl::StrCat(tally.actions)},
                                  {"list_seconds", Seconds(tally.list_took)},
                                  {"plan_seconds", Seconds(tally.plans_took)},
                                  {"report_seconds", Seconds(tally.reports_took)},
                                  {"seconds", Seconds(took)}});
    return;
  }
  Table table({{"装入"}, {"行数", Align::kRight}, {"秒", Align::kRight}, {"行/秒", Align::kRight}});
  const auto add = [&](const char* what, int64_t rows, absl::Duration spent) {
    table.Add({what, rows, Seconds(spent), PerSecond(rows, spent)});
  };
  add("清单任务", tally.tasks, tally.list_took);
  add("计划（报送并批准）", tally.plans, tally.plans_took);
  add("月报和处置", tally.reports + tally.actions, tally.reports_took);
  add("合计", tally.tasks + tally.plans + tally.reports + tally.actions, took);
  cli.Print(table);
  cli.out()
      << "已装入" << districts
      << "个区县。记录时间都是现在：收到日期照文件，完成时间和计划批准时间不是当年的；要按日期"
         "重现，请用 minsheng rehearse\n";
}

absl::Status LoadAll(Cli& cli, const std::string& folder) {
  ASSIGN_OR_RETURN(const auto folders, SampleFolders(folder));
  const absl::Time begin = absl::Now();
  ProgressBar bar(cli.json());
  Load::Tally all;
  for (size_t i = 0; i < folders.size(); ++i) {
    const std::string name = std::filesystem::path(folders[i]).filename().string();
    const auto show = [&](int64_t done, int64_t total, const std::string& doing) {
      bar.Show(static_cast<int64_t>(i), static_cast<int64_t>(folders.size()),
               absl::StrCat(name, "  ", doing, "  ", done, "/", total),
               absl::StrCat(i * 10 / folders.size() * 10, "%"));
    };
    ASSIGN_OR_RETURN(Sample sample, ReadSample(folders[i]));
    Load load(cli, std::move(sample), show);
    if (const absl::Status status = load.Run(); !status.ok()) {
      return platform::Prefixed(status, absl::StrCat(folders[i], "："));
    }
    all.Add(load.tally());
  }
  bar.End();
  Report(cli, folders.size(), all, absl::Now() - begin);
  return absl::OkStatus();
}

}  // namespace

void AddLoadCommand(CLI::App& app, Cli& cli) {
  auto folder = std::make_shared<std::string>();
  CLI::App* load = app.add_subcommand(
      "load", "Put samples into the services in large calls, at their time (装入)");
  load->footer(
      "Creates each district, imports and publishes its list, files and approves plans, files "
      "reports in batches\n"
      "of 1000 and repeats the office's decisions. The services' time must be past the samples' "
      "last row and does\n"
      "not move: on a rehearsal, run minsheng clock advance first.\n"
      "What a load cannot do: all of it is recorded now. received_on keeps who was late; but the "
      "services know\n"
      "nothing of earlier dates (--as-of), and completions and approvals of plans carry the load's "
      "date. For a year\n"
      "at its own dates: minsheng rehearse. An interrupted load can be run again: what is there is "
      "not repeated.");
  load->add_option("FOLDER", *folder, "a sample, or a folder of samples (minsheng generate)")
      ->required();
  cli.OnRun(load, [folder](Cli& c) { return LoadAll(c, *folder); });
}

}  // namespace minsheng::cli
