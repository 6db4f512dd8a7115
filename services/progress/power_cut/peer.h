// The registry's log, and a registry that serves it.
#ifndef MINSHENG_SERVICES_PROGRESS_POWER_CUT_PEER_H_
#define MINSHENG_SERVICES_PROGRESS_POWER_CUT_PEER_H_

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "minsheng/common/v1/event_log.grpc.pb.h"
#include "services/platform/journal/journal.h"

namespace minsheng::progress {

// Tasks and approved plans.
std::vector<platform::Event> PeerLog(int count);

// Serves the log, three events at a time, as far as it is allowed to. That a follower asks for what
// comes after a position tells that it has stored everything before. Thread-safe.
class PeerServer final : public common::v1::EventLogService::Service {
 public:
  // `stored` is called with the position that the follower has come to, whenever it rises.
  PeerServer(std::vector<platform::Event> log, std::function<void(int64_t)> stored);

  std::string address() const;
  void Allow(int64_t position);
  // Allows everything and waits until the follower has stored it.
  void AwaitAllStored();

  grpc::Status ReadEvents(grpc::ServerContext* context,
                          const common::v1::ReadEventsRequest* request,
                          common::v1::ReadEventsResponse* response) override;

 private:
  const std::vector<platform::Event> log_;
  const std::function<void(int64_t)> stored_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t allowed_ = 0;
  int64_t known_ = 0;
  bool ended_ = false;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_POWER_CUT_PEER_H_
