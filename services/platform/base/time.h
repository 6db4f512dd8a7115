// Instants as the database and the protos hold them: microseconds of Unix time, and Timestamp.
#ifndef MINSHENG_SERVICES_PLATFORM_BASE_TIME_H_
#define MINSHENG_SERVICES_PLATFORM_BASE_TIME_H_

#include <cstdint>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace minsheng::platform {

inline int64_t ToMicros(absl::Time time) { return absl::ToUnixMicros(time); }
inline absl::Time FromMicros(int64_t micros) { return absl::FromUnixMicros(micros); }

inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp stamp;
  const int64_t micros = ToMicros(time);
  int64_t seconds = micros / 1'000'000;
  if (micros % 1'000'000 < 0) --seconds;
  stamp.set_seconds(seconds);
  stamp.set_nanos(static_cast<int32_t>((micros - seconds * 1'000'000) * 1000));
  return stamp;
}

inline absl::Time FromTimestamp(const google::protobuf::Timestamp& stamp) {
  return absl::FromUnixSeconds(stamp.seconds()) + absl::Nanoseconds(stamp.nanos());
}

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_BASE_TIME_H_
