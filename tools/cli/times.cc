#include "tools/cli/times.h"

#include "absl/strings/str_cat.h"
#include "services/platform/base/time.h"
#include "tools/cli/errors.h"

namespace minsheng::cli {
namespace {

// absl normalises 2024-02-30 and reads "24-1-1"; only the exact spelling counts here.
bool ReadsBack(absl::string_view text, absl::CivilDay day) {
  return absl::FormatCivilTime(day) == text;
}

}  // namespace

absl::TimeZone Shanghai() { return absl::FixedTimeZone(8 * 60 * 60); }

absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text) {
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day) && ReadsBack(text, day)) return day;
  return UsageError(absl::StrCat("“", text, "”不是日期；请写成 2024-10-01"));
}

absl::StatusOr<absl::Time> ParseInstant(absl::string_view text) {
  absl::CivilDay day;
  if (absl::ParseCivilTime(text, &day) && ReadsBack(text, day)) {
    return absl::FromCivil(day, Shanghai());
  }
  absl::Time time;
  std::string why;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &why)) return time;
  for (const char* format : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"}) {
    if (absl::ParseTime(format, text, Shanghai(), &time, &why)) return time;
  }
  return UsageError(
      absl::StrCat("“", text, "”不是时间；请写成 2024-10-01 或 2024-10-01T09:00:00+08:00"));
}

std::string FormatInstant(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_full, time, Shanghai());
}

std::string ShowInstant(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, Shanghai());
}

std::string ShowInstant(const google::protobuf::Timestamp& stamp) {
  if (stamp.seconds() == 0 && stamp.nanos() == 0) return "—";
  return ShowInstant(platform::FromTimestamp(stamp));
}

}  // namespace minsheng::cli
