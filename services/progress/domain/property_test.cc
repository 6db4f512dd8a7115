// Properties of the judgement over random tasks: exact until when it holds, and one light by every
// way of asking.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/test_tasks.h"

namespace minsheng::progress {
namespace {

using test::Random;
using test::RandomInstant;
using test::RandomTask;
using test::Seed;
using test::TestTask;

constexpr int kTasks = 3000;

// Calls `property` with many random tasks; each failure names the seed and the task.
template <typename Property>
void ForRandomTasks(Property property) {
  Random random(Seed());
  for (int i = 0; i < kTasks && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(::testing::Message() << "MINSHENG_TEST_SEED=" << Seed() << " task " << i);
    const TestTask task = RandomTask(random);
    property(task, random);
  }
}

// Instants from `from` to just before `to`, the ends among them; a far end is drawn near.
std::vector<absl::Time> Within(absl::Time from, absl::Time to, Random& random) {
  const absl::Time end = std::min(to, from + absl::Hours(24 * 500));
  std::vector<absl::Time> instants{from, end - absl::Nanoseconds(1)};
  const int64_t seconds = absl::ToInt64Seconds(end - from);
  for (int i = 0; i < 8; ++i) instants.push_back(from + absl::Seconds(random.Between(0, seconds)));
  std::erase_if(instants, [&](absl::Time instant) { return instant < from || instant >= end; });
  return instants;
}

TEST(AssessPropertyTest, HoldsUntilValidUntilAndNoLonger) {
  ForRandomTasks([](const TestTask& task, Random& random) {
    const absl::Time instant = RandomInstant(random);
    const Assessment now = Assess(task.input(), instant);
    ASSERT_GT(now.valid_until, instant);
    for (const absl::Time later : Within(instant, now.valid_until, random)) {
      EXPECT_TRUE(SameVerdict(now, Assess(task.input(), later))) << later;
      EXPECT_EQ(Assess(task.input(), later).valid_until, now.valid_until) << later;
    }
    if (now.valid_until == absl::InfiniteFuture()) return;
    EXPECT_FALSE(SameVerdict(now, Assess(task.input(), now.valid_until)));
  });
}

TEST(AssessPropertyTest, TheLightAloneIsTheAssessmentsLight) {
  ForRandomTasks([](const TestTask& task, Random& random) {
    for (int i = 0; i < 4; ++i) {
      const absl::Time instant = RandomInstant(random);
      bool carried = false;
      const Light light = LightAt(task.input(), instant, &carried);
      const Assessment assessment = Assess(task.input(), instant, false);
      EXPECT_EQ(light, assessment.light);
      EXPECT_EQ(carried, !assessment.facts_current);
    }
  });
}

TEST(AssessPropertyTest, StepsAgreeWithTheLightAtEveryInstant) {
  ForRandomTasks([](const TestTask& task, Random& random) {
    const absl::Time from = RandomInstant(random);
    const std::vector<LightStep> steps = LightsFrom(task.input(), from);
    ASSERT_EQ(steps.front().from, from);
    for (int i = 0; i < 8; ++i) {
      const absl::Time instant = std::max(from, RandomInstant(random));
      const auto next = std::find_if(steps.begin(), steps.end(),
                                     [&](const LightStep& step) { return step.from > instant; });
      bool carried = false;
      EXPECT_EQ(std::prev(next)->light, LightAt(task.input(), instant, &carried)) << instant;
      EXPECT_EQ(std::prev(next)->carried, carried) << instant;
    }
  });
}

TEST(AssessPropertyTest, EveryStepChangesSomething) {
  ForRandomTasks([](const TestTask& task, Random& random) {
    const std::vector<LightStep> steps = LightsFrom(task.input(), RandomInstant(random));
    for (size_t i = 1; i < steps.size(); ++i) {
      EXPECT_LT(steps[i - 1].from, steps[i].from);
      EXPECT_TRUE(steps[i - 1].light != steps[i].light || steps[i - 1].carried != steps[i].carried);
    }
  });
}

TEST(AssessPropertyTest, NoGoalIsWorseThanItsRatedTask) {
  ForRandomTasks([](const TestTask& task, Random& random) {
    const Assessment assessment = Assess(task.input(), RandomInstant(random));
    if (assessment.light == Light::kUnrated || assessment.light == Light::kStale) return;
    for (const TargetAssessment& target : assessment.targets) {
      if (target.is_part || target.light == Light::kUnrated) continue;
      EXPECT_GE(target.light, assessment.light);
    }
  });
}

TEST(AssessPropertyTest, EveryAssessmentIsExplained) {
  ForRandomTasks([](const TestTask& task, Random& random) {
    const Assessment assessment = Assess(task.input(), RandomInstant(random));
    const std::string words = Explain(task.input(), assessment);
    EXPECT_TRUE(absl::EndsWith(words, "。")) << words;
    EXPECT_EQ(words.find("。。"), std::string::npos) << words;
    EXPECT_EQ(words.find("，，"), std::string::npos) << words;
  });
}

}  // namespace
}  // namespace minsheng::progress
