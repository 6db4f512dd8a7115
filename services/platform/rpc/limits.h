// Bounds that hold for every request, whatever its fields are called.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_LIMITS_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_LIMITS_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace minsheng::platform::rpc {

inline constexpr size_t kTextBytesMax = 64 << 10;
inline constexpr int kRepeatedMax = 10'000;

// INVALID_ARGUMENT FIELD_TOO_LONG, TOO_MANY_ITEMS or UNKNOWN_VALUE naming the field, when a text
// holds more than kTextBytesMax bytes, a list more than kRepeatedMax items, or an enumeration a
// value that it does not have. Fields of type bytes (files) have bounds of their own.
absl::Status CheckLimits(const google::protobuf::Message& request);

// The same for requests of one type, cheap for small ones: one that holds no enumeration anywhere
// and fewer bytes than a list may have items is within bounds without a look at its fields.
class RequestLimits {
 public:
  explicit RequestLimits(const google::protobuf::Descriptor* type);
  // RESOURCE_EXHAUSTED REQUEST_TOO_LARGE beyond `bytes_max`, else as CheckLimits.
  absl::Status Check(const google::protobuf::Message& request, size_t bytes_max) const;

 private:
  const bool has_enums_;
};

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_LIMITS_H_
