// Configuration: flags, --flagfile, and the environment.
//
// Every flag --some_name can also be given as MINSHENG_SOME_NAME; the command line and flagfiles
// win over the environment. An unknown flag, or an unknown variable that starts with MINSHENG_,
// ends the program with a message.
#ifndef MINSHENG_SERVICES_PLATFORM_CONFIG_CONFIG_H_
#define MINSHENG_SERVICES_PLATFORM_CONFIG_CONFIG_H_

#include "absl/strings/string_view.h"

namespace minsheng::platform {

// Reads the configuration, or prints what is wrong and exits with 2. `usage` is what --help begins
// with.
void Configure(int argc, char** argv, absl::string_view usage);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CONFIG_CONFIG_H_
