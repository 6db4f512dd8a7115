#include "services/platform/config/config.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace minsheng::platform {
namespace {

constexpr absl::string_view kPrefix = "MINSHENG_";
// Variables of the tools and tests: taken as flags where a service has such a flag, else passed by.
constexpr absl::string_view kForeign[] = {"SOURCE_DIR", "BINARY_DIR", "BUILD",        "TEST_SEED",
                                          "TOKEN",      "TOKEN_FILE", "FUZZ_SECONDS", "REGISTRY",
                                          "PROGRESS",   "CA"};

[[noreturn]] void Refuse(absl::string_view message) {
  fprintf(stderr, "%s\n", std::string(message).c_str());
  exit(2);
}

bool IsForeign(absl::string_view key) {
  for (absl::string_view name : kForeign) {
    if (key == name) return true;
  }
  return false;
}

void TakeVariable(absl::string_view key, absl::string_view value) {
  absl::CommandLineFlag* flag = absl::FindCommandLineFlag(absl::AsciiStrToLower(key));
  if (flag == nullptr && IsForeign(key)) return;
  if (flag == nullptr) {
    Refuse(absl::StrCat("unknown variable ", kPrefix, key, ": no flag has this name; see --help"));
  }
  std::string error;
  if (!flag->ParseFrom(value, &error)) {
    Refuse(absl::StrCat(kPrefix, key, "=", value, ": ", error));
  }
}

void TakeEnvironment() {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    absl::string_view text = *entry;
    if (!absl::ConsumePrefix(&text, kPrefix)) continue;
    const size_t equals = text.find('=');
    TakeVariable(text.substr(0, equals), text.substr(equals + 1));
  }
}

}  // namespace

void Configure(int argc, char** argv, absl::string_view usage) {
  absl::SetProgramUsageMessage(usage);
  TakeEnvironment();
  const auto rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() > 1) Refuse(absl::StrCat("unexpected argument: ", rest[1], "; see --help"));
}

}  // namespace minsheng::platform
