#include "services/platform/rpc/status.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/platform/access/policy.h"
#include "services/platform/base/error.h"
#include "services/platform/rpc/context.h"

namespace minsheng::platform {

grpc::Status ToGrpc(const absl::Status& status, absl::string_view domain) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonOf(status));
  info.set_domain(std::string(domain));
  for (auto& [key, value] : MetadataOf(status)) (*info.mutable_metadata())[key] = value;
  if (!info.reason().empty()) details.add_details()->PackFrom(info);
  return {static_cast<grpc::StatusCode>(status.code()), details.message(),
          details.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return result;
  for (const auto& any : details.details()) {
    google::rpc::ErrorInfo info;
    if (!any.UnpackTo(&info)) continue;
    result.SetPayload("minsheng/reason", absl::Cord(info.reason()));
    for (const auto& [key, value] : info.metadata()) {
      result.SetPayload(absl::StrCat("minsheng/", key), absl::Cord(value));
    }
  }
  return result;
}

namespace {

const std::string& ReporterRole() {
  static const auto* const name = new std::string(NameOf(common::v1::ROLE_REPORTER));
  return *name;
}

}  // namespace

absl::Status RequireOwnUnit(const CallContext& context, absl::string_view task,
                            const UnitTitles& lead_units, const UnitTitles& cooperating_units,
                            bool to_read) {
  if (context.scope == Scope::kDistrict) return absl::OkStatus();
  const std::string& unit = context.principal.unit;
  const auto holds = [&](const UnitTitles& units) {
    return !unit.empty() && std::find(units.begin(), units.end(), unit) != units.end();
  };
  if (context.principal.role == ReporterRole() && holds(lead_units)) return absl::OkStatus();
  if (to_read && holds(cooperating_units)) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "WRONG_UNIT",
               absl::StrCat(task, " is not a task of ", unit.empty() ? "the caller's unit" : unit),
               {{"unit", unit}, {"name", task}});
}

bool InDistrict(const CallContext& context, absl::string_view resource) {
  return context.principal.district == kEveryDistrict ||
         context.principal.district == DistrictOf(resource);
}

}  // namespace minsheng::platform
