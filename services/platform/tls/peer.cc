#include "services/platform/tls/peer.h"

#include <grpc/grpc_security_constants.h>

#include <mutex>
#include <shared_mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/strip.h"

namespace minsheng::platform::tls {
namespace {

// By the whole text, so that no two certificates can be taken for one another.
class Parsed {
 public:
  std::shared_ptr<const Certificate> Of(absl::string_view pem) {
    {
      std::shared_lock lock(mutex_);
      const auto found = by_text_.find(pem);
      if (found != by_text_.end()) return found->second;
    }
    auto read = ReadCertificate(pem);
    if (!read.ok()) return nullptr;
    auto certificate = std::make_shared<const Certificate>(*std::move(read));
    std::unique_lock lock(mutex_);
    if (by_text_.size() >= kPeersMax) by_text_.clear();
    by_text_.emplace(pem, certificate);
    return certificate;
  }

 private:
  std::shared_mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<const Certificate>> by_text_;
};

}  // namespace

std::shared_ptr<const Certificate> PeerCertificate(const grpc::ServerContextBase& call) {
  static auto* const parsed = new Parsed;
  const auto context = call.auth_context();
  if (context == nullptr) return nullptr;
  const auto texts = context->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (texts.empty()) return nullptr;
  return parsed->Of({texts[0].data(), texts[0].size()});
}

absl::string_view ServiceNamed(absl::string_view uri) {
  return absl::ConsumePrefix(&uri, "minsheng:service/") ? uri : absl::string_view();
}

}  // namespace minsheng::platform::tls
