#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/database/database.h"

namespace minsheng::platform {
namespace {

constexpr int kBusyTimeoutMs = 2000;
constexpr size_t kReadersKept = 8;

absl::Status FromSqlite(const SQLite::Exception& e) {
  switch (e.getErrorCode() & 0xff) {
    case SQLITE_FULL:
      return Error(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                   "the disk of the database is full; nothing was stored, try again later");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(absl::StatusCode::kDataLoss, "DATABASE_CORRUPT",
                   "the database file is damaged; restore a backup");
    case SQLITE_CONSTRAINT:
      return Error(absl::StatusCode::kAlreadyExists, "CONSTRAINT", e.getErrorStr());
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
      return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                   absl::StrCat("the database cannot be used now (", e.getErrorStr(),
                                "); nothing was stored, try again later"));
    default:
      return absl::InternalError(absl::StrCat("database: ", e.what()));
  }
}

template <typename F>
absl::Status Guarded(F body) {
  try {
    return body();
  } catch (const SQLite::Exception& e) {
    return FromSqlite(e);
  }
}

// A prepared statement. Arguments are bound without copying: they live through the call.
class Statement {
 public:
  Statement(sqlite3* database, absl::string_view sql) : database_(database) {
    Check(sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
    // "$3" is a name to SQLite: its index is the order of first appearance.
    for (int i = 1; i <= sqlite3_bind_parameter_count(handle_); ++i) {
      const char* name = sqlite3_bind_parameter_name(handle_, i);
      size_t number = 0;
      if (name == nullptr || !absl::SimpleAtoi(name + 1, &number)) continue;
      if (number >= indexes_.size()) indexes_.resize(number + 1);
      indexes_[number] = i;
    }
  }
  ~Statement() { sqlite3_finalize(handle_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void Bind(Args args) {
    for (size_t number = 1; number < indexes_.size() && number <= args.size(); ++number) {
      const int index = indexes_[number];
      if (index > 0) {
        Check(std::visit([&](const auto& value) { return Bind(index, value); }, args[number - 1]));
      }
    }
  }
  // False after the last row.
  bool Step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) throw SQLite::Exception(database_, code);
    return false;
  }
  void Reset() {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }
  sqlite3_stmt* handle() const { return handle_; }

 private:
  void Check(int code) const {
    if (code != SQLITE_OK) throw SQLite::Exception(database_, code);
  }
  int Bind(int index, Null) { return sqlite3_bind_null(handle_, index); }
  int Bind(int index, int64_t value) { return sqlite3_bind_int64(handle_, index, value); }
  int Bind(int index, absl::string_view text) {
    return sqlite3_bind_text64(handle_, index, NotNull(text), text.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  int Bind(int index, Blob blob) {
    return sqlite3_bind_blob64(handle_, index, NotNull(blob.bytes), blob.bytes.size(),
                               SQLITE_STATIC);
  }
  // A null pointer would be read as NULL.
  static const char* NotNull(absl::string_view bytes) { return bytes.empty() ? "" : bytes.data(); }

  sqlite3* const database_;
  sqlite3_stmt* handle_ = nullptr;
  std::vector<int> indexes_;  // by number
};

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  int size() const override { return sqlite3_column_count(statement_); }
  int64_t Int(int column) const override { return sqlite3_column_int64(statement_, column); }
  absl::string_view Text(int column) const override { return Bytes(column); }
  absl::string_view Bytes(int column) const override {
    const void* data = sqlite3_column_blob(statement_, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), size_t(sqlite3_column_bytes(statement_, column))};
  }
  Type TypeOf(int column) const override {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_NULL:
        return Type::kNull;
      case SQLITE_INTEGER:
        return Type::kInt;
      case SQLITE_BLOB:
        return Type::kBytes;
      default:
        return Type::kText;
    }
  }

