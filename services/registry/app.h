// The registry's wiring.
#ifndef MINSHENG_SERVICES_REGISTRY_APP_H_
#define MINSHENG_SERVICES_REGISTRY_APP_H_

namespace minsheng::registry {

// Runs the service until SIGTERM; returns the exit code.
int Main(int argc, char** argv);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_APP_H_
