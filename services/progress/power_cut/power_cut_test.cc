// The power is cut at every step of a recorded run of progress's database, in several worlds each.
// What is recovered must be the log as it was, up to a point that lies after every event that was
// acknowledged, with tables that a replay confirms.
//
// MINSHENG_POWER_CUT=full runs it at full scale (minutes); MINSHENG_TEST_SEED=n takes other worlds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/progress/power_cut/cutter.h"

namespace minsheng::progress {
namespace {

using platform::FileOperation;
using platform::PowerCutSettings;
using platform::World;

bool IsFull() {
  const char* given = std::getenv("MINSHENG_POWER_CUT");
  return given != nullptr && std::string(given) == "full";
}

class PowerCutTest : public testing::Test {
 protected:
  PowerCutTest() {
    std::string pattern = testing::TempDir() + "/power-cut.XXXXXX";
    folder_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(folder_ + "/run");
    pattern =
        std::string(std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : folder_.c_str()) +
        "/power-cut.XXXXXX";
    worlds_ = mkdtemp(pattern.data());
  }
  ~PowerCutTest() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::remove_all(worlds_);
  }

  // Records a run with the settings, and cuts it under those of a program that sets its own.
  Tally CutRun(PowerCutSettings settings, const std::vector<World>& worlds, const Scale& scale,
               int stride = 1, const std::function<void(Recorded&)>& spoil = {},
               bool acknowledge_early = false) {
    settings.checkpoint_pages = scale.checkpoint_pages;
    const absl::Time begin = absl::Now();
    EXPECT_TRUE(platform::InstallPowerCutVfs(settings).ok());
    auto recorded = RecordRun(folder_ + "/run", scale, acknowledge_early);
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    if (!recorded.ok()) return {};
    if (spoil) spoil(*recorded);
    PowerCutSettings own;
    own.powersafe_overwrite = settings.powersafe_overwrite;
    EXPECT_TRUE(platform::InstallPowerCutVfs(own).ok());
    const Tally tally = CutEverywhere(scale, *recorded, worlds_ + "/world", stride, worlds);
    Print(*recorded, tally, absl::Now() - begin);
    return tally;
  }

  static void Print(const Recorded& recorded, const Tally& tally, absl::Duration took) {
    std::string writes;
    for (const auto& [name, count] : tally.writes) absl::StrAppend(&writes, " ", name, " ", count);
    std::cout << absl::StrCat(
        "» operations: ", tally.operations, " · writes:", writes, " · syncs: ", tally.syncs,
        " (database ", tally.checkpoints, ", folder ", tally.folder_syncs,
        ") · WAL begun: ", tally.wal_begun, " times · truncations: ", tally.truncations,
        " · deletions: ", tally.deletions, " · events: ", recorded.expected.hashes.size(),
        " · requests: ", recorded.requests, " · groups: ", recorded.expected.ends.size() - 1,
        " · peer's events: ", recorded.peer.size(), " · seed: ", Seed(), "\n» cuts: ", tally.cuts,
        " · worlds: ", tally.worlds, " · different disks: ", tally.disks,
        " · cut again while recovering: ", tally.cut_again,
        " · took: ", absl::FormatDuration(absl::Trunc(took, absl::Milliseconds(10))),
        "\n» acknowledged events lost: ", tally.lost, " · peer's events lost: ", tally.lost_peer,
        " · not a prefix: ", tally.fault("not a prefix"),
        " · half a group: ", tally.fault("half a group"),
        " · unusable: ", tally.fault("unusable") + tally.fault("not writable"),
        " · unreadable: ", tally.fault("unreadable"), " · audit: ", tally.fault("audit"),
        " · wrong after a second cut: ", tally.cut_again_faulty,
        " · finished copies damaged: ", tally.copies_broken, " of ", tally.copies, "\n");
    if (!tally.first.empty()) std::cout << "  first: " << tally.first << "\n";
  }

