// Damaged copies of the notice: refused, or read with every row accounted for. Deterministic.
#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

#include "gtest/gtest.h"

#include "services/registry/domain/notice_testing.h"

namespace minsheng::registry {
namespace {

constexpr unsigned kSeed = 20240301;

// A long run takes more: $MINSHENG_FUZZ_ROUNDS.
int Rounds() {
  const char* given = std::getenv("MINSHENG_FUZZ_ROUNDS");
  return given == nullptr ? 800 : std::atoi(given);
}
const int kRounds = Rounds();

constexpr int kProjects = 23;

bool IsDoubted(const Notice& notice) {
  return std::any_of(notice.diagnostics.begin(), notice.diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity != Severity::kInfo; });
}

// The notice if it was read.
absl::StatusOr<Notice> Survive(const std::string& bytes) {
  auto notice = ParseNotice(bytes, "fuzz", {});
  if (notice.ok()) {
    ExpectAccounted(*notice);
  } else {
    EXPECT_NE(ReasonOf(notice.status()), "") << notice.status();
    EXPECT_TRUE(notice.status().code() == absl::StatusCode::kInvalidArgument);
  }
  return notice;
}

class DamagedNotice : public testing::TestWithParam<const char*> {
 protected:
  const std::string whole_ = Golden(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Forms, DamagedNotice,
                         testing::Values("wulong-2024.txt", "wulong-2024.csv"),
                         [](const auto& test) { return std::string(test.param).substr(12); });

TEST_P(DamagedNotice, ByFlippedBytes) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    std::string bytes = whole_;
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    (void)Survive(bytes);
  }
}

TEST_P(DamagedNotice, ByAsciiPutInOrTakenOut) {
  constexpr absl::string_view kAscii = "\t\n\r,;\"() -0123456789.";
  std::mt19937 random(kSeed + 1);
  for (int round = 0; round < kRounds; ++round) {
    std::string bytes = whole_;
    const std::size_t at = random() % bytes.size();
    if (round % 2 == 0) {
      bytes.insert(at, 1, kAscii[random() % kAscii.size()]);
    } else {
      bytes.erase(at, 1 + random() % 60);
    }
    SCOPED_TRACE(testing::Message() << "seed " << kSeed + 1 << " round " << round);
    (void)Survive(bytes);
  }
}

TEST_P(DamagedNotice, CutAnywhereIsRefusedOrDoubted) {
  for (std::size_t size = 0; size < whole_.size(); size += 5) {
    SCOPED_TRACE(testing::Message() << "cut at " << size);
    const auto notice = Survive(whole_.substr(0, size));
    if (!notice.ok()) continue;
    const bool complete = notice->projects.size() == kProjects && notice->tally.tasks == 29;
    EXPECT_TRUE(complete || IsDoubted(*notice));
  }
}

}  // namespace
}  // namespace minsheng::registry
