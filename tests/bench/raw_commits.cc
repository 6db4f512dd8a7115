// What SQLite itself can do: the rows of submitted reports (event, report, request), taken from a
// database that a service wrote, committed one report at a time into another copy of the database
// that the service began with. WAL and synchronous=FULL, as the service has it: one fsync each.
//
//   raw_commits --rows AFTER.db --into COPY.db --seconds 2        prints a JSON object
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace minsheng::bench {
namespace {

constexpr const char* kTables[] = {"events", "reports", "requests"};

using Steady = std::chrono::steady_clock;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};
using Database = std::unique_ptr<sqlite3, Finalize>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
using Row = std::vector<std::unique_ptr<sqlite3_value, Finalize>>;

[[noreturn]] void Fail(sqlite3* database, const std::string& what) {
  std::fprintf(stderr, "raw_commits: %s: %s\n", what.c_str(), sqlite3_errmsg(database));
  std::exit(1);
}

Database Open(const std::string& path) {
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
    Fail(database, path);
  }
  return Database(database);
}

Statement Prepare(const Database& database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK) {
    Fail(database.get(), sql);
  }
  return Statement(statement);
}

void Run(const Database& database, const Statement& statement) {
  const int result = sqlite3_step(statement.get());
  if (result != SQLITE_DONE && result != SQLITE_ROW) Fail(database.get(), "step");
  sqlite3_reset(statement.get());
}

// The rows that came after those that `before` has, in the order of their coming.
std::vector<Row> RowsSince(const Database& before, const Database& after, const char* table) {
  const Statement last =
      Prepare(before, std::string("SELECT COALESCE(MAX(rowid), 0) FROM ") + table);
  sqlite3_step(last.get());
  const Statement select =
      Prepare(after, std::string("SELECT * FROM ") + table + " WHERE rowid > ? ORDER BY rowid");
  sqlite3_bind_int64(select.get(), 1, sqlite3_column_int64(last.get(), 0));
  std::vector<Row> rows;
  while (sqlite3_step(select.get()) == SQLITE_ROW) {
    Row& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(select.get()); ++i) {
      row.emplace_back(sqlite3_value_dup(sqlite3_column_value(select.get(), i)));
    }
  }
  return rows;
}

// One table's part of the work.
struct Insert {
  Statement statement;
  std::vector<Row> rows;

  void Put(const Database& database, size_t n) const {
    for (size_t i = 0; i < rows[n].size(); ++i) {
      sqlite3_bind_value(statement.get(), static_cast<int>(i) + 1, rows[n][i].get());
    }
    Run(database, statement);
  }
};

std::vector<Insert> Inserts(const Database& into, const Database& from) {
  std::vector<Insert> inserts;
  for (const char* table : kTables) {
    Insert& insert = inserts.emplace_back();
    insert.rows = RowsSince(into, from, table);
    std::string sql = std::string("INSERT INTO ") + table + " VALUES (?";
    const size_t columns = insert.rows.empty() ? 1 : insert.rows.front().size();
    for (size_t i = 1; i < columns; ++i) sql += ",?";
    if (!insert.rows.empty()) insert.statement = Prepare(into, sql + ")");
  }
  return inserts;
}

int Measure(const Database& into, const std::vector<Insert>& inserts, double seconds_max) {
  const Statement begin = Prepare(into, "BEGIN IMMEDIATE");
  const Statement commit = Prepare(into, "COMMIT");
  const auto start = Steady::now();
  const auto seconds = [&] { return std::chrono::duration<double>(Steady::now() - start).count(); };
  size_t done = 0;
  while (done < inserts.front().rows.size() && seconds() < seconds_max) {
    Run(into, begin);
    for (const Insert& insert : inserts) insert.Put(into, done);
    Run(into, commit);
    ++done;
  }
  const double taken = seconds();
  std::printf("{\"commits\":%zu,\"seconds\":%.3f,\"commits_per_second\":%.1f}\n", done, taken,
              static_cast<double>(done) / taken);
  return 0;
}

int Main(int argc, char** argv) {
  std::string rows, into;
  double seconds = 2;
  CLI::App app("raw_commits: reports' rows into SQLite, one fsync each; prints JSON");
  app.add_option("--rows", rows, "Database that a service wrote")->required();
  app.add_option("--into", into, "Copy of the one it began with; is written to")->required();
  app.add_option("--seconds", seconds, "For how long at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  const Database from = Open(rows), to = Open(into);
  const Statement wal = Prepare(to, "PRAGMA journal_mode=WAL");
  Run(to, wal);
  Run(to, Prepare(to, "PRAGMA synchronous=FULL"));
  const std::vector<Insert> inserts = Inserts(to, from);
  for (const Insert& insert : inserts) {
    if (insert.rows.size() == inserts.front().rows.size() && !insert.rows.empty()) continue;
    std::fprintf(stderr, "raw_commits: events, reports and requests are not one each\n");
    return 1;
  }
  return Measure(to, inserts, seconds);
}

}  // namespace
}  // namespace minsheng::bench

int main(int argc, char** argv) { return minsheng::bench::Main(argc, argv); }
