#include "services/progress/power_cut/cutter.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <unordered_map>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "services/progress/power_cut/judge.h"

namespace minsheng::progress {

using platform::DiskImage;
using platform::FileOperation;
using platform::PowerCutDisk;
using platform::World;

namespace {

class Cutter {
 public:
  Cutter(const Scale& scale, const Recorded& recorded, std::string folder, int stride)
      : scale_(scale),
        recorded_(recorded),
        judge_(std::move(folder), recorded.peer),
        stride_(stride) {}

  Tally CutEverywhere(const std::vector<World>& worlds) {
    PowerCutDisk disk;
    for (const FileOperation& operation : recorded_.operations) {
      disk.Take(operation);
      Count(operation);
      if (tally_.operations % stride_ == 0) Cut(disk, worlds);
    }
    return tally_;
  }

 private:
  void Count(const FileOperation& operation) {
    ++tally_.operations;
    using Kind = FileOperation::Kind;
    switch (operation.kind) {
      case Kind::kOpen:
      case Kind::kCreate:
        names_[operation.file] = operation.name;
        break;
      case Kind::kWrite:
        ++tally_.writes[names_[operation.file]];
        if (operation.offset == 0 && names_[operation.file] == "progress.db-wal") {
          ++tally_.wal_begun;
        }
        break;
      case Kind::kTruncate:
        ++tally_.truncations;
        break;
      case Kind::kSync:
        ++tally_.syncs;
        if (names_[operation.file] == "progress.db") ++tally_.checkpoints;
        break;
      case Kind::kDelete:
        ++tally_.deletions;
        break;
      case Kind::kSyncFolder:
        ++tally_.folder_syncs;
        break;
      case Kind::kMark:
        marks_[operation.name] = std::max(marks_[operation.name], operation.offset);
        break;
    }
  }

  void Cut(const PowerCutDisk& disk, const std::vector<World>& worlds) {
    ++tally_.cuts;
    for (const World world : worlds) {
      const bool chooses = world != World::kNothing && world != World::kAll;
      if (chooses && !IsInTurn(world, worlds)) continue;
      for (int i = 0; i < (chooses ? scale_.seeds : 1); ++i) {
        const uint64_t seed = Seed() * 1'000'003 +
                              static_cast<uint64_t>(tally_.operations * 64 + int64_t{i} * 8) +
                              static_cast<uint64_t>(world);
        DiskImage image = disk.Cut(world, seed);
        if (world == World::kGarbage) image["progress.db-shm"] = Garbage(seed);
        Look(std::move(image), absl::StrCat("cut after operation ", tally_.operations, ", world ",
                                            WorldName(world), ", seed ", seed));
      }
    }
  }

  bool IsInTurn(World world, const std::vector<World>& worlds) const {
    return worlds.size() < 4 ||
           (tally_.operations + static_cast<int>(world)) % scale_.worlds_in_turn == 0;
  }

  // The index in shared memory is a mapped file: anything may be left of it.
  static std::string Garbage(uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string garbage(32 << 10, '\0');
    for (char& byte : garbage) byte = static_cast<char>(random());
    return garbage;
  }

  // The same disk is looked at once, however many worlds come to it.
  void Look(DiskImage image, const std::string& where) {
    ++tally_.worlds;
    LookAtCopy(image);
    image.erase("copy.db");
    image.erase("copy.db-journal");
    const auto [known, is_new] = verdicts_.try_emplace(absl::HashOf(image));
    if (is_new) {
      ++tally_.disks;
      known->second = tally_.disks % scale_.cut_again_every == 0
                          ? CutAgain(image, where)
                          : judge_.Look(image, recorded_.expected);
    }
    Hold(known->second, image, where);
  }

