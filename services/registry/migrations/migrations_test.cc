#include "services/registry/migrations/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/platform/database/engine.h"
#include "services/registry/store/store.h"

namespace minsheng::registry {
namespace {

using platform::Row;
using platform::Session;

class MigrationsTest : public testing::TestWithParam<std::string> {
 protected:
  std::vector<std::string> Rows(Session& session, absl::string_view sql) {
    std::vector<std::string> rows;
    const auto add = [&](const Row& row) {
      rows.emplace_back(row.Text(0));
      return absl::OkStatus();
    };
    EXPECT_TRUE(session.Query(sql, {}, add).ok());
    return rows;
  }

  platform::Engine engine_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, MigrationsTest, testing::ValuesIn(platform::Engine::Names()));

TEST_P(MigrationsTest, ATaskOfStepTwoStandsInOneRow) {
  std::vector<platform::Migration> steps = {{1, platform::kJournalSchema}};
  for (const auto& migration : Migrations()) steps.push_back(migration);
  {
    const auto before = engine_.Open({steps[0], steps[1]});
    ASSERT_TRUE(before.ok()) << before.status();
    ASSERT_TRUE(
        (*(*before)->OpenWriter())
            ->ExecuteScript("INSERT INTO resources VALUES ('t/1', 'task', 'p', 1, 7, 70, 'b', 0),"
                            " ('t/2', 'task', 'p', 2, 5, 50, 'c', 0);"
                            "INSERT INTO history VALUES ('t/1', 3, 30, 'a'), ('t/1', 7, 70, 'b'),"
                            " ('t/2', 5, 50, 'c');"
                            "INSERT INTO task_units VALUES ('t/1', 'lead', '区民政局'),"
                            " ('t/1', 'lead', '区教委'), ('t/1', 'cooperating', '区财政局'),"
                            " ('t/1', 'cooperating', '区教委')")
            .ok());
  }

  const auto database = engine_.Open(steps);
  ASSERT_TRUE(database.ok()) << database.status();
  const auto session = *(*database)->OpenWriter();
  EXPECT_THAT(Rows(*session, "SELECT lead_units FROM resources ORDER BY name"),
              testing::ElementsAre(UnitsText({"区教委", "区民政局"}), ""));
  EXPECT_THAT(Rows(*session, "SELECT all_units FROM resources ORDER BY name"),
              testing::ElementsAre(UnitsText({"区财政局", "区民政局", "区教委"}), ""));
  EXPECT_THAT(Rows(*session, "SELECT name FROM history"), testing::ElementsAre("t/1"));
  for (const auto& [at, body] : {std::pair(30, "a"), {69, "a"}, {70, "b"}}) {
    EXPECT_EQ(*GetBody(*session, kind::kTask, "t/1", absl::FromUnixMicros(at)), body);
  }
  EXPECT_TRUE(
      absl::IsNotFound(GetBody(*session, kind::kTask, "t/1", absl::FromUnixMicros(29)).status()));
}

}  // namespace
}  // namespace minsheng::registry
