// Calls that are not over: a call lasts until its answer has left, however slowly its caller reads.
//
// gRPC ends a call at the deadline that the caller gave. One that gave none, and does not read,
// would hold its answer in memory for good: such calls are cut off here. Thread-safe.
#ifndef MINSHENG_SERVICES_PLATFORM_RPC_OPEN_CALLS_H_
#define MINSHENG_SERVICES_PLATFORM_RPC_OPEN_CALLS_H_

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace minsheng::platform::rpc {

class OpenCalls {
 public:
  // How long after its deadline an answer may take to leave.
  static constexpr absl::Duration kGrace = absl::Seconds(5);

  struct Open {
    // Cutting a call off may run its end in the same thread.
    std::recursive_mutex mutex;
    grpc::ServerContextBase* context;  // null once it is over
    absl::Time until;
    std::list<std::shared_ptr<Open>>::iterator at;
  };
  using Handle = std::shared_ptr<Open>;

  OpenCalls();
  ~OpenCalls();

  // Cuts the call off at `until`, unless Remove comes before.
  Handle Add(grpc::ServerContextBase& context, absl::Time until);
  // Before gRPC frees the context.
  void Remove(const Handle& call);

 private:
  void Loop();
  void CutOff(absl::Time now);

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::list<Handle> calls_;
  std::thread thread_;
};

}  // namespace minsheng::platform::rpc

#endif  // MINSHENG_SERVICES_PLATFORM_RPC_OPEN_CALLS_H_
