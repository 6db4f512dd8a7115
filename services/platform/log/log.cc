#include "services/platform/log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace minsheng::platform {
namespace {

void Write(spdlog::level::level_enum level, absl::string_view event, LogFields fields) {
  std::string line = absl::StrCat("\"event\":\"", JsonEscape(event), "\"");
  for (const auto& [key, value] : fields) {
    absl::StrAppend(&line, ",\"", key, "\":\"", JsonEscape(value), "\"");
  }
  spdlog::default_logger_raw()->log(level, "{}", line);
}

}  // namespace

void StartLog(absl::string_view service) {
  auto logger = std::make_shared<spdlog::logger>(std::string(service),
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","service":"%n","thread":%t,%v})");
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void LogInfo(absl::string_view event, LogFields fields) {
  Write(spdlog::level::info, event, fields);
}
void LogWarning(absl::string_view event, LogFields fields) {
  Write(spdlog::level::warn, event, fields);
}
void LogError(absl::string_view event, LogFields fields) {
  Write(spdlog::level::err, event, fields);
}

std::string JsonEscape(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace minsheng::platform
