// minsheng_certificate_expires_at_seconds{service,certificate="own|ca"}: when the certificates that
// a service uses expire, in Unix seconds.
#ifndef MINSHENG_SERVICES_PLATFORM_TLS_EXPIRY_H_
#define MINSHENG_SERVICES_PLATFORM_TLS_EXPIRY_H_

#include <string>
#include <vector>

#include "prometheus/collectable.h"
#include "services/platform/tls/credentials.h"

namespace minsheng::platform::tls {

// Thread-safe. The credentials outlive the last Collect.
class Expiry final : public prometheus::Collectable {
 public:
  Expiry(std::string service, const Credentials& credentials)
      : service_(std::move(service)), credentials_(credentials) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const std::string service_;
  const Credentials& credentials_;
};

}  // namespace minsheng::platform::tls

#endif  // MINSHENG_SERVICES_PLATFORM_TLS_EXPIRY_H_
