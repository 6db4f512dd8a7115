// The database seam: what a store may say to SQLite or PostgreSQL. Nothing above it knows the
// engine.
//
// SQL is the common part of both: $1 placeholders, BIGINT and TEXT, ON CONFLICT, RETURNING.
// Instants are BIGINT microseconds.
//
// Failure codes: UNAVAILABLE DATABASE_UNAVAILABLE (gone, busy, read-only), RESOURCE_EXHAUSTED
// DISK_FULL, DATA_LOSS DATABASE_CORRUPT, ALREADY_EXISTS CONSTRAINT, INTERNAL for SQL that is wrong.
#ifndef MINSHENG_SERVICES_PLATFORM_DATABASE_DATABASE_H_
#define MINSHENG_SERVICES_PLATFORM_DATABASE_DATABASE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace minsheng::platform {

// Bytes that are no text.
struct Blob {
  absl::string_view bytes;
};
struct Null {};
// A statement's argument; views must live through the call.
using Arg = std::variant<Null, int64_t, absl::string_view, Blob>;
using Args = std::initializer_list<Arg>;

// A result row, valid inside the callback.
class Row {
 public:
  virtual ~Row() = default;
  virtual int size() const = 0;
  virtual bool IsNull(int column) const = 0;
  virtual int64_t Int(int column) const = 0;
  virtual absl::string_view Text(int column) const = 0;   // "" for NULL
  virtual absl::string_view Bytes(int column) const = 0;  // "" for NULL
  // The value in a form that compares equal across engines, for audits: "i:42", "t:…", "b:…",
  // "null".
  virtual std::string Canonical(int column) const = 0;
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
  // state.
  virtual absl::Status Read(absl::FunctionRef<absl::Status(Session&)> body) = 0;
  // The one connection that may write; owned by the journal, which alone calls this, once.
  virtual absl::StatusOr<std::unique_ptr<Session>> OpenWriter() = 0;
  // Writes a consistent copy to a new file.
  virtual absl::Status CopyTo(const std::string& path) = 0;
  // True when this open created the database.
  virtual bool created() const = 0;
};

// Opens (or creates) a SQLite database and brings its schema up to date. WAL, synchronous=FULL.
// FAILED_PRECONDITION STATE_IN_USE when another process holds it, SCHEMA_TOO_NEW when a later
// version wrote it.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path,
                                                     absl::Span<const Migration> migrations);

// An empty database in memory with the same schema: what a replay is compared with.
absl::StatusOr<std::unique_ptr<Session>> OpenScratch(absl::Span<const Migration> migrations);

// Reads one row's first column; NOT_FOUND without a row.
absl::StatusOr<int64_t> QueryInt(Session& session, absl::string_view sql, Args args = {});
absl::StatusOr<std::string> QueryText(Session& session, absl::string_view sql, Args args = {});

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_DATABASE_DATABASE_H_
