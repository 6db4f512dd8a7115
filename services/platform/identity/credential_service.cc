#include "services/platform/identity/credential_service.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/identity/token.h"
#include "services/platform/rpc/page.h"

namespace minsheng::platform {

using common::v1::CredentialRevoked;
using common::v1::ListRevocationsRequest;
using common::v1::ListRevocationsResponse;
using common::v1::Revocation;
using common::v1::RevokeCredentialRequest;
using common::v1::RevokeCredentialResponse;

namespace {

constexpr size_t kReasonBytesMax = 1024;
constexpr size_t kSerialDigitsMax = 64;  // RFC 5280 allows 40
constexpr char kColumns[] = "SELECT credential, reason, revoked_at FROM revocations ";

bool IsSerialNumber(absl::string_view text) {
  const auto digit = [](char c) { return absl::ascii_isxdigit(c) && !absl::ascii_isupper(c); };
  return !text.empty() && text.size() <= kSerialDigitsMax && text.size() % 2 == 0 &&
         std::all_of(text.begin(), text.end(), digit);
}

Revocation RevocationFrom(const Row& row) {
  Revocation revocation;
  revocation.set_credential(std::string(row.Text(0)));
  revocation.set_reason(std::string(row.Text(1)));
  *revocation.mutable_revoke_time() = ToTimestamp(FromMicros(row.Int(2)));
  return revocation;
}

absl::Status CheckReason(const std::string& reason) {
  if (!reason.empty() && reason.size() <= kReasonBytesMax) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
               "say in reason, in up to 1024 bytes, why the credential is revoked",
               {{"field", "reason"}});
}

}  // namespace

absl::Status CheckCredential(absl::string_view credential) {
  absl::string_view rest = credential;
  if (absl::ConsumePrefix(&rest, "token:") && IsTokenId(rest)) return absl::OkStatus();
  rest = credential;
  if (absl::ConsumePrefix(&rest, "certificate:") && IsSerialNumber(rest)) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "BAD_CREDENTIAL",
               "credential is \"token:\" and a token's id, or \"certificate:\" and a serial number "
               "in lower-case hex, two digits a byte",
               {{"field", "credential"}});
}

CredentialService::CredentialService(const rpc::Environment& environment, Database& database,
                                     Journal& journal)
    : Service("minsheng.common.v1.CredentialService", environment),
      database_(database),
      journal_(journal) {
  Unary<RevokeCredentialRequest, RevokeCredentialResponse>(
      "RevokeCredential", rpc::kPooled,
      [this](const CallContext& context, const RevokeCredentialRequest& request) {
        return Revoke(context, request);
      });
  Unary<ListRevocationsRequest, ListRevocationsResponse>(
      "ListRevocations", rpc::kPooled,
      [this](const CallContext& context, const ListRevocationsRequest& request) {
        return List(context, request);
      });
}

absl::StatusOr<RevokeCredentialResponse> CredentialService::Revoke(
    const CallContext& context, const RevokeCredentialRequest& request) {
  RETURN_IF_ERROR(CheckCredential(request.credential()));
  RETURN_IF_ERROR(CheckReason(request.reason()));

  RevokeCredentialResponse response;
  const auto committed = journal_.Write(
      OriginOf(context, request),
      [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        std::vector<Fact> facts;
        response.Clear();
        RETURN_IF_ERROR(transaction.session.Query(absl::StrCat(kColumns, "WHERE credential = $1"),
                                                  {request.credential()}, [&](const Row& row) {
                                                    *response.mutable_revocation() =
                                                        RevocationFrom(row);
                                                    return absl::OkStatus();
                                                  }));
        if (response.has_revocation()) return facts;
        CredentialRevoked fact;
        fact.mutable_revocation()->set_credential(request.credential());
        fact.mutable_revocation()->set_reason(request.reason());
        *fact.mutable_revocation()->mutable_revoke_time() = ToTimestamp(transaction.now);
        facts.push_back(Fact::Of("credentials", std::move(fact)));
        return facts;
      });
  RETURN_IF_ERROR(committed.status());

  CredentialRevoked fact;
  if (!committed->events.empty() && committed->events.front().payload().UnpackTo(&fact)) {
    *response.mutable_revocation() = fact.revocation();
  }
  return response;
}

absl::StatusOr<ListRevocationsResponse> CredentialService::List(
    const CallContext& context, const ListRevocationsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(request));
  ListRevocationsResponse response;
  RETURN_IF_ERROR(database_.Read(context.deadline, [&](Session& session) {
    return session.Query(
        absl::StrCat(kColumns, "WHERE credential > $1 ORDER BY credential LIMIT $2"),
        {page.after, int64_t{page.size} + 1}, [&](const Row& row) {
          *response.add_revocations() = RevocationFrom(row);
          return absl::OkStatus();
        });
  }));
  if (response.revocations_size() > page.size) {
    response.mutable_revocations()->RemoveLast();
    response.set_next_page_token(
        rpc::NextPageToken(request, response.revocations().rbegin()->credential()));
  }
  return response;
}

}  // namespace minsheng::platform
