#include "services/platform/tls/expiry.h"

#include "prometheus/client_metric.h"
#include "prometheus/metric_family.h"

namespace minsheng::platform::tls {

std::vector<prometheus::MetricFamily> Expiry::Collect() const {
  const auto loaded = credentials_.loaded();
  prometheus::MetricFamily family{"minsheng_certificate_expires_at_seconds",
                                  "When a certificate expires, in Unix seconds.",
                                  prometheus::MetricType::Gauge,
                                  {}};
  const auto add = [&](const char* which, const Certificate& certificate) {
    prometheus::ClientMetric metric;
    metric.label = {{"service", service_}, {"certificate", which}};
    metric.gauge.value = absl::ToDoubleSeconds(certificate.not_after - absl::UnixEpoch());
    family.metric.push_back(std::move(metric));
  };
  if (!loaded->pair.key.empty()) add("own", loaded->own);
  add("ca", loaded->authority);
  return {family};
}

}  // namespace minsheng::platform::tls
