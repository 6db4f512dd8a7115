#include "services/platform/base/hash.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "absl/strings/escaping.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace minsheng::platform {

struct Hasher::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
};

Hasher::Hasher() : context_(new Context) {
  static const EVP_MD* const kSha256 = EVP_sha256();
  EVP_DigestInit_ex(context_->evp, kSha256, nullptr);
}

Hasher::~Hasher() {
  EVP_MD_CTX_free(context_->evp);
  delete context_;
}

Hasher& Hasher::Add(absl::string_view field) {
  Add(static_cast<int64_t>(field.size()));
  return AddRaw(field);
}

Hasher& Hasher::Add(int64_t value) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  return AddRaw(absl::string_view(bytes, sizeof bytes));
}

Hasher& Hasher::AddRaw(absl::string_view bytes) {
  EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size());
  return *this;
}

std::string Hasher::Finish() {
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context_->evp, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}

std::string Sha256(absl::string_view bytes) { return Hasher().AddRaw(bytes).Finish(); }

std::string DeterministicBytes(const google::protobuf::MessageLite& message) {
  std::string bytes(message.ByteSizeLong(), '\0');
  google::protobuf::io::ArrayOutputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
  coded.Trim();
  return bytes;
}

std::string RandomId() {
  unsigned char bytes[16];
  RAND_bytes(bytes, sizeof bytes);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<char*>(bytes), sizeof bytes));
}

}  // namespace minsheng::platform
