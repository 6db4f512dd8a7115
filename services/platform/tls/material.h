// What a process shows and trusts at the moment, handed on to gRPC so that it only ever sees whole
// pairs that were checked.
//
// gRPC 1.51 reloads certificates from files alone (FileWatcherCertificateProvider): it reads the
// key's file and then the certificate's, takes a pair that does not match, and serves nobody until
// the next look. So it does not get the operator's files: it watches two files of ours in memory
// (memfd), one of them holding both key and certificate, which are exchanged as a whole once new
// files have passed every check. It notices an exchange between its two reads by the time of change
// in whole seconds, which therefore always grows by one at least.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_MATERIAL_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_MATERIAL_H_

#include <grpcpp/security/tls_certificate_provider.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "services/platform/tls/certificates.h"
#include "services/platform/tls/revocation_list.h"

namespace minsheng::platform::tls {

// A file in memory under a path of this process.
class MemoryFile {
 public:
  MemoryFile() = default;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  // Exchanges the whole content at once. RESOURCE_EXHAUSTED without descriptors or memory.
  absl::Status Put(absl::string_view bytes);
  // After the first Put.
  std::string path() const;

 private:
  int fd_ = -1;
  int64_t stamp_ = 0;  // seconds; the time of change of what is there
};

// What was read from the folder at one moment, and passed every check.
struct Loaded {
  std::string authorities;  // PEM
  KeyPair pair;             // empty without a certificate of its own
  Certificate own;
  Certificate authority;  // the first one
  Revoked revoked;
};

// Shared by the credentials made from it, and gone with the last of them. Thread-safe but for Put.
class Material {
 public:
  // Before the first use by gRPC, and then whenever the files changed.
  absl::Status Put(std::shared_ptr<const Loaded> loaded);
  std::shared_ptr<const Loaded> loaded() const { return std::atomic_load(&loaded_); }
  const std::shared_ptr<grpc::experimental::CertificateProviderInterface>& provider() const {
    return provider_;
  }

 private:
  MemoryFile pair_, authorities_;
  std::shared_ptr<const Loaded> loaded_;
  // Its thread reads the files above, so it goes first.
  std::shared_ptr<grpc::experimental::CertificateProviderInterface> provider_;
};

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_MATERIAL_H_
