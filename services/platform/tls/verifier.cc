#include "services/platform/tls/verifier.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/platform/log/log.h"
#include "services/platform/tls/certificates.h"

namespace minsheng::platform::tls {
namespace {

using grpc::experimental::CertificateVerifier;
using grpc::experimental::ExternalCertificateVerifier;
using grpc::experimental::TlsCustomVerificationCheckRequest;

absl::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

grpc::Status Refuse(const std::string& why) {
  LogWarning("peer refused", {{"why", why}});
  return {grpc::StatusCode::UNAUTHENTICATED, why};
}

class Verifier final : public ExternalCertificateVerifier {
 public:
  Verifier(Side side, std::shared_ptr<const Material> material)
      : side_(side), material_(std::move(material)) {}

  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* status) override {
    *status = Check(View(request->peer_cert()), View(request->target_name()));
    return true;
  }
  void Cancel(TlsCustomVerificationCheckRequest*) override {}

 private:
  grpc::Status Check(absl::string_view pem, absl::string_view host) const {
    if (pem.empty() && side_ == Side::kOfClients) return grpc::Status::OK;
    const auto peer = ReadCertificate(pem);
    if (!peer.ok()) return Refuse("the peer shows no certificate that can be read");
    if (material_->loaded()->revoked.count(peer->serial) > 0) {
      return Refuse(absl::StrCat("the certificate ", peer->serial, " was revoked"));
    }
    if (side_ == Side::kOfServers && !NamesHost(pem, host)) {
      return Refuse(absl::StrCat("the certificate ", peer->serial, " is not for ", host));
    }
    return grpc::Status::OK;
  }

  const Side side_;
  const std::shared_ptr<const Material> material_;
};

}  // namespace

std::shared_ptr<CertificateVerifier> NewVerifier(Side side,
                                                 std::shared_ptr<const Material> material) {
  return ExternalCertificateVerifier::Create<Verifier>(side, std::move(material));
}

}  // namespace minsheng::platform::tls
