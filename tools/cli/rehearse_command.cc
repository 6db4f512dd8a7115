// rehearse: the year of a sample, to a day.
#include <memory>

#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/json.h"
#include "tools/cli/progress_bar.h"
#include "tools/cli/rehearsal.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

struct RehearseArgs {
  std::string folder;
  std::string to;
};

absl::Status Rehearse(Cli& cli, const RehearseArgs& args) {
  ASSIGN_OR_RETURN(const absl::Time to, ParseInstant(args.to));
  ASSIGN_OR_RETURN(Sample sample, ReadSample(args.folder));
  const std::string program = sample.program();
  ProgressBar bar(cli.json());
  const auto show = [&bar](const Rehearsal::Tally& tally, absl::Time at, const std::string& label) {
    bar.Show(tally.sent + tally.skipped, tally.total,
             absl::StrCat(ShowInstant(at), "  ", Elide(label, 40)),
             absl::FormatTime("%Y-%m", at, Shanghai()));
  };
  Rehearsal rehearsal(cli, std::move(sample), to, show);
  const absl::Status status = rehearsal.Run();
  bar.End();
  RETURN_IF_ERROR(status);
  const Rehearsal::Tally& tally = rehearsal.tally();
  const absl::Time now = rehearsal.now();
  if (cli.json()) {
    cli.out() << ToJson(JsonParts{{"program", JsonQuoted(program)},
                                  {"now", JsonQuoted(FormatInstant(now))},
                                  {"sent", absl::StrCat(tally.sent)},
                                  {"skipped", absl::StrCat(tally.skipped)}});
    return absl::OkStatus();
  }
  cli.out() << program << (now > to ? " 时间已过，停在 " : " 演练到 ") << FormatInstant(now)
            << "：办理" << tally.sent << "件";
  if (tally.skipped > 0) cli.out() << "，先前已过" << tally.skipped << "件";
  cli.out() << "。看结果：minsheng status\n";
  return absl::OkStatus();
}

}  // namespace

void AddRehearseCommand(CLI::App& app, Cli& cli) {
  auto args = std::make_shared<RehearseArgs>();
  CLI::App* rehearse = app.add_subcommand(
      "rehearse", "Go through a sample's year on services made with --rehearsal (演练)");
  rehearse->add_option("DIR", args->folder, "e.g. deploy/samples/wulong-2024")->required();
  rehearse->add_option("--to", args->to, "2024-10-01: up to that day's beginning")->required();
  cli.OnRun(rehearse, [args](Cli& c) { return Rehearse(c, *args); });
}

}  // namespace minsheng::cli
