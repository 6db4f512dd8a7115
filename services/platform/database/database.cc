#include "services/platform/database/database.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {

std::string Row::Canonical(int column) const {
  switch (TypeOf(column)) {
    case Type::kNull:
      return "null";
    case Type::kInt:
      return absl::StrCat("i:", Int(column));
    case Type::kBytes:
      return absl::StrCat("b:", absl::BytesToHexString(Bytes(column)));
    case Type::kText:
      break;
  }
  return absl::StrCat("t:", Text(column));
}

absl::Status Migrate(Session& session, absl::Span<const Migration> migrations,
                     const OnCreate& on_create) {
  RETURN_IF_ERROR(
      session.Execute("CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY)"));
  ASSIGN_OR_RETURN(const int64_t done,
                   QueryInt(session, "SELECT COALESCE(MAX(number), 0) FROM migrations"));
  if (migrations.empty() || done == migrations.back().number) return absl::OkStatus();
  if (done > migrations.back().number) {
    return Error(
        absl::StatusCode::kFailedPrecondition, "SCHEMA_TOO_NEW",
        "the database was written by a later version; run that version or restore a backup");
  }
  RETURN_IF_ERROR(session.BeginWrite());
  for (const Migration& migration : migrations) {
    if (migration.number <= done) continue;
    RETURN_IF_ERROR(session.ExecuteScript(migration.sql));
    RETURN_IF_ERROR(session.Execute("INSERT INTO migrations (number) VALUES ($1)",
                                    {int64_t{migration.number}}));
  }
  if (done == 0 && on_create) RETURN_IF_ERROR(on_create(session));
  return session.Execute("COMMIT");
}

bool IsDatabaseFailure(const absl::Status& status) {
  if (status.ok()) return false;
  const std::string reason = ReasonOf(status);
  return reason == "DATABASE_UNAVAILABLE" || reason == "DISK_FULL" || reason == "DATABASE_CORRUPT";
}

absl::StatusOr<int64_t> QueryInt(Session& session, absl::string_view sql, Args args) {
  absl::StatusOr<int64_t> result = absl::NotFoundError("no row");
  RETURN_IF_ERROR(session.Query(sql, args, [&](const Row& row) {
    result = row.Int(0);
    return absl::OkStatus();
  }));
  return result;
}

absl::StatusOr<std::string> QueryText(Session& session, absl::string_view sql, Args args) {
  absl::StatusOr<std::string> result = absl::NotFoundError("no row");
  RETURN_IF_ERROR(session.Query(sql, args, [&](const Row& row) {
    result = std::string(row.Bytes(0));
    return absl::OkStatus();
  }));
  return result;
}

}  // namespace minsheng::platform
