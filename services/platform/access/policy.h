// Who may call an rpc, as its .proto declares (common/v1/access.proto).
#ifndef MINSHENG_SERVICES_PLATFORM_ACCESS_POLICY_H_
#define MINSHENG_SERVICES_PLATFORM_ACCESS_POLICY_H_

#include <array>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "minsheng/common/v1/access.pb.h"
#include "services/platform/access/principal.h"

namespace minsheng::platform {

// "list_office" → ROLE_LIST_OFFICE; ROLE_UNSPECIFIED for a word that is no role.
common::v1::Role RoleNamed(absl::string_view name);
// ROLE_LIST_OFFICE → "list_office".
std::string NameOf(common::v1::Role role);

// The district's code in a resource name: "districts/500156/programs/2024" → "500156"; empty when
// it names none.
absl::string_view DistrictOf(absl::string_view resource);

// The policy of one rpc. Immutable; thread-safe.
class Policy {
 public:
  static constexpr size_t kRequestBytesDefault = 4 << 20;

  // INTERNAL when the rpc declares nothing, names a role twice, or a field that its request does
  // not have.
  static absl::StatusOr<Policy> Of(const google::protobuf::MethodDescriptor& method);

  // How much the caller may have of it. PERMISSION_DENIED ROLE_NOT_ALLOWED, or DISTRICT_NOT_ALLOWED
  // whether the other district's resource exists or not. A resource that names no district passes:
  // the handler refuses its form. "districts/-", where an rpc takes it, means all that the caller
  // may see, and the handler keeps to them (InDistrict).
  absl::StatusOr<Scope> Admit(const Principal& caller,
                              const google::protobuf::Message& request) const;

  size_t request_bytes_max() const { return request_bytes_max_; }
  // What a role may have of it in its own district, and whether only when bound to none.
  Scope ScopeOf(common::v1::Role role) const { return scopes_[static_cast<size_t>(role)]; }
  bool NeedsInstallation(common::v1::Role role) const {
    return installation_[static_cast<size_t>(role)];
  }

 private:
  Policy() = default;
  std::string ResourceOf(const google::protobuf::Message& request) const;

  std::array<Scope, common::v1::Role_ARRAYSIZE> scopes_{};
  std::array<bool, common::v1::Role_ARRAYSIZE> installation_{};
  std::vector<const google::protobuf::FieldDescriptor*> resource_;  // the path to the field
  size_t request_bytes_max_ = kRequestBytesDefault;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_ACCESS_POLICY_H_
