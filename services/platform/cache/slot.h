// The identity of one cached answer, as every tier sees it. Plain values; owned by the call.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_SLOT_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_SLOT_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace minsheng::platform {

// What makes two answers of one name different, in the order in which the later replaces the
// earlier.
struct CacheStamp {
  int64_t version = 0;
  int64_t valid_until_us = 0;  // since the Unix epoch; InfiniteFuture saturates

  friend auto operator<=>(const CacheStamp&, const CacheStamp&) = default;
};

struct CacheSlot {
  std::string id;  // service, epoch, kind and name, unambiguously; also the key in Redis
  CacheStamp stamp;
  absl::Time valid_until;
};

// 40 digits whose byte order is the stamps' order. Digits, because Lua compares strings by the
// server's locale and has no 64-bit integers.
std::string StampDigits(const CacheStamp& stamp);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_SLOT_H_
