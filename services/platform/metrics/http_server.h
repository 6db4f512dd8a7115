// The small HTTP side of a service: /metrics for Prometheus and /healthz.
#ifndef MINSHENG_SERVICES_PLATFORM_METRICS_HTTP_SERVER_H_
#define MINSHENG_SERVICES_PLATFORM_METRICS_HTTP_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/collectable.h"

namespace minsheng::platform {

struct HealthReport {
  bool serving = false;
  // Part → state, e.g. {"database", "OK"}, {"feed registry", "DEGRADED: unreachable for 12 s"}.
  std::vector<std::pair<std::string, std::string>> parts;
};

// Thread-safe once started; stops in its destructor.
class HttpServer {
 public:
  struct Options {
    std::string address;  // "127.0.0.1:9101"; port 0 picks one
    std::vector<std::shared_ptr<prometheus::Collectable>> collectables;
    std::function<HealthReport()> health;
  };

  // UNAVAILABLE when the port is taken.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(Options options);
  virtual ~HttpServer() = default;
  virtual int port() const = 0;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_METRICS_HTTP_SERVER_H_
