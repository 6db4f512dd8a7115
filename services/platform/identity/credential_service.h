// Keeps the list of revoked credentials; served by the service whose log the others follow.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_CREDENTIAL_SERVICE_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_CREDENTIAL_SERVICE_H_

#include "minsheng/common/v1/credentials.pb.h"
#include "services/platform/database/database.h"
#include "services/platform/journal/journal.h"
#include "services/platform/rpc/service.h"

namespace minsheng::platform {

// INVALID_ARGUMENT BAD_CREDENTIAL unless it is "token:" and an id, or "certificate:" and a serial
// number in lower-case hex, two digits a byte.
absl::Status CheckCredential(absl::string_view credential);

class CredentialService final : public rpc::Service {
 public:
  CredentialService(const rpc::Environment& environment, Database& database, Journal& journal);

 private:
  absl::StatusOr<common::v1::RevokeCredentialResponse> Revoke(
      const CallContext& context, const common::v1::RevokeCredentialRequest& request);
  absl::StatusOr<common::v1::ListRevocationsResponse> List(
      const CallContext& context, const common::v1::ListRevocationsRequest& request);

  Database& database_;
  Journal& journal_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_CREDENTIAL_SERVICE_H_
