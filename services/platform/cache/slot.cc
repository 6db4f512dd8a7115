#include "services/platform/cache/slot.h"

#include "absl/strings/str_format.h"

namespace minsheng::platform {
namespace {

uint64_t Biased(int64_t value) { return static_cast<uint64_t>(value) ^ (uint64_t{1} << 63); }

}  // namespace

std::string StampDigits(const CacheStamp& stamp) {
  return absl::StrFormat("%020u%020u", Biased(stamp.version), Biased(stamp.valid_until_us));
}

}  // namespace minsheng::platform
