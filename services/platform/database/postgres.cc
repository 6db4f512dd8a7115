#include <condition_variable>
#include <mutex>
#include <pqxx/pqxx>
#include <unordered_map>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/database/database.h"

namespace minsheng::platform {
namespace {

constexpr size_t kReadersMax = 16;
constexpr absl::Duration kConnectTimeout = absl::Seconds(2);
constexpr absl::Duration kBorrowTimeout = absl::Seconds(5);
constexpr absl::Duration kStatementTimeoutMax = absl::Minutes(10);

absl::Status Unavailable(absl::string_view why) {
  return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
               absl::StrCat("the database cannot be used now (", why,
                            "); try again later, a write with the same request_id"));
}

// Classes and codes of PostgreSQL's appendix A.
absl::Status FromSqlState(absl::string_view state, const std::string& what) {
  const auto is = [&](absl::string_view prefix) { return absl::StartsWith(state, prefix); };
  if (is("23")) return Error(absl::StatusCode::kAlreadyExists, "CONSTRAINT", what);
  if (is("53100")) {
    return Error(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                 "the disk of the database is full; nothing was stored, try again later");
  }
  if (is("57014")) {
    return absl::DeadlineExceededError("the deadline passed while the database was working");
  }
  if (is("22021") || is("22P05")) {
    return Error(absl::StatusCode::kInvalidArgument, "TEXT_UNUSABLE",
                 "a text is no valid UTF-8 or holds a NUL character");
  }
  if (is("XX001") || is("XX002")) {
    return Error(absl::StatusCode::kDataLoss, "DATABASE_CORRUPT",
                 "the database is damaged; restore a backup");
  }
  for (const char* passing : {"08", "25006", "40", "53", "55P03", "57", "58"}) {
    if (is(passing)) return Unavailable(state);
  }
  return absl::InternalError(absl::StrCat("database: ", state, " ", what));
}

std::string HexOf(absl::string_view bytes) {
  return absl::StrCat("\\x", absl::BytesToHexString(bytes));
}

// The rows are in memory; bytes come as "\x…".
class PostgresRow final : public Row {
 public:
  explicit PostgresRow(const pqxx::result& result) : result_(result) {
    for (int i = 0; i < size(); ++i) types_.push_back(KindOf(result.column_type(i)));
    decoded_.resize(types_.size());
  }
  void MoveTo(pqxx::result::size_type row) { row_ = row; }

  int size() const override { return static_cast<int>(result_.columns()); }
  Type TypeOf(int column) const override {
    return Field(column).is_null() ? Type::kNull : types_[static_cast<size_t>(column)];
  }
  int64_t Int(int column) const override {
    int64_t value = 0;
    return absl::SimpleAtoi(Raw(column), &value) ? value : 0;
  }
  absl::string_view Text(int column) const override { return Bytes(column); }
  absl::string_view Bytes(int column) const override {
    const absl::string_view raw = Raw(column);
    if (types_[static_cast<size_t>(column)] != Type::kBytes || raw.size() < 2) return raw;
    std::string& decoded = decoded_[static_cast<size_t>(column)];
    decoded = absl::HexStringToBytes(raw.substr(2));
    return decoded;
  }

 private:
  // Numbers of the system's types, which never change: bytea, int8, int2, int4, numeric (sums).
  static Type KindOf(pqxx::oid type) {
    constexpr pqxx::oid kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kNumeric = 1700;
    if (type == kBytea) return Type::kBytes;
    const bool number = type == kInt8 || type == kInt2 || type == kInt4 || type == kNumeric;
    return number ? Type::kInt : Type::kText;
  }
  pqxx::field Field(int column) const { return result_[row_][column]; }
  absl::string_view Raw(int column) const {
    const pqxx::field field = Field(column);
    return field.is_null() ? absl::string_view() : absl::string_view(field.c_str(), field.size());
  }

  const pqxx::result& result_;
  pqxx::result::size_type row_ = 0;
  std::vector<Type> types_;
  mutable std::vector<std::string> decoded_;
};

// A statement's arguments as text, which the server turns into its columns' types.
class Parameters {
 public:
  explicit Parameters(Args args) {
    texts_.reserve(args.size());
    for (const Arg& arg : args) std::visit([this](const auto& value) { Add(value); }, arg);
  }
  bool usable() const { return usable_; }
  const std::vector<const char*>& pointers() const { return pointers_; }

