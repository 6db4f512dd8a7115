#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <unordered_map>

#include "absl/strings/escaping.h"
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

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(SQLite::Statement& statement) : statement_(statement) {}
  int size() const override { return statement_.getColumnCount(); }
  int64_t Int(int column) const override { return statement_.getColumn(column).getInt64(); }
  absl::string_view Text(int column) const override { return Bytes(column); }
  absl::string_view Bytes(int column) const override {
    const SQLite::Column value = statement_.getColumn(column);
    const void* data = value.getBlob();
    return {static_cast<const char*>(data), data == nullptr ? 0 : size_t(value.getBytes())};
  }
  Type TypeOf(int column) const override {
    switch (statement_.getColumn(column).getType()) {
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
  SQLite::Statement& statement_;
};

struct Binder {
  SQLite::Statement& statement;
  int index;
  void operator()(Null) const { statement.bind(index); }
  void operator()(int64_t value) const { statement.bind(index, value); }
  void operator()(absl::string_view text) const { statement.bind(index, std::string(text)); }
  void operator()(Blob blob) const {
    // Bound without copying: the view lives through the call. A null pointer would be read as NULL.
    statement.bindNoCopy(index, blob.bytes.empty() ? "" : blob.bytes.data(),
                         static_cast<int>(blob.bytes.size()));
  }
};

class SqliteSession final : public Session {
 public:
  SqliteSession(const std::string& path, int flags) : database_(path, flags, kBusyTimeoutMs) {
    database_.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
  }

  absl::Status Execute(absl::string_view sql, Args args) override {
    return Query(sql, args, [](const Row&) { return absl::OkStatus(); });
  }

  absl::Status Query(absl::string_view sql, Args args,
                     absl::FunctionRef<absl::Status(const Row&)> each) override {
    return Guarded([&] {
      SQLite::Statement& statement = Prepared(sql);
      Reset reset{statement};
      Bind(statement, args);
      SqliteRow row(statement);
      while (statement.executeStep()) RETURN_IF_ERROR(each(row));
      return absl::OkStatus();
    });
  }

  absl::Status BeginWrite(absl::Time) override { return Execute("BEGIN IMMEDIATE", {}); }

  absl::Status ExecuteScript(const std::string& sql) override {
    return Guarded([&] {
      database_.exec(sql);
      return absl::OkStatus();
    });
  }

 private:
  struct Reset {
    SQLite::Statement& statement;
    ~Reset() { statement.tryReset(); }
  };

  SQLite::Statement& Prepared(absl::string_view sql) {
    auto it = statements_.find(std::string(sql));
    if (it == statements_.end()) {
      std::string text(sql);
      auto statement = std::make_unique<SQLite::Statement>(database_, text);
      it = statements_.emplace(std::move(text), std::move(statement)).first;
    }
    return *it->second;
  }

  static void Bind(SQLite::Statement& statement, Args args) {
    int number = 0;
    for (const Arg& arg : args) {
      // "$3" is a name to SQLite: its index is the order of first appearance.
      const int index = statement.getIndex(absl::StrCat("$", ++number).c_str());
      if (index > 0) std::visit(Binder{statement, index}, arg);
    }
  }

  SQLite::Database database_;
  std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> statements_;
};

absl::StatusOr<std::unique_ptr<Session>> OpenSession(const std::string& path, int flags) {
  try {
    return std::make_unique<SqliteSession>(path, flags);
  } catch (const SQLite::Exception& e) {
    return FromSqlite(e);
  }
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
    return OpenSession(path_, SQLite::OPEN_READWRITE);
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
