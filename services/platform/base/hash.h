// SHA-256 and hexadecimal text.
#ifndef MINSHENG_SERVICES_PLATFORM_BASE_HASH_H_
#define MINSHENG_SERVICES_PLATFORM_BASE_HASH_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace minsheng::platform {

// SHA-256 over fields, each preceded by its length, so that no two field lists give the same bytes.
// 32 raw bytes.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& Add(absl::string_view field);
  Hasher& Add(int64_t value);
  // Bytes without a length, for hashing a plain stream.
  Hasher& AddRaw(absl::string_view bytes);
  std::string Finish();

 private:
  struct Context;
  Context* context_;
};

// SHA-256 of plain bytes. 32 raw bytes.
std::string Sha256(absl::string_view bytes);

// The message's bytes, the same for equal messages of one build (maps in order).
std::string DeterministicBytes(const google::protobuf::MessageLite& message);

// A random 128-bit id in hexadecimal.
std::string RandomId();

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_BASE_HASH_H_