  static void ExpectNothingWrong(const Tally& tally) {
    EXPECT_GT(tally.disks, 0);
    EXPECT_EQ(tally.lost, 0) << tally.first;
    EXPECT_EQ(tally.lost_peer, 0) << tally.first;
    EXPECT_EQ(tally.faulty(), 0) << tally.first;
    EXPECT_EQ(tally.cut_again_faulty, 0) << tally.first;
    EXPECT_EQ(tally.copies_broken, 0);
    ExpectWhatWasToBeCut(tally);
  }

  // The run must hold what a power cut can hurt: a claim about nothing is none.
  static void ExpectWhatWasToBeCut(const Tally& tally) {
    EXPECT_GT(tally.writes_to("progress.db-wal"), 0);
    EXPECT_GT(tally.writes_to("progress.db-journal"), 0);
    EXPECT_GT(tally.writes_to("copy.db"), 0);
    EXPECT_GT(tally.checkpoints, 5);  // making, emptying and closing need 4
    EXPECT_GT(tally.wal_begun, 4);    // as many that begin in a new or empty file
    EXPECT_GT(tally.truncations, 0);
    EXPECT_GT(tally.deletions, 1);
    EXPECT_GT(tally.folder_syncs, 2);
  }

  std::string folder_;  // of the run, on a disk
  std::string worlds_;  // in memory where there is such a place: nothing there needs to last
};

TEST_F(PowerCutTest, WhatIsRecoveredIsAPrefixWithEveryAcknowledgedEvent) {
  ExpectNothingWrong(CutRun({}, platform::kHonestWorlds, IsFull() ? FullScale() : Scale()));
}

// A disk that damages bytes beside a torn write needs to be made known to SQLite, and then is safe.
TEST_F(PowerCutTest, ADiskThatDamagesItsNeighbourhoodIsSurvivedWhenSqliteKnows) {
  PowerCutSettings settings;
  settings.powersafe_overwrite = false;
  ExpectNothingWrong(CutRun(settings, {World::kBeside}, Scale(), IsFull() ? 1 : 2));
}

// The controls: each takes away what the claim rests on, and must be caught.
TEST_F(PowerCutTest, ControlADiskThatDamagesItsNeighbourhoodUnknownToSqliteLosesEvents) {
  EXPECT_GT(CutRun({}, {World::kBeside}, Scale(), IsFull() ? 1 : 2).lost, 0);
}

TEST_F(PowerCutTest, ControlSynchronousNormalLosesAcknowledgedEvents) {
  PowerCutSettings settings;
  settings.synchronous = "NORMAL";
  const Tally tally = CutRun(settings, {World::kNothing, World::kWrites}, Scale(), 5);
  EXPECT_GT(tally.lost, 0);
  EXPECT_EQ(tally.faulty(), 0) << tally.first;  // it loses the end, and damages nothing
}

TEST_F(PowerCutTest, ControlSynchronousOffLosesEventsAndDamagesTheDatabase) {
  PowerCutSettings settings;
  settings.synchronous = "OFF";
  const Tally tally = CutRun(settings, {World::kNothing, World::kWrites}, Scale(), 5);
  EXPECT_GT(tally.lost, 0);
  EXPECT_GT(tally.faulty(), 0);
}

// Whether SQLite syncs the folder after making the database, its journal and its WAL is seen.
TEST_F(PowerCutTest, ControlAFolderThatIsNeverSyncedLosesTheDatabase) {
  const Tally tally = CutRun({}, {World::kNothing}, Scale(), 5, [](Recorded& recorded) {
    std::erase_if(recorded.operations, [](const FileOperation& operation) {
      return operation.kind == FileOperation::Kind::kSyncFolder;
    });
  });
  EXPECT_GT(tally.lost, 0);
}

TEST_F(PowerCutTest, ControlAnAnswerBeforeTheCommitIsFound) {
  EXPECT_GT(CutRun({}, {World::kNothing}, Scale(), 5, {}, /*acknowledge_early=*/true).lost, 0);
}

}  // namespace
}  // namespace minsheng::progress
