// Records what SQLite does to its files, so that the power can be cut in hindsight, at every step.
//
// A VFS over SQLite's own "unix" one, made the default of the process: whatever opens a database
// afterwards goes through it and needs no change. While a Recording of a folder lives, every
// operation on a file of that folder is carried out and noted, in one order; power_cut_disk.h
// says what may be left of them. Files of other folders are never synced: their power is not cut,
// and a check of thousands of recovered databases need not wait for the disk.
//
// Noted: files made, opened and deleted, writes, changes of size, syncs of a file, and syncs of the
// folder when SQLite itself makes one: after the first sync of a new journal or WAL, and after a
// deletion that is to last. Not noted: locks, and the shared-memory index (-shm), which SQLite
// builds anew from the WAL.
//
// Owner: the test. Thread-safe. Needs SQLite's "unix" VFS; nothing may be open when it is
// installed, nor when the settings change.
#ifndef MINSHENG_SERVICES_PLATFORM_TESTING_POWER_CUT_VFS_H_
#define MINSHENG_SERVICES_PLATFORM_TESTING_POWER_CUT_VFS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace minsheng::platform {

// One step of a recorded run.
struct FileOperation {
  enum class Kind {
    kOpen,        // a file that was there before the recording, for the first time
    kCreate,      // a new, empty file under `name`
    kWrite,       // `bytes` at `offset`
    kTruncate,    // to `offset` bytes, or grown to them
    kSync,        // the file's content and size are on disk
    kDelete,      // `name` is gone from the folder
    kSyncFolder,  // every name made or deleted so far is on disk
    kMark,        // nothing happened: `name` has come to `offset`, says the test
  };
  Kind kind;
  int file = 0;      // who is written to; a name made anew is another file
  std::string name;  // within the folder
  int64_t offset = 0;
  std::string bytes;
};

// What is asked of every connection that is opened from now on. Empty members ask nothing.
struct PowerCutSettings {
  // "OFF", "NORMAL": used in place of what the program sets. For controls that must lose events.
  std::string synchronous;
  // The WAL is checkpointed whenever it holds so many pages.
  int checkpoint_pages = 0;
  // False: SQLite is told that a torn write may damage bytes beside it.
  bool powersafe_overwrite = true;
};

// Makes the VFS the default of this process (once; later calls change the settings).
// FAILED_PRECONDITION: this SQLite has no "unix" VFS.
absl::Status InstallPowerCutVfs(const PowerCutSettings& settings);

// Copies the WAL into the database from a connection of its own, as any reader may, and, with
// `truncate`, empties it. UNAVAILABLE when readers or the writer are in its way.
absl::Status CheckpointSqlite(const std::string& path, bool truncate);

class FileLog;

// Records while it lives. One per folder.
class Recording {
 public:
  explicit Recording(const std::string& folder);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // Notes in the order of the operations that something has come to `value`, such as the last event
  // acknowledged.
  void Mark(const std::string& what, int64_t value);

  // Everything so far; to be called when nothing of the folder is open.
  std::vector<FileOperation> Take();

 private:
  std::string folder_;
  std::shared_ptr<FileLog> log_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_TESTING_POWER_CUT_VFS_H_
