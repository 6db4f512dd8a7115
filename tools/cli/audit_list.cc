#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "tools/cli/audit_log.h"
#include "tools/cli/errors.h"
#include "tools/cli/json.h"
#include "tools/cli/times.h"

namespace minsheng::cli {
namespace {

using common::v1::Actor;
using common::v1::Event;
using common::v1::Refusal;

constexpr int64_t kLinesDefault = 200;

struct ListArgs {
  std::vector<std::string> services;
  std::string since, until;
  std::string actor, unit, subject;
  bool refused = false;
  int64_t limit = kLinesDefault;
};

struct Filter {
  absl::Time since = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
  const ListArgs& args;

  // `subject` is null where there is none: then one that is asked for does not fit.
  bool Fits(absl::Time time, const Actor& actor, const std::string* subject) const {
    if (time < since || time >= until) return false;
    if (!args.unit.empty() && actor.unit() != args.unit) return false;
    if (!args.actor.empty() && !Names(actor)) return false;
    return args.subject.empty() || (subject && absl::StrContains(*subject, args.subject));
  }

 private:
  bool Names(const Actor& actor) const {
    return args.actor == actor.post() || args.actor == actor.role() || args.actor == actor.unit() ||
           args.actor == actor.credential();
  }
};

// A change or a refused attempt, ready to be shown.
struct Entry {
  absl::Time time;
  std::string service;
  std::string json;
  std::vector<Cell> cells;
};

std::string LastPart(const std::string& text, char before) {
  return text.substr(text.find_last_of(before) + 1);
}

std::string Who(const Actor& actor) {
  if (actor.role().empty()) return "（未识别）";
  return absl::StrCat(actor.unit(), actor.unit().empty() ? "" : " ", actor.post(), " [",
                      actor.role(), "]");
}

Entry EntryOf(const std::string& service, const Event& event) {
  const absl::Time time = platform::FromTimestamp(event.recorded_at());
  const std::string what = LastPart(event.payload().type_url(), '.');
  return {time,
          service,
          absl::StrCat("{\"service\": ", JsonQuoted(service), ", \"event\": ", ToJson(event), "}"),
          {ShowInstant(time), service, event.position(), "变更", Who(event.actor()),
           absl::StrCat(LastPart(event.method(), '/'), " → ", what), event.subject()}};
}

Entry EntryOf(const std::string& service, const Refusal& refusal) {
  const absl::Time time = platform::FromTimestamp(refusal.last_time());
  return {
      time,
      service,
      absl::StrCat("{\"service\": ", JsonQuoted(service), ", \"refusal\": ", ToJson(refusal), "}"),
      {ShowInstant(time), service, refusal.position(), Cell("拒绝", Colour::kRed),
       Who(refusal.actor()),
       absl::StrCat(LastPart(refusal.method(), '/'), " ×", refusal.count(), " ", refusal.reason()),
       absl::StrCat("来自 ", refusal.origin().empty() ? "多处" : refusal.origin())}};
}

absl::StatusOr<Filter> FilterOf(const ListArgs& args) {
  Filter filter{.args = args};
  if (!args.since.empty()) {
    ASSIGN_OR_RETURN(filter.since, ParseInstant(args.since));
  }
  if (!args.until.empty()) {
    ASSIGN_OR_RETURN(filter.until, ParseInstant(args.until));
  }
  return filter;
}

absl::Status Collect(Cli& cli, const std::string& service, const Filter& filter,
                     std::vector<Entry>& entries) {
  ASSIGN_OR_RETURN(const AuditLog log, AuditLog::Of(cli, service));
  ProgressBar bar(/*quiet=*/false);
  if (!filter.args.refused) {
    RETURN_IF_ERROR(log.EachEvent(bar, [&](const Event& event) {
      const absl::Time time = platform::FromTimestamp(event.recorded_at());
      if (filter.Fits(time, event.actor(), &event.subject())) {
        entries.push_back(EntryOf(service, event));
      }
      return absl::OkStatus();
    }));
  }
  return log.EachRefusal([&](const Refusal& refusal) {
    const absl::Time time = platform::FromTimestamp(refusal.last_time());
    if (filter.Fits(time, refusal.actor(), nullptr)) entries.push_back(EntryOf(service, refusal));
    return absl::OkStatus();
  });
}

void Print(const Cli& cli, const std::vector<Entry>& entries) {
  if (cli.json()) {
    cli.out() << '[';
    for (size_t i = 0; i < entries.size(); ++i) cli.out() << (i ? ",\n" : "\n") << entries[i].json;
    cli.out() << "]\n";
    return;
  }
  Table table({{"时间"},
               {"服务"},
               {"序号", Align::kRight},
               {"类别"},
               {"谁", Align::kLeft, 40},
               {"做了什么", Align::kLeft, 48},
               {"对象或来源"}});
  for (const Entry& entry : entries) table.Add(entry.cells);
  cli.Print(table);
}

absl::Status List(Cli& cli, const ListArgs& args) {
  ASSIGN_OR_RETURN(const Filter filter, FilterOf(args));
  std::vector<std::string> services = args.services;
  if (services.empty()) services = {"registry", "progress"};
  std::vector<Entry> entries;
  for (const std::string& service : services) {
    RETURN_IF_ERROR(Collect(cli, service, filter, entries));
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.time < b.time; });
  const int64_t left_out = args.limit == 0 ? 0 : static_cast<int64_t>(entries.size()) - args.limit;
  if (left_out > 0) entries.erase(entries.begin(), entries.begin() + left_out);
  if (left_out > 0 && !cli.json()) {
    cli.out() << "（较早的 " << left_out << " 条没有列出；--limit 0 列出全部）\n";
  }
  if (entries.empty() && !cli.json()) {
    cli.out() << "没有符合条件的记录。\n";
    return absl::OkStatus();
  }
  Print(cli, entries);
  return absl::OkStatus();
}

}  // namespace

void AddAuditList(CLI::App& audit, Cli& cli) {
  auto args = std::make_shared<ListArgs>();
  CLI::App* list =
      audit.add_subcommand("list", "Who changed what and who was refused what, newest last");
  list->add_option("--service", args->services, "registry, progress; default: both")
      ->allow_extra_args(false);
  list->add_option("--since", args->since, "from this day or instant on");
  list->add_option("--until", args->until, "before this day or instant");
  list->add_option("--actor", args->actor, "only this post, role, unit or credential (token:…)");
  list->add_option("--unit", args->unit, "only what this unit did or tried");
  list->add_option("--subject", args->subject, "only changes of resources whose name holds this");
  list->add_flag("--refused", args->refused, "only refused attempts");
  list->add_option("--limit", args->limit, "only the newest so many; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  cli.OnRun(list, [args](Cli& c) { return List(c, *args); });
}

}  // namespace minsheng::cli
