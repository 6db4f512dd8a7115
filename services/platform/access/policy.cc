#include "services/platform/access/policy.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {

using common::v1::Access;
using common::v1::Role;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

namespace {

constexpr char kRolePrefix[] = "ROLE_";
constexpr char kDistricts[] = "districts/";

absl::Status Malformed(const MethodDescriptor& method, absl::string_view what) {
  return absl::InternalError(
      absl::StrCat(method.full_name(), ": minsheng.common.v1.access ", what));
}

}  // namespace

Role RoleNamed(absl::string_view name) {
  static const auto* const names = [] {
    auto* all = new std::array<std::string, common::v1::Role_ARRAYSIZE>;
    for (size_t i = 0; i < all->size(); ++i) (*all)[i] = NameOf(static_cast<Role>(i));
    return all;
  }();
  for (size_t i = 1; i < names->size(); ++i) {
    if ((*names)[i] == name) return static_cast<Role>(i);
  }
  return common::v1::ROLE_UNSPECIFIED;
}

std::string NameOf(Role role) {
  return absl::AsciiStrToLower(
      absl::StripPrefix(absl::string_view(common::v1::Role_Name(role)), kRolePrefix));
}

absl::string_view DistrictOf(absl::string_view resource) {
  if (!absl::ConsumePrefix(&resource, kDistricts)) return "";
  return resource.substr(0, resource.find('/'));
}

absl::StatusOr<Policy> Policy::Of(const MethodDescriptor& method) {
  if (!method.options().HasExtension(common::v1::access)) {
    return Malformed(method, "is missing: say who may call it");
  }
  const Access& access = method.options().GetExtension(common::v1::access);
  Policy policy;
  const auto grant = [&](const google::protobuf::RepeatedField<int>& roles, Scope scope,
                         bool installation) -> absl::Status {
    for (const int role : roles) {
      if (role == common::v1::ROLE_UNSPECIFIED) return Malformed(method, "names no role");
      if (policy.scopes_[static_cast<size_t>(role)] != Scope::kNone) {
        return Malformed(method, absl::StrCat("names ", NameOf(static_cast<Role>(role)), " twice"));
      }
      policy.scopes_[static_cast<size_t>(role)] = scope;
      policy.installation_[static_cast<size_t>(role)] = installation;
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(grant(access.district(), Scope::kDistrict, false));
  RETURN_IF_ERROR(grant(access.own_unit(), Scope::kOwnUnit, false));
  RETURN_IF_ERROR(grant(access.published(), Scope::kPublished, false));
  RETURN_IF_ERROR(grant(access.installation(), Scope::kDistrict, true));

  const google::protobuf::Descriptor* type = method.input_type();
  for (const absl::string_view name : absl::StrSplit(access.resource(), '.', absl::SkipEmpty())) {
    const FieldDescriptor* field =
        type == nullptr ? nullptr : type->FindFieldByName(std::string(name));
    if (field == nullptr || field->is_repeated()) {
      return Malformed(method, absl::StrCat("resource ", access.resource(), " is no field"));
    }
    policy.resource_.push_back(field);
    type = field->message_type();
  }
  if (!policy.resource_.empty() &&
      policy.resource_.back()->type() != FieldDescriptor::TYPE_STRING) {
    return Malformed(method, absl::StrCat("resource ", access.resource(), " is no text"));
  }
  if (access.request_bytes_max() > 0) {
    policy.request_bytes_max_ = static_cast<size_t>(access.request_bytes_max());
  }
  return policy;
}

std::string Policy::ResourceOf(const Message& request) const {
  const Message* message = &request;
  for (const FieldDescriptor* field : resource_) {
    if (field == resource_.back()) return message->GetReflection()->GetString(*message, field);
    message = &message->GetReflection()->GetMessage(*message, field);
  }
  return "";
}

absl::StatusOr<Scope> Policy::Admit(const Principal& caller, const Message& request) const {
  const Role role = RoleNamed(caller.role);
  const Scope scope = ScopeOf(role);
  const bool everywhere = caller.district == kEveryDistrict;
  if (scope == Scope::kNone || (NeedsInstallation(role) && !everywhere)) {
    return Error(
        absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED",
        absl::StrCat("the role \"", caller.role, "\"",
                     scope == Scope::kNone ? "" : " of a single district", " may not do this"),
        {{"role", caller.role}});
  }
  if (everywhere || resource_.empty()) return scope;
  const std::string resource = ResourceOf(request);
  const absl::string_view district = DistrictOf(resource);
  if (district.empty() || district == kAnyDistrict || district == caller.district) return scope;
  return Error(absl::StatusCode::kPermissionDenied, "DISTRICT_NOT_ALLOWED",
               absl::StrCat("the caller is bound to the district ", caller.district,
                            " and may do this there only"),
               {{"district", caller.district}});
}

}  // namespace minsheng::platform