 private:
  sqlite3_stmt* const statement_;
};

class SqliteSession final : public Session {
 public:
  // Used by one thread at a time, as Session says.
  SqliteSession(const std::string& path, int flags)
      : database_(path, flags | SQLite::OPEN_NOMUTEX, kBusyTimeoutMs) {
    database_.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
  }

  absl::Status Execute(absl::string_view sql, Args args) override {
    return Query(sql, args, [](const Row&) { return absl::OkStatus(); });
  }

  absl::Status Query(absl::string_view sql, Args args,
                     absl::FunctionRef<absl::Status(const Row&)> each) override {
    return Guarded([&] {
      Statement& statement = Prepared(sql);
      Reset reset{statement};
      statement.Bind(args);
      SqliteRow row(statement.handle());
      while (statement.Step()) RETURN_IF_ERROR(each(row));
      return absl::OkStatus();
    });
  }

  absl::Status BeginWrite(absl::Time) override { return Execute("BEGIN IMMEDIATE", {}); }

  // From now on the log's pages move into the database file in Tidy, not within a COMMIT.
  void CheckpointInTidy() {
    checkpoint_pages_ = database_.execAndGet("PRAGMA wal_autocheckpoint").getInt();
    const auto note = [](void* session, sqlite3*, const char*, int pages) {
      static_cast<SqliteSession*>(session)->log_pages_ = pages;
      return SQLITE_OK;
    };
    sqlite3_wal_hook(database_.getHandle(), note, this);
  }
  void Tidy() override {
    if (checkpoint_pages_ <= 0 || log_pages_ < checkpoint_pages_) return;
    log_pages_ = 0;
    // What cannot be moved now is moved the next time.
    sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
  }

  absl::Status ExecuteScript(const std::string& sql) override {
    return Guarded([&] {
      database_.exec(sql);
      return absl::OkStatus();
    });
  }

 private:
  struct Reset {
    Statement& statement;
    ~Reset() { statement.Reset(); }
  };

  Statement& Prepared(absl::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return *known->second;
    auto statement = std::make_unique<Statement>(database_.getHandle(), sql);
    return *statements_.emplace(std::string(sql), std::move(statement)).first->second;
  }

  SQLite::Database database_;
  absl::flat_hash_map<std::string, std::unique_ptr<Statement>> statements_;
  int checkpoint_pages_ = 0;
  int log_pages_ = 0;
};

absl::StatusOr<std::unique_ptr<SqliteSession>> OpenFile(const std::string& path, int flags) {
  try {
    return std::make_unique<SqliteSession>(path, flags);
  } catch (const SQLite::Exception& e) {
    return FromSqlite(e);
  }
}

absl::StatusOr<std::unique_ptr<Session>> OpenSession(const std::string& path, int flags) {
  ASSIGN_OR_RETURN(auto session, OpenFile(path, flags));
  return session;
}

// A file lock, so that two processes never write one state.
class FileLock {
 public:
  static absl::StatusOr<FileLock> Take(const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
      if (fd >= 0) close(fd);
      return Error(
          absl::StatusCode::kFailedPrecondition, "STATE_IN_USE",
          absl::StrCat("cannot lock ", path,
                       ": another process uses this state, or the folder is not writable"));
    }
    return FileLock(fd);
  }
  FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock() {
    if (fd_ >= 0) close(fd_);
  }

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, FileLock lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  // A statement on a file of this machine ends by itself; only PostgreSQL needs the deadline.
  absl::Status Read(absl::Time, absl::FunctionRef<absl::Status(Session&)> body) override {
    ASSIGN_OR_RETURN(std::unique_ptr<Session> session, Borrow());
    RETURN_IF_ERROR(session->Execute("BEGIN"));
    absl::Status status = body(*session);
    status.Update(session->Execute("COMMIT"));
    if (status.code() != absl::StatusCode::kUnavailable) GiveBack(std::move(session));
    return status;
  }

