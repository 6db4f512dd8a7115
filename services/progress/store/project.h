// How events become tables: the own log's, and what is kept of the registry's.
#ifndef MINSHENG_SERVICES_PROGRESS_STORE_PROJECT_H_
#define MINSHENG_SERVICES_PROGRESS_STORE_PROJECT_H_

#include "services/platform/journal/journal.h"

namespace minsheng::progress {

// Applies an event of the own log.
absl::Status Project(platform::Session& session, const platform::Event& event);

// Applies an event of the registry's log: programs, tasks, approved plans and revocations are
// kept, the rest passes by.
absl::Status ProjectRegistry(platform::Session& session, const platform::Event& event);

// Forgets what was kept of the registry's log.
absl::Status ClearRegistry(platform::Session& session);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_STORE_PROJECT_H_
