#include "services/platform/metrics/http_server.h"

#include <CivetServer.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "prometheus/text_serializer.h"
#include "services/platform/base/error.h"
#include "services/platform/log/log.h"

namespace minsheng::platform {
namespace {

void Answer(mg_connection* connection, absl::string_view status, absl::string_view type,
            const std::string& body) {
  const std::string head =
      absl::StrCat("HTTP/1.1 ", status, "\r\nContent-Type: ", type,
                   "\r\nContent-Length: ", body.size(), "\r\nConnection: close\r\n\r\n");
  mg_write(connection, head.data(), head.size());
  mg_write(connection, body.data(), body.size());
}

class MetricsPage final : public CivetHandler {
 public:
  explicit MetricsPage(std::vector<std::shared_ptr<prometheus::Collectable>> collectables)
      : collectables_(std::move(collectables)) {}

  bool handleGet(CivetServer*, mg_connection* connection) override {
    std::vector<prometheus::MetricFamily> families;
    for (const auto& collectable : collectables_) {
      for (auto& family : collectable->Collect()) families.push_back(std::move(family));
    }
    Answer(connection, "200 OK", "text/plain; version=0.0.4; charset=utf-8",
           prometheus::TextSerializer().Serialize(families));
    return true;
  }

 private:
  std::vector<std::shared_ptr<prometheus::Collectable>> collectables_;
};

std::string HealthJson(const HealthReport& report) {
  std::string json =
      absl::StrCat("{\"status\":\"", report.serving ? "SERVING" : "NOT_SERVING", "\",\"parts\":{");
  const char* comma = "";
  for (const auto& [part, state] : report.parts) {
    absl::StrAppend(&json, comma, "\"", JsonEscape(part), "\":\"", JsonEscape(state), "\"");
    comma = ",";
  }
  return absl::StrCat(json, "}}\n");
}

class HealthPage final : public CivetHandler {
 public:
  explicit HealthPage(std::function<HealthReport()> health) : health_(std::move(health)) {}

  bool handleGet(CivetServer*, mg_connection* connection) override {
    const HealthReport report = health_();
    Answer(connection, report.serving ? "200 OK" : "503 Service Unavailable", "application/json",
           HealthJson(report));
    return true;
  }

 private:
  std::function<HealthReport()> health_;
};

class CivetHttpServer final : public HttpServer {
 public:
  explicit CivetHttpServer(Options options)
      : metrics_(std::move(options.collectables)),
        health_(std::move(options.health)),
        host_(options.address.substr(0, options.address.rfind(':'))),
        server_(std::vector<std::string>{"listening_ports", options.address, "num_threads", "2",
                                         "request_timeout_ms", "5000"}) {
    server_.addHandler("/metrics", metrics_);
    server_.addHandler("/healthz", health_);
  }
  // civetweb's acceptor looks up every two seconds, or when somebody connects: so somebody does.
  ~CivetHttpServer() override {
    std::atomic<bool> closed = false;
    std::thread visitor([&] {
      while (!closed) {
        char error[64];
        mg_connection* visit = mg_connect_client(host_.c_str(), port_, 0, error, sizeof(error));
        if (visit != nullptr) mg_close_connection(visit);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    });
    server_.close();
    closed = true;
    visitor.join();
  }

  int port() const override { return port_; }
  void FindPort() { port_ = server_.getListeningPorts().at(0); }

 private:
  MetricsPage metrics_;
  HealthPage health_;
  const std::string host_;
  CivetServer server_;
  int port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(Options options) {
  const std::string address = options.address;
  try {
    auto server = std::make_unique<CivetHttpServer>(std::move(options));
    server->FindPort();
    return server;
  } catch (const std::exception& e) {
    return Error(absl::StatusCode::kUnavailable, "PORT_TAKEN",
                 absl::StrCat("cannot listen on http://", address,
                              ": the port is taken; choose another with --metrics_listen"));
  }
}

}  // namespace minsheng::platform
