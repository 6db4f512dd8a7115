#include "services/platform/testing/power_cut_disk.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace minsheng::platform {
namespace {

using Kind = FileOperation::Kind;

constexpr uint64_t kSeeds = 500;
const std::string kOld(8192, 'o');

// A file of old bytes, synced, and what is done to it afterwards.
class PowerCutDiskTest : public testing::Test {
 protected:
  PowerCutDiskTest() : disk_({{"kept", kOld}}) { Do({Kind::kOpen, 1, "kept", 0, ""}); }

  void Do(FileOperation operation) {
    disk_.Take(*operations_.emplace_back(std::make_unique<FileOperation>(std::move(operation))));
  }
  void Write(int64_t offset, size_t count, char byte) {
    Do({Kind::kWrite, 1, "", offset, std::string(count, byte)});
  }

  // Every content of the file that the world brings forth.
  std::set<std::string> Contents(World world) const {
    std::set<std::string> contents;
    for (uint64_t seed = 0; seed < kSeeds; ++seed) {
      contents.insert(disk_.Cut(world, seed).at("kept"));
    }
    return contents;
  }
  size_t HowManyHold(World world, const std::string& name) const {
    size_t count = 0;
    for (uint64_t seed = 0; seed < kSeeds; ++seed) count += disk_.Cut(world, seed).count(name);
    return count;
  }

  static std::string Replaced(int64_t offset, size_t count, char byte) {
    std::string content = kOld;
    return content.replace(static_cast<size_t>(offset), count, std::string(count, byte));
  }

  std::vector<std::unique_ptr<FileOperation>> operations_;
  PowerCutDisk disk_;
};

TEST_F(PowerCutDiskTest, WhatIsSyncedIsThereInEveryWorld) {
  Write(100, 5000, 'n');
  Do({Kind::kSync, 1, "", 0, ""});
  std::vector<World> worlds = kHonestWorlds;
  worlds.push_back(World::kBeside);
  for (const World world : worlds) {
    EXPECT_EQ(Contents(world), std::set<std::string>{Replaced(100, 5000, 'n')}) << WorldName(world);
  }
}

TEST_F(PowerCutDiskTest, WritesArriveInAnyOrderOrNot) {
  Write(0, 10, 'a');
  Write(4096, 10, 'b');
  EXPECT_EQ(Contents(World::kNothing), std::set<std::string>{kOld});
  EXPECT_EQ(Contents(World::kAll).size(), 1);
  EXPECT_EQ(Contents(World::kFiles).size(), 2);
  EXPECT_EQ(Contents(World::kWrites).size(), 4);  // the later one without the earlier one, too
}

TEST_F(PowerCutDiskTest, ATornWriteEndsOrBeginsAtASector) {
  Write(500, 1000, 'n');  // up to 512, 1024 and 1500
  EXPECT_EQ(Contents(World::kTorn),
            (std::set<std::string>{kOld, Replaced(500, 12, 'n'), Replaced(500, 524, 'n'),
                                   Replaced(500, 1000, 'n'), Replaced(512, 988, 'n'),
                                   Replaced(1024, 476, 'n')}));
  EXPECT_EQ(Contents(World::kSectors).size(), 8);
}

TEST_F(PowerCutDiskTest, OnlyTheWorldBesideDamagesBytesThatWereNotWritten) {
  Write(5000, 100, 'n');
  for (const World world : kHonestWorlds) {
    for (std::string content : Contents(world)) {
      EXPECT_EQ(content.replace(5000, 100, std::string(100, 'o')), kOld) << WorldName(world);
    }
  }
  for (const std::string& content : Contents(World::kBeside)) {
    EXPECT_EQ(content.substr(0, 4096), kOld.substr(0, 4096));
    EXPECT_NE(content.substr(4096, 900), kOld.substr(4096, 900));
  }
}

TEST_F(PowerCutDiskTest, AGrownFileMayHoldZerosAndGarbage) {
  Write(8192, 1024, 'n');
  EXPECT_EQ(Contents(World::kSectors).count(kOld + std::string(512, '\0') + std::string(512, 'n')),
            1);
  EXPECT_GT(Contents(World::kGarbage).size(), 10);
}

TEST_F(PowerCutDiskTest, NamesLastOnceTheFolderIsSynced) {
  Do({Kind::kCreate, 2, "new", 0, ""});
  Do({Kind::kWrite, 2, "", 0, "x"});
  Do({Kind::kSync, 2, "", 0, ""});
  Do({Kind::kDelete, 0, "kept", 0, ""});
  EXPECT_EQ(HowManyHold(World::kNothing, "new"), 0);
  EXPECT_EQ(HowManyHold(World::kNothing, "kept"), kSeeds);
  EXPECT_EQ(HowManyHold(World::kAll, "kept"), 0);
  for (const char* name : {"new", "kept"}) {
    const size_t held = HowManyHold(World::kWrites, name);
    EXPECT_TRUE(held > 0 && held < kSeeds) << name << " in " << held;
  }
  Do({Kind::kSyncFolder, 0, "", 0, ""});
  EXPECT_EQ(disk_.Cut(World::kNothing, 1), (DiskImage{{"new", "x"}}));
}

}  // namespace
}  // namespace minsheng::platform