  absl::StatusOr<std::unique_ptr<Session>> OpenWriter() override {
    ASSIGN_OR_RETURN(auto session, OpenFile(path_, SQLite::OPEN_READWRITE));
    session->CheckpointInTidy();
    return session;
  }

  absl::Status CopyTo(const std::string& path) override {
    ASSIGN_OR_RETURN(std::unique_ptr<Session> session, Borrow());
    const absl::Status status = session->Execute("VACUUM INTO $1", {absl::string_view(path)});
    GiveBack(std::move(session));
    return status;
  }

  bool shared() const override { return false; }

 private:
  absl::StatusOr<std::unique_ptr<Session>> Borrow() {
    {
      std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return session;
      }
    }
    return OpenSession(path_, SQLite::OPEN_READWRITE);
  }

  void GiveBack(std::unique_ptr<Session> session) {
    std::lock_guard lock(mutex_);
    if (idle_.size() < kReadersKept) idle_.push_back(std::move(session));
  }

  const std::string path_;
  const FileLock lock_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Session>> idle_;
};

Arg ArgOf(const Row& row, int column) {
  switch (row.TypeOf(column)) {
    case Row::Type::kNull:
      return Null{};
    case Row::Type::kInt:
      return row.Int(column);
    case Row::Type::kText:
      return row.Text(column);
    case Row::Type::kBytes:
      return Blob{row.Bytes(column)};
  }
  return Null{};
}

absl::Status CopyTable(const std::string& table, Session& from, Session& to) {
  std::string insert;
  return from.Query(absl::StrCat("SELECT * FROM ", table), {}, [&](const Row& row) {
    std::vector<Arg> args;
    for (int i = 0; i < row.size(); ++i) args.push_back(ArgOf(row, i));
    if (insert.empty()) {
      insert = absl::StrCat("INSERT INTO ", table, " VALUES (");
      for (int i = 1; i <= row.size(); ++i) absl::StrAppend(&insert, i > 1 ? ",$" : "$", i);
      insert += ")";
    }
    return to.Execute(insert, args);
  });
}

// The tables are those that the SQLite side knows; both sides have made them by the same
// migrations, so their columns stand in the same order.
absl::Status CopyRows(Session& sqlite, Session& from, Session& to) {
  std::vector<std::string> tables;
  RETURN_IF_ERROR(sqlite.Query(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations' ORDER BY name",
      {}, [&](const Row& row) {
        tables.emplace_back(row.Text(0));
        return absl::OkStatus();
      }));
  for (const std::string& table : tables) RETURN_IF_ERROR(CopyTable(table, from, to));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path,
                                                     absl::Span<const Migration> migrations,
                                                     const OnCreate& on_create) {
  ASSIGN_OR_RETURN(FileLock lock, FileLock::Take(path + ".lock"));
  ASSIGN_OR_RETURN(auto session, OpenSession(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE));
  RETURN_IF_ERROR(Migrate(*session, migrations, on_create));
  return std::make_unique<SqliteDatabase>(path, std::move(lock));
}

absl::StatusOr<std::unique_ptr<Session>> OpenScratch(absl::Span<const Migration> migrations) {
  ASSIGN_OR_RETURN(auto session,
                   OpenSession(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE));
  RETURN_IF_ERROR(Migrate(*session, migrations));
  return session;
}

absl::Status CopyRowsFrom(const std::string& path, Session& to) {
  ASSIGN_OR_RETURN(const auto from, OpenSession(path, SQLite::OPEN_READWRITE));
  return CopyRows(*from, *from, to);
}

absl::Status CopyRowsTo(const std::string& path, absl::Span<const Migration> migrations,
                        Session& from) {
  ASSIGN_OR_RETURN(const auto to, OpenSession(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE));
  RETURN_IF_ERROR(Migrate(*to, migrations));
  RETURN_IF_ERROR(to->BeginWrite());
  RETURN_IF_ERROR(CopyRows(*to, from, *to));
  return to->Execute("COMMIT");
}

}  // namespace minsheng::platform
