// The progress service's wiring.
#ifndef MINSHENG_SERVICES_PROGRESS_APP_H_
#define MINSHENG_SERVICES_PROGRESS_APP_H_

namespace minsheng::progress {

// Runs the service until SIGTERM; returns the exit code.
int Main(int argc, char** argv);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_APP_H_
