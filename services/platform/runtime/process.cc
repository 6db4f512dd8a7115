#include "services/platform/runtime/process.h"

#include <sys/resource.h>
#include <sys/stat.h>

namespace minsheng::platform {

void SetProcessLimits(bool core_dumps) {
  umask(077);
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  if (core_dumps) return;
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

}  // namespace minsheng::platform
