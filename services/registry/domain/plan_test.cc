#include "services/registry/domain/plan.h"

#include <gtest/gtest.h>

#include "services/registry/domain/refusal.h"

namespace minsheng::registry {
namespace {

const PlanBounds kBounds{{1, 2}, absl::CivilDay(2024, 3, 15), absl::CivilDay(2024, 12, 31)};

PlanDraft Milestones(std::vector<MilestoneDraft> milestones) {
  return {std::move(milestones), "", ""};
}

TEST(CheckPlan, TakesRisingMilestonesPerTarget) {
  EXPECT_TRUE(
      CheckPlan(Milestones({{"2024-09-30", "50", 0}, {"2024-11-30", "100", 0}}), kBounds).ok());
  EXPECT_TRUE(CheckPlan(Milestones({{"2024-11-30", "100", 1},
                                    {"2024-09-30", "33.333333", 1},
                                    {"2024-10-31", "10", 2}}),
                        kBounds)
                  .ok());
  EXPECT_TRUE(CheckPlan({{}, "2024-01-05", ""}, kBounds).ok());
}

struct Refused {
  const char* reason;
  PlanDraft plan;
};

TEST(CheckPlan, RefusesWithAReason) {
  const Refused kCases[] = {
      {"EMPTY_PLAN", {}},
      {"BAD_DATE", Milestones({{"2024-02-30", "50", 0}})},
      {"BAD_DATE", Milestones({{"2024-6-30", "50", 0}})},
      {"BAD_DATE", Milestones({{"2025-01-01", "50", 0}})},
      {"BAD_DATE", {{}, "", "2024-03-14"}},
      {"BAD_PERCENT", Milestones({{"2024-06-30", "100.000001", 0}})},
      {"BAD_PERCENT", Milestones({{"2024-06-30", "-1", 0}})},
      {"BAD_PERCENT", Milestones({{"2024-06-30", "", 0}})},
      {"BAD_PERCENT", Milestones({{"2024-06-30", "1.0000001", 0}})},
      {"UNKNOWN_TARGET", Milestones({{"2024-06-30", "50", 3}})},
      {"MILESTONES_FALL", Milestones({{"2024-06-30", "50", 0}, {"2024-07-31", "40", 0}})},
      {"MILESTONES_FALL", Milestones({{"2024-06-30", "50", 0}, {"2024-06-30", "60", 0}})},
  };
  for (const Refused& refused : kCases) {
    EXPECT_EQ(ReasonOf(CheckPlan(refused.plan, kBounds)), refused.reason);
  }
}

}  // namespace
}  // namespace minsheng::registry
