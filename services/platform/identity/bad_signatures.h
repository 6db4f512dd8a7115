// Bounds what one origin's bad signatures cost: so many a second, then none is looked at.
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_BAD_SIGNATURES_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_BAD_SIGNATURES_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace minsheng::platform {

// Thread-safe. Origins share kSlots counters.
class BadSignatures {
 public:
  // About 13 ms of one core a second.
  static constexpr uint64_t kBadSignaturesMax = 100;

  bool TooMany(absl::string_view origin, absl::Time now) const {
    const uint64_t slot = SlotOf(origin).load(std::memory_order_relaxed);
    return slot >> kCountBits == Second(now) && (slot & kCountMask) >= kBadSignaturesMax;
  }
  void Note(absl::string_view origin, absl::Time now) {
    std::atomic<uint64_t>& slot = SlotOf(origin);
    const uint64_t second = Second(now) << kCountBits;
    uint64_t seen = slot.load(std::memory_order_relaxed);
    while (!slot.compare_exchange_weak(seen, (seen & ~kCountMask) == second ? seen + 1 : second | 1,
                                       std::memory_order_relaxed)) {
    }
  }

 private:
  static constexpr int kCountBits = 24;
  static constexpr uint64_t kCountMask = (1u << kCountBits) - 1;
  static constexpr size_t kSlots = 1024;

  static uint64_t Second(absl::Time now) { return static_cast<uint64_t>(absl::ToUnixSeconds(now)); }
  std::atomic<uint64_t>& SlotOf(absl::string_view origin) {
    return slots_[absl::HashOf(origin) % kSlots];
  }
  const std::atomic<uint64_t>& SlotOf(absl::string_view origin) const {
    return slots_[absl::HashOf(origin) % kSlots];
  }

  std::array<std::atomic<uint64_t>, kSlots> slots_{};
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_BAD_SIGNATURES_H_
