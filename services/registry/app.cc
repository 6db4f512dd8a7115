#include "services/registry/app.h"

#include <optional>

#include "absl/flags/flag.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/cache/fresh_cache.h"
#include "services/platform/identity/credential_service.h"
#include "services/platform/runtime/runtime.h"
#include "services/registry/handler/handler.h"
#include "services/registry/migrations/migrations.h"
#include "services/registry/store/store.h"

ABSL_FLAG(int64_t, near_cache_bytes, 16 << 20, "size of the cache in this process; 0: none");

namespace minsheng::registry {
namespace {

using platform::Runtime;

absl::Status Run() {
  std::optional<platform::FreshCache> answers;
  Runtime::Spec spec;
  spec.service = "registry";
  spec.migrations = Migrations();
  spec.projector = Project;
  spec.tables = ProjectedTables();
  spec.after_commit = [&](platform::Session&, const platform::CommitNotice& notice) {
    if (answers) DropAnswers(notice, *answers);
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(auto runtime, Runtime::Open(std::move(spec)));

  platform::FreshCache::Options cache;
  cache.service = "registry";
  cache.bytes_max = static_cast<size_t>(absl::GetFlag(FLAGS_near_cache_bytes));
  answers.emplace(std::move(cache), runtime->metrics());
  Handler handler(runtime->database(), runtime->journal(), *answers);
  platform::rpc::Service service("minsheng.registry.v1.RegistryService", runtime->environment());
  handler.Bind(service);
  platform::CredentialService credentials(runtime->environment(), runtime->database(),
                                          runtime->journal());
  return runtime->Serve({&service, &credentials});
}

}  // namespace

int Main(int argc, char** argv) {
  Runtime::Configure(argc, argv,
                     "minsheng-registry: the published list, its units, targets and plans.");
  return platform::ExitCode("minsheng-registry", Run());
}

}  // namespace minsheng::registry
