#include "services/registry/app.h"

#include "services/platform/base/status_macros.h"
#include "services/platform/runtime/runtime.h"
#include "services/registry/handler/handler.h"
#include "services/registry/migrations/migrations.h"
#include "services/registry/store/store.h"

namespace minsheng::registry {
namespace {

using platform::Runtime;

absl::Status Run() {
  Runtime::Spec spec;
  spec.service = "registry";
  spec.migrations = Migrations();
  spec.projector = Project;
  spec.tables = ProjectedTables();
  ASSIGN_OR_RETURN(auto runtime, Runtime::Open(std::move(spec)));

  Handler handler(runtime->database(), runtime->journal());
  platform::rpc::Service service("minsheng.registry.v1.RegistryService", runtime->environment());
  handler.Bind(service);
  return runtime->Serve({&service});
}

}  // namespace

int Main(int argc, char** argv) {
  Runtime::Configure(argc, argv,
                     "minsheng-registry: the published list, its units, targets and plans.");
  return platform::ExitCode("minsheng-registry", Run());
}

}  // namespace minsheng::registry
