// Progress's database as the service opens it, and writes to it as its rpcs make them.
#ifndef MINSHENG_SERVICES_PROGRESS_POWER_CUT_STATE_H_
#define MINSHENG_SERVICES_PROGRESS_POWER_CUT_STATE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "services/platform/clock/clock.h"
#include "services/platform/journal/journal.h"

namespace minsheng::progress {

std::vector<platform::Migration> Schema();

// A task of the program that all events are about.
std::string TaskName(int number);

// One state: the database and its journal, as a service opens them.
struct Opened {
  platform::SystemClock clock;
  std::unique_ptr<platform::Database> database;
  std::unique_ptr<platform::Journal> journal;
};

// Opens the database in the folder, or makes it. `ends` gathers the positions at which commits
// ended.
absl::StatusOr<std::unique_ptr<Opened>> OpenState(const std::string& folder,
                                                  std::set<int64_t>* ends = nullptr);

// Submits a version of a task's report; every third brings a judgement with it, in one request.
// `decided` is called before the commit with the position that it will come to.
absl::StatusOr<platform::Committed> WriteFacts(platform::Journal& journal, int task, int version,
                                               const std::function<void(int64_t)>& decided = {});

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_POWER_CUT_STATE_H_
