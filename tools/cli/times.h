// Instants and days as people write them, in Asia/Shanghai.
#ifndef MINSHENG_TOOLS_CLI_TIMES_H_
#define MINSHENG_TOOLS_CLI_TIMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace minsheng::cli {

// UTC+8, without summer time.
absl::TimeZone Shanghai();

// "2024-10-01" is that day's 00:00 in Shanghai; "2024-10-01T08:30" and "…T08:30:00" are Shanghai's;
// RFC 3339 says its own zone. Anything else is a usage error.
absl::StatusOr<absl::Time> ParseInstant(absl::string_view text);

// "2024-10-01". Usage error for anything else, also for 2024-02-30.
absl::StatusOr<absl::CivilDay> ParseDay(absl::string_view text);

// "2024-10-01T08:30:00+08:00".
std::string FormatInstant(absl::Time time);
// "2024-10-01 08:30", for tables; "—" when absent.
std::string ShowInstant(const google::protobuf::Timestamp& stamp);
std::string ShowInstant(absl::Time time);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_TIMES_H_
