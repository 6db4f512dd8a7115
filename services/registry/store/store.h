// The registry's tables: how events project into them, and how they are read.
//
// Every resource is its proto message, stored under its name with its kind, parent and place; see
// migrations.cc.
#ifndef MINSHENG_SERVICES_REGISTRY_STORE_STORE_H_
#define MINSHENG_SERVICES_REGISTRY_STORE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/journal/journal.h"

namespace minsheng::registry {

namespace kind {
inline constexpr char kDistrict[] = "district";
inline constexpr char kProgram[] = "program";
inline constexpr char kProject[] = "project";
inline constexpr char kTask[] = "task";
inline constexpr char kUnit[] = "unit";
inline constexpr char kRevision[] = "revision";
}  // namespace kind

// Applies one event of the registry's log.
absl::Status Project(platform::Session& session, const platform::Event& event);

// What ListBodies selects; pages by (ordinal, name).
struct Listing {
  const char* kind = nullptr;
  std::string parent;     // "-" for any
  std::string lead_unit;  // tasks only
  std::string unit;       // tasks only: leads or cooperates
  std::string group;      // tasks only
  std::string after;      // "ordinal/name" of the last one seen
  int64_t limit = 0;
};

// Units as a column holds them: each once, by bytes, between line ends: "\n区教委\n区民政局\n".
// Empty for none.
std::string UnitsText(std::vector<absl::string_view> units);

struct Body {
  std::string cursor;  // to be given as `after`
  std::string bytes;
};
absl::StatusOr<std::vector<Body>> ListBodies(platform::Session& session, const Listing& listing);

// How many a listing selects over all pages.
absl::StatusOr<int64_t> CountBodies(platform::Session& session, const Listing& listing);

// The bytes of a resource, now or as of an instant. NOT_FOUND with a message that names it.
absl::StatusOr<std::string> GetBody(platform::Session& session, const char* kind,
                                    const std::string& name,
                                    std::optional<absl::Time> as_of = std::nullopt);

// The resource itself.
template <typename Resource>
absl::StatusOr<Resource> Get(platform::Session& session, const char* kind, const std::string& name,
                             std::optional<absl::Time> as_of = std::nullopt) {
  auto body = GetBody(session, kind, name, as_of);
  if (!body.ok()) return body.status();
  Resource resource;
  if (!resource.ParseFromString(*body)) return absl::DataLossError(name + " cannot be read");
  return resource;
}

// A task that its list still has. NOT_FOUND also for one that was removed from it.
absl::StatusOr<v1::Task> GetListedTask(platform::Session& session, const std::string& name);

// All resources of a kind under a parent, in order.
template <typename Resource>
absl::StatusOr<std::vector<Resource>> ListAll(platform::Session& session, const char* kind,
                                              const std::string& parent) {
  Listing listing;
  listing.kind = kind;
  listing.parent = parent;
  listing.limit = INT64_MAX;
  auto bodies = ListBodies(session, listing);
  if (!bodies.ok()) return bodies.status();
  std::vector<Resource> resources(bodies->size());
  for (size_t i = 0; i < bodies->size(); ++i) {
    if (!resources[i].ParseFromString((*bodies)[i].bytes)) return absl::DataLossError("unreadable");
  }
  return resources;
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_STORE_STORE_H_
