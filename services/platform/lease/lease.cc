#include "services/platform/lease/lease.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"

namespace minsheng::platform {

const char kLeaseSchema[] = R"sql(
CREATE TABLE leases (
  duty TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  token BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
)sql";

namespace {

struct Held {
  std::string holder;
  int64_t token = 0;
  int64_t expires_at = 0;
};

absl::StatusOr<Held> Read(Session& session, const std::string& duty) {
  Held held;
  RETURN_IF_ERROR(session.Query("SELECT holder, token, expires_at FROM leases WHERE duty = $1",
                                {duty}, [&](const Row& row) {
                                  held = {std::string(row.Text(0)), row.Int(1), row.Int(2)};
                                  return absl::OkStatus();
                                }));
  return held;
}

absl::Status Store(Session& session, const std::string& duty, const Held& held) {
  return session.Execute(
      "INSERT INTO leases (duty, holder, token, expires_at) VALUES ($1,$2,$3,$4)"
      " ON CONFLICT (duty) DO UPDATE SET holder = $2, token = $3, expires_at = $4",
      {duty, held.holder, held.token, held.expires_at});
}

}  // namespace

Lease::Lease(Journal& journal, std::string duty, absl::Duration term)
    : journal_(journal), duty_(std::move(duty)), holder_(RandomId()), term_(term) {}

Lease::~Lease() {
  if (!token_) return;
  journal_
      .Apply([&](Transaction& transaction) -> absl::Status {
        RETURN_IF_ERROR(Check(transaction.session, duty_, *token_));
        return Store(transaction.session, duty_, {"", *token_, 0});
      })
      .IgnoreError();
}

absl::StatusOr<std::optional<int64_t>> Lease::Hold() {
  token_.reset();
  std::optional<int64_t> token;
  RETURN_IF_ERROR(journal_.Apply([&](Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(Held held, Read(transaction.session, duty_));
    const absl::Time now = absl::Now();
    const bool own = held.holder == holder_;
    if (!own && ToMicros(now) < held.expires_at) return absl::OkStatus();
    if (!own) ++held.token;
    held.holder = holder_;
    held.expires_at = ToMicros(now + term_);
    token = held.token;
    return Store(transaction.session, duty_, held);
  }));
  token_ = token;
  return token;
}

absl::Status Lease::Check(Session& session, const std::string& duty, int64_t token) {
  ASSIGN_OR_RETURN(const Held held, Read(session, duty));
  if (held.token == token) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "LEASE_LOST",
               absl::StrCat("another process took the duty ", duty, " (token ", held.token, ")"),
               {{"duty", duty}});
}

}  // namespace minsheng::platform
