// What a service process asks of the kernel before anything else.
#ifndef MINSHENG_SERVICES_PLATFORM_RUNTIME_PROCESS_H_
#define MINSHENG_SERVICES_PLATFORM_RUNTIME_PROCESS_H_

namespace minsheng::platform {

// New files are for the service's user alone (umask 077); as many file descriptors as the kernel
// grants, for each connection is one; and unless `core_dumps`, no core is ever written, for it
// would hold keys and tokens.
void SetProcessLimits(bool core_dumps);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RUNTIME_PROCESS_H_
