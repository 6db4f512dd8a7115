#include "services/platform/database/database.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "services/platform/base/error.h"

namespace minsheng::platform {
namespace {

constexpr Migration kSchema[] = {
    {1, "CREATE TABLE things (id BIGINT PRIMARY KEY, word TEXT, raw BLOB)"},
    {2, "CREATE TABLE more (id BIGINT PRIMARY KEY)"}};

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    std::string pattern = testing::TempDir() + "/database.XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~DatabaseTest() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/state.db"; }
  std::string folder_;
};

TEST_F(DatabaseTest, BindsPlaceholdersByNumberNotByAppearance) {
  auto session = OpenScratch(kSchema);
  ASSERT_TRUE(session.ok()) << session.status();
  ASSERT_TRUE((*session)
                  ->Execute("INSERT INTO things (word, id, raw) VALUES ($2, $1, $3)",
                            {int64_t{7}, "seven", Blob{absl::string_view("\0x", 2)}})
                  .ok());
  int rows = 0;
  ASSERT_TRUE((*session)
                  ->Query("SELECT id, word, raw FROM things", {},
                          [&](const Row& row) {
                            ++rows;
                            EXPECT_EQ(row.Int(0), 7);
                            EXPECT_EQ(row.Text(1), "seven");
                            EXPECT_EQ(row.Canonical(2), "b:0078");
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_EQ(rows, 1);
}

TEST_F(DatabaseTest, EmptyTextIsNotNull) {
  auto session = OpenScratch(kSchema);
  ASSERT_TRUE((*session)->Execute("INSERT INTO things (id, word) VALUES (1, $1)", {""}).ok());
  EXPECT_EQ(*QueryInt(**session, "SELECT COUNT(*) FROM things WHERE word = ''"), 1);
}

TEST_F(DatabaseTest, MigratesOnceAndRefusesALaterSchema) {
  { ASSERT_TRUE(OpenSqlite(path(), absl::MakeSpan(kSchema, 1)).ok()); }
  { ASSERT_TRUE(OpenSqlite(path(), kSchema).ok()); }
  EXPECT_EQ(ReasonOf(OpenSqlite(path(), absl::MakeSpan(kSchema, 1)).status()), "SCHEMA_TOO_NEW");
}

TEST_F(DatabaseTest, ASecondProcessIsRefused) {
  auto first = OpenSqlite(path(), kSchema);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(ReasonOf(OpenSqlite(path(), kSchema).status()), "STATE_IN_USE");
}

TEST_F(DatabaseTest, AReaderSeesOneStateAndACopyHoldsIt) {
  auto database = OpenSqlite(path(), kSchema);
  auto writer = (*database)->OpenWriter();
  ASSERT_TRUE((*database)
                  ->Read([&](Session& reader) {
                    EXPECT_EQ(*QueryInt(reader, "SELECT COUNT(*) FROM things"), 0);
                    EXPECT_TRUE((*writer)->Execute("INSERT INTO things (id) VALUES (1)").ok());
                    EXPECT_EQ(*QueryInt(reader, "SELECT COUNT(*) FROM things"), 0);
                    return absl::OkStatus();
                  })
                  .ok());
  ASSERT_TRUE((*database)->CopyTo(folder_ + "/copy.db").ok());
  auto copy = OpenSqlite(folder_ + "/copy.db", kSchema);
  ASSERT_TRUE((*copy)
                  ->Read([&](Session& reader) {
                    EXPECT_EQ(*QueryInt(reader, "SELECT COUNT(*) FROM things"), 1);
                    return absl::OkStatus();
                  })
                  .ok());
}

TEST_F(DatabaseTest, ADamagedFileIsNamed) {
  FILE* file = fopen(path().c_str(), "w");
  fputs(
      "this is no database, and it is long enough to be looked at as a header of one ............",
      file);
  fclose(file);
  EXPECT_EQ(ReasonOf(OpenSqlite(path(), kSchema).status()), "DATABASE_CORRUPT");
}

}  // namespace
}  // namespace minsheng::platform
