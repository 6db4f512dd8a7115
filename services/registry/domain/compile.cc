#include "services/registry/domain/compile.h"

namespace minsheng::registry {

Compiled CompileTargets(absl::string_view, const CompileContext&) { return {}; }

}  // namespace minsheng::registry
