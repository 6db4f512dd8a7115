// libFuzzer's entry to the target compiler: no text, valid UTF-8 or not, brings it down, and what
// it gives stays within the text.
#include <cstddef>
#include <cstdint>
#include <string>

#include "services/registry/domain/compile.h"

namespace {

void CheckRange(const minsheng::registry::ByteRange& range, std::size_t size) {
  if (range.begin > range.end || range.end > size) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  constexpr int kYear = 2024;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find('\0');
  minsheng::registry::CompileContext context{"", kYear, ""};
  if (cut != std::string::npos) context.schedule = text.substr(cut + 1);
  const std::string content = text.substr(0, cut);
  const auto compiled = minsheng::registry::CompileTargets(content, context);
  for (const auto& target : compiled.targets) CheckRange(target.source, content.size());
  for (const auto& doubt : compiled.doubts) CheckRange(doubt.place, content.size());
  for (const auto& range : compiled.unread) CheckRange(range, content.size());
  return 0;
}