 private:
  void Add(Null) { pointers_.push_back(nullptr); }
  void Add(int64_t value) { Keep(absl::StrCat(value)); }
  void Add(Blob blob) { Keep(HexOf(blob.bytes)); }
  void Add(absl::string_view text) {
    usable_ = usable_ && text.find('\0') == absl::string_view::npos;
    Keep(std::string(text));
  }
  void Keep(std::string text) {
    texts_.push_back(std::move(text));
    pointers_.push_back(texts_.back().c_str());
  }

  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
  bool usable_ = true;
};

class PostgresSession final : public Session {
 public:
  static absl::StatusOr<std::unique_ptr<PostgresSession>> Open(const std::string& connection,
                                                               const std::string& schema) {
    try {
      std::unique_ptr<PostgresSession> session(new PostgresSession(connection));
      RETURN_IF_ERROR(session->ExecuteScript(absl::StrCat(
          "SET search_path TO ", schema, "; SET application_name TO '", schema,
          "'; SET bytea_output TO hex; SET idle_in_transaction_session_timeout TO '60s'")));
      return session;
    } catch (const pqxx::pqxx_exception& e) {
      return Unavailable("no connection");
    }
  }

  absl::Status Execute(absl::string_view sql, Args args) override {
    return Query(sql, args, [](const Row&) { return absl::OkStatus(); });
  }

  absl::Status Query(absl::string_view sql, Args args,
                     absl::FunctionRef<absl::Status(const Row&)> each) override {
    const Parameters parameters(args);
    if (!parameters.usable()) return FromSqlState("22021", "");
    pqxx::result result;
    RETURN_IF_ERROR(Guarded([&] {
      // Statements without arguments begin and end transactions, or are asked seldom.
      result = args.empty()
                   ? work_.exec(std::string(sql))
                   : work_.exec_prepared(Prepared(sql),
                                         pqxx::prepare::make_dynamic_params(parameters.pointers()));
    }));
    PostgresRow row(result);
    for (pqxx::result::size_type i = 0; i < result.size(); ++i) {
      row.MoveTo(i);
      RETURN_IF_ERROR(each(row));
    }
    return absl::OkStatus();
  }

  absl::Status ExecuteScript(const std::string& sql) override {
    return Guarded([&] { work_.exec(sql); });
  }

  // Whoever holds the lock of this schema writes; it is let go after the commit can be seen.
  absl::Status BeginWrite(absl::Time deadline) override {
    return ExecuteScript(absl::StrCat("BEGIN; ", TimeoutUntil(deadline),
                                      "SELECT pg_advisory_xact_lock(hashtext('minsheng'),"
                                      " hashtext(current_schema()))"));
  }
  absl::Status BeginRead(absl::Time deadline) {
    return ExecuteScript(
        absl::StrCat("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ", TimeoutUntil(deadline)));
  }

  bool usable() const override { return usable_; }

 private:
  explicit PostgresSession(const std::string& connection)
      : connection_(connection), work_(connection_) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection_.inhibit_reactivation(true);  // a transaction must not go on in another connection
#pragma GCC diagnostic pop
  }

  static std::string TimeoutUntil(absl::Time deadline) {
    const absl::Duration left =
        std::clamp(deadline - absl::Now(), absl::Milliseconds(1), kStatementTimeoutMax);
    return absl::StrCat("SET LOCAL statement_timeout = ", absl::ToInt64Milliseconds(left), "; ");
  }

  template <typename F>
  absl::Status Guarded(F body) {
    if (!usable_) return Unavailable("the connection was lost");
    try {
      body();
      return absl::OkStatus();
    } catch (const pqxx::sql_error& e) {
      // 57P01 to 57P05: this connection is being ended by the server. No state: it is gone already.
      const bool lost = e.sqlstate().empty() || absl::StartsWith(e.sqlstate(), "57P");
      if (lost) usable_ = false;
      if (lost) return Unavailable("the connection was lost");
      return FromSqlState(e.sqlstate(), e.what());
    } catch (const pqxx::broken_connection&) {
      usable_ = false;
      return Unavailable("the connection was lost");
    } catch (const pqxx::transaction_rollback&) {
      return Unavailable("the transaction was rolled back");
    } catch (const std::exception& e) {
      usable_ = false;
      return Unavailable(e.what());
    }
  }

  std::string Prepared(absl::string_view sql) {
    const auto known = statements_.find(std::string(sql));
    if (known != statements_.end()) return known->second;
    const std::string name = absl::StrCat("s", statements_.size());
    connection_.prepare(name, std::string(sql));
    statements_.emplace(std::string(sql), name);
    return name;
  }

