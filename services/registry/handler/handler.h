// The registry's rpcs as plain functions: parse and check · one transaction that reads, decides,
// writes · render.
#ifndef MINSHENG_SERVICES_REGISTRY_HANDLER_HANDLER_H_
#define MINSHENG_SERVICES_REGISTRY_HANDLER_HANDLER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/cache/fresh_cache.h"
#include "services/platform/database/database.h"
#include "services/platform/journal/journal.h"
#include "services/platform/rpc/service.h"

namespace minsheng::registry {

// Thread-safe. What it is given outlives it; `answers` holds those of GetTask. Error codes stand at
// each rpc in registry.proto.
class Handler {
 public:
  Handler(platform::Database& database, platform::Journal& journal, platform::FreshCache& answers)
      : database_(database), journal_(journal), answers_(answers) {}

  // Binds every rpc; the handler outlives the service.
  void Bind(platform::rpc::Service& service);

 private:
  using Context = platform::CallContext;

  absl::StatusOr<v1::CreateDistrictResponse> CreateDistrict(const Context&,
                                                            const v1::CreateDistrictRequest&);
  absl::StatusOr<v1::ListDistrictsResponse> ListDistricts(const Context&,
                                                          const v1::ListDistrictsRequest&);
  absl::StatusOr<v1::ImportProgramResponse> ImportProgram(const Context&,
                                                          const v1::ImportProgramRequest&);
  absl::StatusOr<v1::PublishProgramResponse> PublishProgram(const Context&,
                                                            const v1::PublishProgramRequest&);
  absl::StatusOr<v1::GetProgramResponse> GetProgram(const Context&, const v1::GetProgramRequest&);
  absl::StatusOr<v1::ListProgramsResponse> ListPrograms(const Context&,
                                                        const v1::ListProgramsRequest&);
  absl::StatusOr<v1::ListProjectsResponse> ListProjects(const Context&,
                                                        const v1::ListProjectsRequest&);
  absl::StatusOr<v1::GetTaskResponse> GetTask(const Context&, const v1::GetTaskRequest&);
  std::optional<std::string> GetTaskAtHand(platform::Scope, const v1::GetTaskRequest&);
  absl::StatusOr<v1::ListTasksResponse> ListTasks(const Context&, const v1::ListTasksRequest&);
  absl::StatusOr<v1::UpdateTaskResponse> UpdateTask(const Context&, const v1::UpdateTaskRequest&);
  absl::StatusOr<v1::ListUnitsResponse> ListUnits(const Context&, const v1::ListUnitsRequest&);
  absl::StatusOr<v1::FilePlanResponse> FilePlan(const Context&, const v1::FilePlanRequest&);
  absl::StatusOr<v1::ApprovePlanResponse> ApprovePlan(const Context&,
                                                      const v1::ApprovePlanRequest&);
  absl::StatusOr<v1::ListPlanRevisionsResponse> ListPlanRevisions(
      const Context&, const v1::ListPlanRevisionsRequest&);

  platform::Database& database_;
  platform::Journal& journal_;
  platform::FreshCache& answers_;
};

// Drops the answers that a commit made old; before the commit is acknowledged.
void DropAnswers(const platform::CommitNotice& notice, platform::FreshCache& answers);

// The etag of a resource: a hash of what it says, whatever etag it carries.
std::string EtagOf(const v1::Task& task);
std::string EtagOf(v1::Program program, const std::vector<absl::string_view>& task_etags);

// Those that the tasks carry, as long as the tasks live.
template <typename Tasks>
std::vector<absl::string_view> EtagsOf(const Tasks& tasks) {
  std::vector<absl::string_view> etags;
  for (const v1::Task& task : tasks) etags.push_back(task.etag());
  return etags;
}

// ABORTED STALE_ETAG with the current one, unless they agree. An empty `given` is refused too.
absl::Status CheckEtag(absl::string_view name, absl::string_view given, absl::string_view current);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_HANDLER_HANDLER_H_
