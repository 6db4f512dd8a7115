// The database seam: what a store may say to SQLite or PostgreSQL. Nothing above it knows the
// engine.
//
// SQL is the common part of both: $1 placeholders, BIGINT, TEXT and BLOB (a domain over bytea on
// PostgreSQL), ON CONFLICT, RETURNING. Text sorts by its bytes. Instants are BIGINT microseconds.
//
// Failure codes: UNAVAILABLE DATABASE_UNAVAILABLE (gone, busy, read-only), RESOURCE_EXHAUSTED
// DISK_FULL, DEADLINE_EXCEEDED (a statement ran into its deadline), DATA_LOSS DATABASE_CORRUPT,
// ALREADY_EXISTS CONSTRAINT, INVALID_ARGUMENT TEXT_UNUSABLE (PostgreSQL keeps no NUL in a text),
// INTERNAL for SQL that is wrong.
#ifndef MINSHENG_SERVICES_PLATFORM_DATABASE_DATABASE_H_
#define MINSHENG_SERVICES_PLATFORM_DATABASE_DATABASE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace minsheng::platform {

// Bytes that are no text.
struct Blob {
  absl::string_view bytes;
};
struct Null {};
// A statement's argument; views must live through the call.
using Arg = std::variant<Null, int64_t, absl::string_view, Blob>;
using Args = absl::Span<const Arg>;

// A result row, valid inside the callback.
class Row {
 public:
  virtual ~Row() = default;
  virtual int size() const = 0;
  enum class Type { kNull, kInt, kText, kBytes };
  virtual Type TypeOf(int column) const = 0;
  bool IsNull(int column) const { return TypeOf(column) == Type::kNull; }
  virtual int64_t Int(int column) const = 0;
  virtual absl::string_view Text(int column) const = 0;   // "" for NULL
  virtual absl::string_view Bytes(int column) const = 0;  // "" for NULL
  // The value in a form that compares equal across engines, for audits: "i:42", "t:…", "b:…",
  // "null".
  std::string Canonical(int column) const;
};

// One connection, used by one thread at a time.
class Session {
 public:
  virtual ~Session() = default;
  // Runs one statement without rows.
  virtual absl::Status Execute(absl::string_view sql, Args args = {}) = 0;
  // Runs a query; `each` gets every row and may end it with an error.
  virtual absl::Status Query(absl::string_view sql, Args args,
                             absl::FunctionRef<absl::Status(const Row&)> each) = 0;
  // Runs several statements separated by semicolons (migrations).
  virtual absl::Status ExecuteScript(const std::string& sql) = 0;
  // Begins a transaction that alone may write, also among processes; it ends with the statement
  // COMMIT or ROLLBACK. What it reads is what the last one left. Its statements end at `deadline`.
  virtual absl::Status BeginWrite(absl::Time deadline = absl::InfiniteFuture()) = 0;
  // Housekeeping that no answer needs to wait for; to be called between transactions.
  virtual void Tidy() {}
  // False once its connection is lost: open another.
  virtual bool usable() const { return true; }
};

// A numbered step of the schema, applied once, in order, in a transaction.
struct Migration {
  int number;
  const char* sql;
};

// Thread-safe.
class Database {
 public:
  virtual ~Database() = default;

  // Runs `body` on a pooled connection in one read transaction: everything it reads is of one
  // state. Its statements end at `deadline`.
  virtual absl::Status Read(absl::Time deadline,
                            absl::FunctionRef<absl::Status(Session&)> body) = 0;
  absl::Status Read(absl::FunctionRef<absl::Status(Session&)> body) {
    return Read(absl::InfiniteFuture(), body);
  }
  // A connection that may write; for the journal alone, which opens another when one is lost.
  virtual absl::StatusOr<std::unique_ptr<Session>> OpenWriter() = 0;
  // Writes a consistent copy to a new SQLite file, whatever the engine.
  virtual absl::Status CopyTo(const std::string& path) = 0;
  // True when other processes may write to it as well.
  virtual bool shared() const = 0;
};

// Fills a database that is being created, in the transaction that makes its tables.
using OnCreate = std::function<absl::Status(Session&)>;

// Opens (or creates) a SQLite database and brings its schema up to date. WAL, synchronous=FULL.
// FAILED_PRECONDITION STATE_IN_USE when another process holds it, SCHEMA_TOO_NEW when a later
// version wrote it.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path,
                                                     absl::Span<const Migration> migrations,
                                                     const OnCreate& on_create = nullptr);

// Opens (or creates) the schema `schema` of a PostgreSQL database and brings it up to date, for as
// many processes as want it. `connection` is a libpq connection string or URI without a password
// (that belongs in the environment or a passfile). FAILED_PRECONDITION DATABASE_UNSUITABLE, saying
// what to do, when the server may lose what it acknowledged (fsync, full_page_writes or
// synchronous_commit off) or the database does not sort text by its bytes.
absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const std::string& connection,
                                                       const std::string& schema,
                                                       absl::Span<const Migration> migrations,
                                                       const OnCreate& on_create = nullptr);

// Brings a schema up to date within the session, number by number.
absl::Status Migrate(Session& session, absl::Span<const Migration> migrations,
                     const OnCreate& on_create = nullptr);

// Copies every row of every table that the SQLite file `path` holds into the same empty tables.
absl::Status CopyRowsFrom(const std::string& path, Session& to);
// Makes a SQLite file with the schema and the rows that `from` sees.
absl::Status CopyRowsTo(const std::string& path, absl::Span<const Migration> migrations,
                        Session& from);

// An empty database in memory with the same schema: what a replay is compared with.
absl::StatusOr<std::unique_ptr<Session>> OpenScratch(absl::Span<const Migration> migrations);

// True for a status that says that the database itself failed, not a statement.
bool IsDatabaseFailure(const absl::Status& status);

// Reads one row's first column; NOT_FOUND without a row.
absl::StatusOr<int64_t> QueryInt(Session& session, absl::string_view sql, Args args = {});
absl::StatusOr<std::string> QueryText(Session& session, absl::string_view sql, Args args = {});

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_DATABASE_DATABASE_H_
