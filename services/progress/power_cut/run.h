// A run of progress's database that is recorded, to be cut.
#ifndef MINSHENG_SERVICES_PROGRESS_POWER_CUT_RUN_H_
#define MINSHENG_SERVICES_PROGRESS_POWER_CUT_RUN_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/platform/journal/journal.h"
#include "services/platform/testing/power_cut_vfs.h"

namespace minsheng::progress {

// What the marks of a recording tell about.
inline constexpr char kEvents[] = "events";           // acknowledged up to this position
inline constexpr char kPeerEvents[] = "peer events";  // the follower is past this position
inline constexpr char kCopied[] = "copied";           // a backup's copy was reported as made

struct Scale {
  int writers = 4;
  int writes_each = 3;
  int writes_after = 4;  // after the WAL was emptied, and again after reopening; fills it
  int peer_events = 8;
  int checkpoint_pages = 20;
  int worlds_in_turn = 2;     // of the worlds that choose, a cut takes one in so many
  int seeds = 1;              // of every world that has something to choose
  int cut_again_every = 100;  // of so many recovered disks one is cut while it recovers
  int cuts_again = 3;
};

Scale FullScale();

// What a recovered log is held against.
struct Expected {
  std::vector<std::string> hashes;  // of every event, from the first
  std::set<int64_t> ends = {0};     // positions at which a group of writes ended
};

struct Recorded {
  std::vector<platform::FileOperation> operations;
  Expected expected;
  std::vector<platform::Event> peer;
  int requests = 0;
};

// Makes the database, writes to it from many sides, empties its WAL, writes, opens it again,
// writes. With `acknowledge_early`, for a control, an event counts as acknowledged before its
// commit.
absl::StatusOr<Recorded> RecordRun(const std::string& folder, const Scale& scale,
                                   bool acknowledge_early);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_POWER_CUT_RUN_H_