  void Hold(const Verdict& verdict, const DiskImage& image, const std::string& where) {
    if (!verdict.fault.empty()) {
      ++tally_.faults[verdict.fault];
      return Blame(image, absl::StrCat(where, ": ", verdict.fault, ": ", verdict.detail));
    }
    if (verdict.position < marks_[kEvents]) {
      ++tally_.lost;
      Blame(image, absl::StrCat(where, ": event ", marks_[kEvents], " was acknowledged, the log",
                                " ends with ", verdict.position));
    }
    if (verdict.peer_position < marks_[kPeerEvents]) {
      ++tally_.lost_peer;
      Blame(image, absl::StrCat(where, ": the follower was past event ", marks_[kPeerEvents],
                                ", and is at ", verdict.peer_position));
    }
  }

  // Cuts the power once more, while the state recovers and takes its next write.
  Verdict CutAgain(const DiskImage& image, const std::string& where) {
    std::vector<FileOperation> operations;
    const Verdict verdict = judge_.LookRecording(image, recorded_.expected, operations);
    if (!verdict.fault.empty() || operations.empty()) return verdict;
    Expected expected;
    expected.hashes.assign(recorded_.expected.hashes.begin(),
                           recorded_.expected.hashes.begin() + verdict.position);
    // Two facts are written, so the group is whole at the one or at the other end.
    expected.hashes.push_back("");
    expected.hashes.push_back(verdict.written_hash);
    expected.ends = {verdict.position, verdict.position + 2};
    for (int i = 0; i < scale_.cuts_again; ++i) {
      CutOnce(image, operations, expected, verdict, where);
    }
    return verdict;
  }

  void CutOnce(const DiskImage& image, const std::vector<FileOperation>& operations,
               const Expected& expected, const Verdict& before, const std::string& where) {
    const size_t steps = 1 + random_() % operations.size();
    const World world = platform::kHonestWorlds[random_() % platform::kHonestWorlds.size()];
    const uint64_t seed = random_();
    PowerCutDisk disk(image);
    int64_t acknowledged = before.position;
    for (size_t i = 0; i < steps; ++i) {
      disk.Take(operations[i]);
      if (operations[i].kind == FileOperation::Kind::kMark) acknowledged = operations[i].offset;
    }
    const DiskImage again = disk.Cut(world, seed);
    const Verdict after = judge_.Look(again, expected);
    ++tally_.cut_again;
    if (after.fault.empty() && after.position >= acknowledged &&
        after.peer_position == before.peer_position) {
      return;
    }
    ++tally_.cut_again_faulty;
    Blame(again, absl::StrCat(where, ", cut again after its operation ", steps, ", world ",
                              WorldName(world), ": ", after.fault, ": ", after.detail,
                              "; the log ends with ", after.position, " of ", acknowledged));
  }

  // A copy that was reported as made must be there, and whole.
  void LookAtCopy(const DiskImage& image) {
    if (marks_[kCopied] == 0) return;
    const auto copy = image.find("copy.db");
    const DiskImage alone = copy == image.end() ? DiskImage() : DiskImage({*copy});
    const auto [known, is_new] = copies_.try_emplace(absl::HashOf(alone));
    if (is_new) known->second = !alone.empty() && judge_.CopyIsWhole(alone);
    ++tally_.copies;
    if (!known->second) ++tally_.copies_broken;
  }

  void Blame(const DiskImage& image, const std::string& what) {
    if (!tally_.first.empty()) return;
    std::string files;
    for (const auto& [name, content] : image) {
      absl::StrAppend(&files, " ", name, " (", content.size(), " bytes)");
    }
    tally_.first = absl::StrCat(what, "; on disk:", files);
  }

  const Scale scale_;
  const Recorded& recorded_;
  Judge judge_;
  const int stride_;
  Tally tally_;
  std::map<int, std::string> names_;  // of files
  std::map<std::string, int64_t> marks_;
  std::unordered_map<size_t, Verdict> verdicts_;
  std::unordered_map<size_t, bool> copies_;
  std::mt19937_64 random_{Seed()};
};

}  // namespace

uint64_t Seed() {
  const char* given = std::getenv("MINSHENG_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 20240315;
}

Tally CutEverywhere(const Scale& scale, const Recorded& recorded, const std::string& folder,
                    int stride, const std::vector<World>& worlds) {
  return Cutter(scale, recorded, folder, stride).CutEverywhere(worlds);
}

}  // namespace minsheng::progress
