// What a disk may hold after the power was cut in the middle of a recorded run.
//
// The model. On disk for sure is what was synced: a file's bytes and size up to its last sync, a
// folder's names up to its last sync. Whatever was done since, each step on its own, may be
// there, may be missing, or may be there in part:
//   - Writes of one file reach the disk in any order, and so do those of different files. Each
//     sector (512 bytes) of a write may arrive without the others.
//   - A file that grew may have its new size without its bytes, which are zeros or garbage then.
//   - Names are made and deleted in the order of the calls, but how far that got is open, and it
//     has nothing to do with the files' contents; in some worlds even the order is given up.
//   - A torn write damages no byte beside it. SQLite believes this of every disk unless told
//     otherwise (SQLITE_IOCAP_POWERSAFE_OVERWRITE, sqlite.org/psow.html); kBeside gives it up.
//   - A sync that returned is kept. A disk that lies about this is not covered by any promise.
// The rest follows sqlite.org/atomiccommit.html, section 2: sectors are written whole or torn at
// either end, the size may grow before the bytes are there, deletions are seen whole or not at all.
#ifndef MINSHENG_SERVICES_PLATFORM_TESTING_POWER_CUT_DISK_H_
#define MINSHENG_SERVICES_PLATFORM_TESTING_POWER_CUT_DISK_H_

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "services/platform/testing/power_cut_vfs.h"

namespace minsheng::platform {

// A folder's files: name to content.
using DiskImage = std::map<std::string, std::string>;

// What became of the steps since the last syncs.
enum class World {
  kNothing,  // none is there
  kAll,      // all are: at the cut before it was synced, or of a process that was killed
  kFiles,    // of each file all or none
  kWrites,   // each write or not
  kSectors,  // each sector of each write or not
  kTorn,     // all, but the last write is there only up to a sector, or from one on
  kGarbage,  // each sector arrives, or is missing, or holds garbage
  kBeside,   // as kTorn, and the last sector of it (of 4096 bytes) is garbage, beside the write too
};
const char* WorldName(World world);
// The worlds that SQLite must survive, all but kBeside.
extern const std::vector<World> kHonestWorlds;

// Follows a run step by step; at each step the power may be cut, as often as wished.
class PowerCutDisk {
 public:
  explicit PowerCutDisk(const DiskImage& before = {});

  // The next step of the run; it must outlive this.
  void Take(const FileOperation& operation);

  // What is found when the power comes back. The same seed, the same disk.
  DiskImage Cut(World world, uint64_t seed) const;

 private:
  struct File {
    std::string kept;
    std::vector<const FileOperation*> pending;
  };
  struct Renaming {
    std::string name;
    int file;  // 0: deleted
  };
  class Chooser;

  std::map<int, File> files_;
  std::map<std::string, int> names_;
  std::vector<Renaming> pending_;
  const FileOperation* last_write_ = nullptr;  // null once anything else was done
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_TESTING_POWER_CUT_DISK_H_
