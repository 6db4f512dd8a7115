// feed read: a service's event log, the truth of which its tables are projections.
#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/errors.h"
#include "tools/cli/json.h"
#include "tools/cli/names.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using common::v1::Event;
using common::v1::EventLogService;
using common::v1::ReadEventsRequest;

constexpr int32_t kPageMax = 1000;
constexpr int32_t kWaitMs = 10'000;

struct FeedArgs {
  std::string service;
  int64_t after = 0;
  int64_t max = 0;
  bool follow = false;
};

// Prints events as they come: a JSON array, one JSON object a line when following, or lines for
// people.
class EventPrinter {
 public:
  EventPrinter(const Cli& cli, bool follow) : cli_(cli), follow_(follow) {
    if (cli_.json() && !follow_) cli_.out() << '[';
  }

  void Print(const Event& event) {
    if (!cli_.json()) {
      PrintLine(event);
    } else if (follow_) {
      cli_.out() << ToJson(event, /*indented=*/false);
    } else {
      cli_.out() << (first_ ? "\n" : ",\n") << ToJson(event);
    }
    first_ = false;
  }

  void End() {
    if (cli_.json() && !follow_) cli_.out() << "]\n";
  }

 private:
  void PrintLine(const Event& event) {
    const std::string type = event.payload().type_url();
    cli_.out() << Pad(absl::StrCat(event.position()), 7, Align::kRight) << "  " << FormatTime(event)
               << "  " << Pad(type.substr(type.find_last_of('.') + 1), 18, Align::kLeft) << "  "
               << Pad(absl::StrCat(event.actor().unit(), event.actor().post()), 24, Align::kLeft)
               << "  " << event.subject() << '\n';
  }

  static std::string FormatTime(const Event& event) { return ShowInstant(event.recorded_at()); }

  const Cli& cli_;
  const bool follow_;
  bool first_ = true;
};

absl::Status ReadFeed(Cli& cli, const FeedArgs& args) {
  ASSIGN_OR_RETURN(const Peer* peer, cli.PeerNamed(args.service));
  ReadEventsRequest request;
  request.set_after(args.after);
  EventPrinter printer(cli, args.follow);
  int64_t left = args.max > 0 ? args.max : INT64_MAX;
  while (left > 0) {
    request.set_max(static_cast<int32_t>(std::min<int64_t>(left, kPageMax)));
    request.set_wait_ms(args.follow ? kWaitMs : 0);
    ASSIGN_OR_RETURN(const auto page,
                     peer->Call(&EventLogService::Stub::ReadEvents, request, cli.As(kAuditor)));
    for (const Event& event : page.events()) printer.Print(event);
    cli.out().flush();
    if (page.events().empty() && !args.follow) break;
    if (page.events().empty()) continue;
    left -= page.events_size();
    request.set_after(page.events().rbegin()->position());
    request.set_after_hash(page.events().rbegin()->hash());
  }
  printer.End();
  return absl::OkStatus();
}

}  // namespace

void AddFeedCommands(CLI::App& app, Cli& cli) {
  CLI::App* feed = AddGroup(app, "feed", "The services' event logs (事件日志)");
  auto args = std::make_shared<FeedArgs>();
  CLI::App* read = feed->add_subcommand("read", "Events in order of position");
  read->add_option("SERVICE", args->service, "registry or progress")->required();
  read->add_option("--after", args->after, "only events after this position")
      ->check(CLI::NonNegativeNumber);
  read->add_option("--max", args->max, "at most this many; default: all")
      ->check(CLI::PositiveNumber);
  read->add_flag("--follow", args->follow,
                 "wait for more until interrupted; json: one event a line");
  cli.OnRun(read, [args](Cli& c) { return ReadFeed(c, *args); });
}

}  // namespace minsheng::cli