  pqxx::connection connection_;
  pqxx::nontransaction work_;  // transactions are begun and ended by statements of ours
  std::unordered_map<std::string, std::string> statements_;
  bool usable_ = true;
};

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(std::string connection, std::string schema,
                   absl::Span<const Migration> migrations)
      : connection_(std::move(connection)),
        schema_(std::move(schema)),
        migrations_(migrations.begin(), migrations.end()) {}

  absl::Status Read(absl::Time deadline, absl::FunctionRef<absl::Status(Session&)> body) override {
    ASSIGN_OR_RETURN(auto session, Begun(deadline));
    absl::Status status = body(*session);
    const absl::Status ended = session->Execute(status.ok() ? "COMMIT" : "ROLLBACK", {});
    GiveBack(std::move(session));
    status.Update(ended);
    return status;
  }

  absl::StatusOr<std::unique_ptr<Session>> OpenWriter() override {
    ASSIGN_OR_RETURN(auto session, PostgresSession::Open(connection_, schema_));
    return session;
  }

  absl::Status CopyTo(const std::string& path) override {
    return Read(absl::InfiniteFuture(),
                [&](Session& session) { return CopyRowsTo(path, migrations_, session); });
  }

  bool shared() const override { return true; }

 private:
  // A pooled session inside a read transaction. Pooled ones may have been lost meanwhile (the
  // server was restarted): they are dropped until one works or a new one is opened.
  absl::StatusOr<std::unique_ptr<PostgresSession>> Begun(absl::Time deadline) {
    while (true) {
      bool pooled = false;
      auto session = Borrow(deadline, pooled);
      RETURN_IF_ERROR(session.status());
      const absl::Status begun = (*session)->BeginRead(deadline);
      if (begun.ok()) return session;
      const bool lost = !(*session)->usable();
      GiveBack(*std::move(session));
      if (!lost || !pooled) return begun;
    }
  }

  absl::StatusOr<std::unique_ptr<PostgresSession>> Borrow(absl::Time deadline, bool& pooled) {
    {
      std::unique_lock lock(mutex_);
      const absl::Time until = std::min(deadline, absl::Now() + kBorrowTimeout);
      const bool free = returned_.wait_until(lock, absl::ToChronoTime(until),
                                             [&] { return !idle_.empty() || open_ < kReadersMax; });
      if (!free) return Unavailable("all its connections are busy");
      pooled = !idle_.empty();
      if (pooled) {
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return session;
      }
      ++open_;
    }
    auto session = PostgresSession::Open(connection_, schema_);
    if (!session.ok()) Lost();
    return session;
  }

  void GiveBack(std::unique_ptr<PostgresSession> session) {
    if (!session->usable()) return Lost();
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
    returned_.notify_one();
  }

  void Lost() {
    std::lock_guard lock(mutex_);
    --open_;
    returned_.notify_one();
  }

  const std::string connection_;
  const std::string schema_;
  const std::vector<Migration> migrations_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<PostgresSession>> idle_;
  size_t open_ = 0;  // idle and lent ones
};

absl::Status Unsuitable(absl::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "DATABASE_UNSUITABLE", why);
}

absl::Status CheckServer(Session& session) {
  for (const char* setting : {"fsync", "full_page_writes", "synchronous_commit"}) {
    ASSIGN_OR_RETURN(const std::string value, QueryText(session, absl::StrCat("SHOW ", setting)));
    if (value == "off") {
      return Unsuitable(absl::StrCat("PostgreSQL's setting ", setting,
                                     " is off: it may lose what it acknowledged; set it to on"));
    }
  }
  std::string encoding, collation;
  RETURN_IF_ERROR(
      session.Query("SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database"
                    " WHERE datname = current_database()",
                    {}, [&](const Row& row) {
                      encoding = std::string(row.Text(0));
                      collation = std::string(row.Text(1));
                      return absl::OkStatus();
                    }));
  const bool by_bytes = collation == "C" || collation == "POSIX" ||
                        absl::EqualsIgnoreCase(collation, "C.UTF-8") ||
                        absl::EqualsIgnoreCase(collation, "C.utf8");
  if (encoding == "UTF8" && by_bytes) return absl::OkStatus();
  return Unsuitable(
      absl::StrCat("the database has encoding ", encoding, " and collation ", collation,
                   "; make it with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'"
                   " LC_COLLATE 'C' LC_CTYPE 'C'"));
}

// One process at a time makes or changes the schema; the lock goes with the session.
absl::Status Prepare(PostgresSession& session, const std::string& schema,
                     absl::Span<const Migration> migrations, const OnCreate& on_create) {
  RETURN_IF_ERROR(session.Execute("SELECT pg_advisory_lock(hashtext('minsheng-migrate'))", {}));
  RETURN_IF_ERROR(CheckServer(session));
  RETURN_IF_ERROR(session.ExecuteScript(absl::StrCat("CREATE SCHEMA IF NOT EXISTS ", schema)));
  RETURN_IF_ERROR(
      session.ExecuteScript("DO $$ BEGIN IF to_regtype('blob') IS NULL THEN CREATE DOMAIN blob AS "
                            "bytea; END IF; END $$"));
  return Migrate(session, migrations, on_create);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const std::string& connection,
                                                       const std::string& schema,
                                                       absl::Span<const Migration> migrations,
                                                       const OnCreate& on_create) {
  setenv("PGCONNECT_TIMEOUT", absl::StrCat(absl::ToInt64Seconds(kConnectTimeout)).c_str(), 0);
  ASSIGN_OR_RETURN(auto session, PostgresSession::Open(connection, schema));
  RETURN_IF_ERROR(Prepare(*session, schema, migrations, on_create));
  return std::make_unique<PostgresDatabase>(connection, schema, migrations);
}

}  // namespace minsheng::platform
