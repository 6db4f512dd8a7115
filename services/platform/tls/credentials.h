// TLS for servers and channels, from files that it follows: a new certificate, authority or list of
// revocations counts within two seconds, without a restart and without a failed call.
//
//   auto credentials = tls::Credentials::Open(tls::Files::Of("/etc/minsheng/pki", "registry"));
//   builder.AddListeningPort(address, (*credentials)->server());
//   rpc::Dial(address, (*credentials)->channel());
//
// TLS 1.2 and 1.3 with gRPC's own list of suites (forward secrecy and AEAD only: TLS_AES_*,
// TLS_CHACHA20_*, ECDHE with AES-GCM). Connections that stand are not cut by a new certificate; a
// revocation stops new connections here, and calls on standing ones where callers are identified
// (IsRevoked).
//
// Files that do not pass (half-written, of another authority, expired, key readable by others) are
// never taken: what was there before goes on counting, and the log says why.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_CREDENTIALS_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_CREDENTIALS_H_

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "services/platform/tls/material.h"

namespace minsheng::platform::tls {

// Where to read.
struct Files {
  std::string authorities;  // ca.pem: one certificate or several
  std::string revocations;  // crl.pem; need not be there
  std::string certificate;  // NAME.pem, with those between it and the authority; empty: none
  std::string key;          // NAME.key

  // Of a service, or a client with a certificate of its own.
  static Files Of(const std::string& folder, const std::string& name);
  // Of people's clients, which show no certificate: an authority's file, with a crl.pem beside it.
  static Files TrustOnly(const std::string& authorities);
};

// All at once, checked: FAILED_PRECONDITION with TLS_FILE_MISSING, KEY_FILE_OPEN, KEY_MISMATCH,
// CERTIFICATE_EXPIRED, CERTIFICATE_OF_OTHER_AUTHORITY, … naming the file and what to do.
absl::StatusOr<std::shared_ptr<const Loaded>> Load(const Files& files);

// Thread-safe. What it made may outlive it, and then keeps the last certificates.
class Credentials {
 public:
  // FAILED_PRECONDITION as Load.
  static absl::StatusOr<std::unique_ptr<Credentials>> Open(Files files);
  ~Credentials();

  // For a server; clients may show a certificate, which is then checked. Null without an own one.
  const std::shared_ptr<grpc::ServerCredentials>& server() const { return server_; }
  // For channels; the server's certificate must be for the host that is dialled.
  const std::shared_ptr<grpc::ChannelCredentials>& channel() const { return channel_; }

  // What counts now. Never null.
  std::shared_ptr<const Loaded> loaded() const { return material_->loaded(); }
  // By the serial in lower-case hex.
  bool IsRevoked(absl::string_view serial) const;

 private:
  Credentials(Files files, std::shared_ptr<Material> material);
  void Follow();
  bool StopWithin(absl::Duration time);
  void Reload();
  void Note(const absl::Status& status);

  const Files files_;
  const std::shared_ptr<Material> material_;
  std::shared_ptr<grpc::ServerCredentials> server_;
  std::shared_ptr<grpc::ChannelCredentials> channel_;
  std::string seen_;     // the state of the files that count
  std::string trouble_;  // what was last wrong with the files
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_CREDENTIALS_H_
