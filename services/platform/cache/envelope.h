// The form in which an answer lies in Redis: readable by the Lua script that compares stamps,
// provable by us.
//
//   "MSC1" · 40 digits of the stamp · 32 bytes HMAC-SHA256 · the answer
//
// The HMAC is over the lengths and bytes of the slot's id (service, epoch, kind, name), the stamp
// and the answer: a value that was cut, altered, copied from another key, or sealed with another
// HMAC key does not open.
#ifndef MINSHENG_SERVICES_PLATFORM_CACHE_ENVELOPE_H_
#define MINSHENG_SERVICES_PLATFORM_CACHE_ENVELOPE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/platform/cache/slot.h"

namespace minsheng::platform {

// Thread-safe; owned by RedisTier. The key must not be empty.
class Envelope {
 public:
  explicit Envelope(std::string hmac_key);
  ~Envelope();
  Envelope(const Envelope&) = delete;
  Envelope& operator=(const Envelope&) = delete;

  std::string Seal(absl::string_view id, const CacheStamp& stamp, absl::string_view answer) const;

  struct Opened {
    std::string stamp_digits;
    absl::string_view answer;  // into the bytes that were opened
  };
  // Nothing, if the bytes were not sealed for `id` with this key.
  std::optional<Opened> Open(absl::string_view id, absl::string_view bytes) const;

 private:
  class Mac;

  const std::unique_ptr<const Mac> mac_;
};

// 40 hexadecimal digits, as Redis names scripts and as Lua's redis.sha1hex gives them.
std::string Sha1Hex(absl::string_view bytes);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_CACHE_ENVELOPE_H_
