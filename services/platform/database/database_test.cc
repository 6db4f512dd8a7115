#include "services/platform/database/database.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/database/engine.h"

namespace minsheng::platform {
namespace {

constexpr Migration kSchema[] = {
    {1, "CREATE TABLE things (id BIGINT PRIMARY KEY, word TEXT, raw BLOB)"},
    {2, "CREATE TABLE more (id BIGINT PRIMARY KEY)"}};

// What every engine must do.
class DatabaseTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto opened = engine_.Open(kSchema);
    ASSERT_TRUE(opened.ok()) << opened.status();
    database_ = *std::move(opened);
    writer_ = *database_->OpenWriter();
  }
  absl::Status Write(absl::string_view sql, Args args = {}) { return writer_->Execute(sql, args); }
  int64_t Count(absl::string_view where = "1 = 1") {
    return *QueryInt(*writer_, absl::StrCat("SELECT COUNT(*) FROM things WHERE ", where));
  }

  Engine engine_{GetParam()};
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> writer_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DatabaseTest, testing::ValuesIn(Engine::Names()),
                         [](const auto& engine) { return engine.param; });

TEST_P(DatabaseTest, BindsPlaceholdersByNumberNotByAppearance) {
  ASSERT_TRUE(Write("INSERT INTO things (word, id, raw) VALUES ($2, $1, $3)",
                    {int64_t{7}, "seven", Blob{absl::string_view("\0x", 2)}})
                  .ok());
  int rows = 0;
  ASSERT_TRUE(writer_
                  ->Query("SELECT id, word, raw FROM things", {},
                          [&](const Row& row) {
                            ++rows;
                            EXPECT_EQ(row.Int(0), 7);
                            EXPECT_EQ(row.Text(1), "seven");
                            EXPECT_EQ(row.Bytes(2), absl::string_view("\0x", 2));
                            EXPECT_EQ(row.Canonical(0), "i:7");
                            EXPECT_EQ(row.Canonical(1), "t:seven");
                            EXPECT_EQ(row.Canonical(2), "b:0078");
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_EQ(rows, 1);
}

TEST_P(DatabaseTest, EmptyTextAndNoBytesAreNotNull) {
  ASSERT_TRUE(Write("INSERT INTO things (id, word, raw) VALUES (1, $1, $2)", {"", Blob{""}}).ok());
  EXPECT_EQ(Count("word = '' AND raw IS NOT NULL"), 1);
  ASSERT_TRUE(Write("INSERT INTO things (id, word) VALUES ($1, $2)", {int64_t{2}, Null{}}).ok());
  EXPECT_EQ(Count("word IS NULL"), 1);
}

TEST_P(DatabaseTest, SumsAndCountsAreNumbers) {
  for (int64_t id : {1, 2}) ASSERT_TRUE(Write("INSERT INTO things (id) VALUES ($1)", {id}).ok());
  EXPECT_EQ(*QueryInt(*writer_, "SELECT SUM(id) FROM things"), 3);
  EXPECT_EQ(*QueryInt(*writer_, "SELECT COALESCE(MAX(id), 0) + COUNT(*) FROM things"), 4);
}

TEST_P(DatabaseTest, TextSortsByItsBytes) {
  int64_t id = 0;
  for (const char* word : {"b", "a", "B", "_", "é", "区", "aa"}) {
    ASSERT_TRUE(Write("INSERT INTO things (id, word) VALUES ($1, $2)", {++id, word}).ok());
  }
  std::vector<std::string> words;
  ASSERT_TRUE(writer_
                  ->Query("SELECT word FROM things ORDER BY word", {},
                          [&](const Row& row) {
                            words.emplace_back(row.Text(0));
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_EQ(words, (std::vector<std::string>{"B", "_", "a", "aa", "b", "é", "区"}));
}

TEST_P(DatabaseTest, AConstraintIsNamedAndASavepointUndoesIt) {
  ASSERT_TRUE(writer_->BeginWrite().ok());
  ASSERT_TRUE(Write("INSERT INTO things (id) VALUES (1)").ok());
  ASSERT_TRUE(Write("SAVEPOINT job").ok());
  EXPECT_EQ(ReasonOf(Write("INSERT INTO things (id) VALUES ($1)", {int64_t{1}})), "CONSTRAINT");
  ASSERT_TRUE(Write("ROLLBACK TO job").ok());
  ASSERT_TRUE(Write("RELEASE job").ok());
  ASSERT_TRUE(Write("COMMIT").ok());
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseTest, MigratesOnceAndRefusesALaterSchema) {
  writer_.reset();
  database_.reset();
  { ASSERT_TRUE(engine_.Open(kSchema).ok()); }
  EXPECT_EQ(ReasonOf(engine_.Open(absl::MakeSpan(kSchema, 1)).status()), "SCHEMA_TOO_NEW");
}

TEST_P(DatabaseTest, IsFilledOnceWhenItIsCreated) {
  const Engine fresh(GetParam());
  int filled = 0;
  const OnCreate fill = [&](Session& session) {
    ++filled;
    return session.Execute("INSERT INTO things (id) VALUES (5)");
  };
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(fresh.Open(kSchema, fill).ok());
  EXPECT_EQ(filled, 1);
}

TEST_P(DatabaseTest, ARefusedFillingLeavesNoHalfMadeDatabase) {
  const Engine fresh(GetParam());
  const OnCreate refuse = [](Session&) { return absl::InternalError("no"); };
  EXPECT_FALSE(fresh.Open(kSchema, refuse).ok());
  auto database = fresh.Open(kSchema);
  ASSERT_TRUE(database.ok()) << database.status();
}

TEST_P(DatabaseTest, AReaderSeesOneState) {
  ASSERT_TRUE(database_
                  ->Read([&](Session& reader) {
                    EXPECT_EQ(*QueryInt(reader, "SELECT COUNT(*) FROM things"), 0);
                    EXPECT_TRUE(Write("INSERT INTO things (id) VALUES (1)").ok());
                    EXPECT_EQ(*QueryInt(reader, "SELECT COUNT(*) FROM things"), 0);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseTest, ACopyIsAnSqliteFileAndFillsAnyEngine) {
  ASSERT_TRUE(Write("INSERT INTO things (id, word, raw) VALUES (1, $1, $2)",
                    {"一", Blob{absl::string_view("\0\xff", 2)}})
                  .ok());
  ASSERT_TRUE(Write("INSERT INTO things (id) VALUES (2)").ok());
  const std::string path = engine_.folder() + "/copy.db";
  ASSERT_TRUE(database_->CopyTo(path).ok());
  for (const std::string& name : Engine::Names()) {
    const Engine other(name);
    auto filled = other.Open(kSchema, [&](Session& to) { return CopyRowsFrom(path, to); });
    ASSERT_TRUE(filled.ok()) << filled.status();
    std::vector<std::string> rows;
    ASSERT_TRUE((*filled)
                    ->Read([&](Session& session) {
                      return session.Query(
                          "SELECT * FROM things ORDER BY id", {}, [&](const Row& row) {
                            rows.push_back(absl::StrCat(row.Canonical(0), " ", row.Canonical(1),
                                                        " ", row.Canonical(2)));
                            return absl::OkStatus();
                          });
                    })
                    .ok());
    EXPECT_EQ(rows, (std::vector<std::string>{"i:1 t:一 b:00ff", "i:2 null null"}));
  }
}

// --- SQLite alone

std::string DatabasePath(const Engine& engine) { return engine.folder() + "/state.db"; }

TEST(SqliteTest, ASecondProcessIsRefused) {
  const Engine engine("sqlite");
  auto first = engine.Open(kSchema);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(ReasonOf(engine.Open(kSchema).status()), "STATE_IN_USE");
}

TEST(SqliteTest, ADamagedFileIsNamed) {
  const Engine engine("sqlite");
  FILE* file = fopen(DatabasePath(engine).c_str(), "w");
  fputs(
      "this is no database, and it is long enough to be looked at as a header of one ............",
      file);
  fclose(file);
  EXPECT_EQ(ReasonOf(engine.Open(kSchema).status()), "DATABASE_CORRUPT");
}

// --- PostgreSQL alone

class PostgresTest : public DatabaseTest {
 protected:
  // Ends every other connection of this server.
  void EndConnections() {
    const auto outside = *database_->OpenWriter();
    ASSERT_TRUE(outside
                    ->Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                              " WHERE pid <> pg_backend_pid() AND application_name ="
                              " current_setting('application_name')")
                    .ok());
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(PostgresTest);
INSTANTIATE_TEST_SUITE_P(Engines, PostgresTest, testing::ValuesIn([] {
                           auto names = Engine::Names();
                           names.erase(names.begin());
                           return names;
                         }()),
                         [](const auto& engine) { return engine.param; });

TEST_P(PostgresTest, TextThatItCannotHoldIsRefusedAndTheTransactionGoesOn) {
  ASSERT_TRUE(writer_->BeginWrite().ok());
  for (const absl::string_view word : {absl::string_view("a\0b", 3), absl::string_view("\xff")}) {
    ASSERT_TRUE(Write("SAVEPOINT job").ok());
    EXPECT_EQ(ReasonOf(Write("INSERT INTO things (id, word) VALUES (1, $1)", {word})),
              "TEXT_UNUSABLE");
    ASSERT_TRUE(Write("ROLLBACK TO job").ok());
  }
  ASSERT_TRUE(Write("COMMIT").ok());
}

TEST_P(PostgresTest, AWriterWaitsForTheOtherAndSeesWhatItDid) {
  auto other = *database_->OpenWriter();
  ASSERT_TRUE(writer_->BeginWrite().ok());
  ASSERT_TRUE(Write("INSERT INTO things (id) VALUES (1)").ok());
  std::thread second([&] {
    ASSERT_TRUE(other->BeginWrite().ok());
    EXPECT_EQ(*QueryInt(*other, "SELECT COUNT(*) FROM things"), 1);
    ASSERT_TRUE(other->Execute("COMMIT").ok());
  });
  ASSERT_TRUE(Write("COMMIT").ok());
  second.join();
}

TEST_P(PostgresTest, StatementsEndAtTheDeadline) {
  const auto slow = [](Session& session) { return session.Execute("SELECT pg_sleep(20)"); };
  const absl::Time begin = absl::Now();
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(database_->Read(absl::Now() + absl::Milliseconds(50), slow)));
  ASSERT_TRUE(writer_->BeginWrite(absl::Now() + absl::Milliseconds(50)).ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(slow(*writer_)));
  ASSERT_TRUE(Write("ROLLBACK").ok());
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
}

TEST_P(PostgresTest, AWaitForTheWriteLockEndsAtTheDeadline) {
  auto other = *database_->OpenWriter();
  ASSERT_TRUE(other->BeginWrite().ok());
  EXPECT_TRUE(absl::IsDeadlineExceeded(writer_->BeginWrite(absl::Now() + absl::Milliseconds(50))));
  ASSERT_TRUE(Write("ROLLBACK").ok());
  ASSERT_TRUE(other->Execute("ROLLBACK").ok());
  ASSERT_TRUE(writer_->BeginWrite().ok());
}

TEST_P(PostgresTest, LostConnectionsAreReplaced) {
  const auto count = [](Session& session) {
    return QueryInt(session, "SELECT COUNT(*) FROM things").status();
  };
  ASSERT_TRUE(database_->Read(count).ok());
  EndConnections();
  EXPECT_TRUE(database_->Read(count).ok());
  EXPECT_TRUE(absl::IsUnavailable(writer_->BeginWrite()));
  EXPECT_FALSE(writer_->usable());
}

TEST_P(PostgresTest, AnUnreachableServerIsUnavailable) {
  EXPECT_TRUE(absl::IsUnavailable(
      OpenPostgres("host=127.0.0.1 port=1 dbname=none", "test", kSchema).status()));
}

TEST_P(PostgresTest, ADatabaseThatSortsOtherwiseIsRefused) {
  const std::string server = getenv("TEST_POSTGRES");
  const std::string name = absl::StrCat("sorts_", getpid());
  ASSERT_TRUE(engine_
                  .Run(absl::StrCat("CREATE DATABASE ", name,
                                    " TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C'"
                                    " LC_CTYPE 'C'"))
                  .ok());
  const auto opened = OpenPostgres(absl::StrCat(server, " dbname=", name), "test", kSchema);
  EXPECT_EQ(ReasonOf(opened.status()), "DATABASE_UNSUITABLE") << opened.status();
  EXPECT_TRUE(engine_.Run(absl::StrCat("DROP DATABASE ", name)).ok());
}

}  // namespace
}  // namespace minsheng::platform
