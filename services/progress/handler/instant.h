// The instant that a read asks about.
#ifndef MINSHENG_SERVICES_PROGRESS_HANDLER_INSTANT_H_
#define MINSHENG_SERVICES_PROGRESS_HANDLER_INSTANT_H_

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/time.h"
#include "services/progress/handler/handler.h"

namespace minsheng::progress {

template <typename Request>
absl::StatusOr<absl::Time> Handler::InstantOf(const Request& request) const {
  const absl::Time now = parts_.clock.Now();
  if (!request.has_as_of()) return now;
  const absl::Time as_of = platform::FromTimestamp(request.as_of());
  if (as_of <= now) return as_of;
  return platform::Error(absl::StatusCode::kInvalidArgument, "AS_OF_IN_FUTURE",
                         absl::StrCat("as_of lies in the future; the time here is ",
                                      absl::FormatTime(now, absl::FixedTimeZone(8 * 3600))),
                         {{"field", "as_of"}});
}

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_HANDLER_INSTANT_H_
