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
  // Not 0: the kernel asks programs that take cores (core_pattern "|…") nothing about that, but
  // gives them none of a process that has 1; and no file can be as short.
  const rlimit none{1, 1};
  setrlimit(RLIMIT_CORE, &none);
}

}  // namespace minsheng::platform
