// rehearse: the year of a sample, to a day.
#include <unistd.h>

#include <iostream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/json.h"
#include "tools/cli/rehearsal.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

constexpr int kBarWidth = 30;

// A bar that is drawn over itself on a terminal; elsewhere a line whenever a month begins.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

  void operator()(const Rehearsal::Tally& tally, absl::Time at, const std::string& label) {
    if (quiet_) return;
    const int done = tally.sent + tally.skipped;
    if (terminal_) return Draw(done, tally.total, at, label);
    const std::string month = absl::FormatTime("%Y-%m", at, Shanghai());
    if (month == month_ && done != tally.total) return;
    month_ = month;
    std::cerr << month << "  " << done << '/' << tally.total << '\n';
  }

  void End() const {
    if (!quiet_ && terminal_) std::cerr << "\r\x1b[K";
  }

 private:
  static void Draw(int done, int total, absl::Time at, const std::string& label) {
    const int filled = total == 0 ? kBarWidth : done * kBarWidth / total;
    std::cerr << "\r\x1b[K[" << std::string(static_cast<size_t>(filled), '#')
              << std::string(static_cast<size_t>(kBarWidth - filled), '.') << "] " << done << '/'
              << total << "  " << ShowInstant(at) << "  " << Elide(label, 40) << std::flush;
  }

  const bool quiet_;
  const bool terminal_;
  std::string month_;
};

struct RehearseArgs {
  std::string folder;
  std::string to;
};

absl::Status Rehearse(Cli& cli, const RehearseArgs& args) {
  ASSIGN_OR_RETURN(const absl::Time to, ParseInstant(args.to));
  ASSIGN_OR_RETURN(Sample sample, ReadSample(args.folder));
  const std::string program = sample.program();
  auto display = std::make_shared<ProgressDisplay>(cli.json());
  Rehearsal rehearsal(cli, std::move(sample), to,
                      [display](const Rehearsal::Tally& tally, absl::Time at,
                                const std::string& label) { (*display)(tally, at, label); });
  const absl::Status status = rehearsal.Run();
  display->End();
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
