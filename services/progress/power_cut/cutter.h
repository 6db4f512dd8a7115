// Cuts the power of a recorded run at every step, and counts what is wrong afterwards.
#ifndef MINSHENG_SERVICES_PROGRESS_POWER_CUT_CUTTER_H_
#define MINSHENG_SERVICES_PROGRESS_POWER_CUT_CUTTER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/platform/testing/power_cut_disk.h"
#include "services/progress/power_cut/run.h"

namespace minsheng::progress {

// MINSHENG_TEST_SEED, or the usual one.
uint64_t Seed();

struct Tally {
  int64_t operations = 0, syncs = 0, cuts = 0, worlds = 0, disks = 0;
  int64_t lost = 0;       // worlds without an acknowledged event
  int64_t lost_peer = 0;  // worlds without a peer's event that the follower had moved past
  int64_t cut_again = 0, cut_again_faulty = 0;
  int64_t copies = 0, copies_broken = 0;
  int64_t truncations = 0, deletions = 0, folder_syncs = 0;
  int64_t checkpoints = 0;                // syncs of the database's own file
  int64_t wal_begun = 0;                  // headers written: the WAL begins, or begins anew
  std::map<std::string, int64_t> writes;  // by file
  std::map<std::string, int64_t> faults;  // worlds by fault
  std::string first;                      // the first thing that was wrong

  int64_t faulty() const {
    int64_t sum = 0;
    for (const auto& [fault, count] : faults) sum += count;
    return sum;
  }
  int64_t fault(const char* name) const { return Get(faults, name); }
  int64_t writes_to(const char* name) const { return Get(writes, name); }

  static int64_t Get(const std::map<std::string, int64_t>& counts, const char* name) {
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
  }
};

// Cuts after every `stride`th operation, in each of the worlds; recovers in `folder`.
Tally CutEverywhere(const Scale& scale, const Recorded& recorded, const std::string& folder,
                    int stride, const std::vector<platform::World>& worlds);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_POWER_CUT_CUTTER_H_
