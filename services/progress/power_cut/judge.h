// Looks at what is recovered from a disk.
#ifndef MINSHENG_SERVICES_PROGRESS_POWER_CUT_JUDGE_H_
#define MINSHENG_SERVICES_PROGRESS_POWER_CUT_JUDGE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "services/platform/testing/power_cut_disk.h"
#include "services/progress/power_cut/run.h"

namespace minsheng::progress {

struct Verdict {
  std::string fault;  // a short name; empty: as it must be
  std::string detail;
  int64_t position = 0;
  int64_t peer_position = 0;
  std::string written_hash;  // of the event that was written afterwards
};

// Puts a disk's files into a folder, opens what is there as the service does, and looks: the log
// must be a prefix of the expected one that ends with a whole group, take a further write, and
// agree with every table, the peer's included. Not thread-safe.
class Judge {
 public:
  // The peer's log outlives this.
  Judge(std::string folder, const std::vector<platform::Event>& peer);

  Verdict Look(const platform::DiskImage& image, const Expected& expected);

  // The same, and notes what the recovery and the further write do to the files.
  Verdict LookRecording(const platform::DiskImage& image, const Expected& expected,
                        std::vector<platform::FileOperation>& operations);

  // Whether a backup's copy is there, and whole.
  bool CopyIsWhole(const platform::DiskImage& image);

 private:
  void Put(const platform::DiskImage& image);
  Verdict Recover(const Expected& expected, const std::function<void(int64_t)>& written);
  absl::Status Audit(platform::Session& session, Verdict& verdict);

  const std::string folder_;
  const std::vector<platform::Event>& peer_;
  int looks_ = 0;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_POWER_CUT_JUDGE_H_
