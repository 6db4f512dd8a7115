// What callers spend in all processes of a service, through counters in Redis.
//
// A thread of its own adds every 100 ms what was let in here to the counter of each caller, and
// takes off here what others added. Nobody waits for it. Without Redis every process keeps its own
// limit; what stands in Redis can make a limit narrower, down to a sixteenth, and never wider.
#ifndef MINSHENG_SERVICES_PLATFORM_LIMITS_SHARED_SPENDING_H_
#define MINSHENG_SERVICES_PLATFORM_LIMITS_SHARED_SPENDING_H_

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "services/platform/cache/breaker.h"
#include "services/platform/cache/redis.h"
#include "services/platform/limits/account_table.h"

namespace minsheng::platform {

class SharedSpending {
 public:
  static constexpr absl::Duration kEvery = absl::Milliseconds(100);

  struct Options {
    std::string service;  // processes of one service share
    std::string redis;    // "host:port" or "unix:/path"
    const RoleLimits* limits = nullptr;
    bool believed = false;  // all accounts have the limit "believed"
  };

  // Exchanges the accounts of `accounts`, which outlives it, until the destructor.
  SharedSpending(Options options, AccountTable& accounts);
  ~SharedSpending();

 private:
  struct Row {
    std::string key;
    Account::Spent spent;
  };

  void Loop();
  void Exchange();
  // The counters after adding, two for each row; nothing when Redis failed.
  std::optional<std::vector<int64_t>> Add(const std::vector<Row>& rows);
  void Say(bool shared);
  absl::StatusOr<RedisReply> Run(const std::vector<std::string>& keys_and_arguments);

  const Options options_;
  AccountTable& accounts_;
  const std::string script_sha1_;
  RedisPool pool_;
  Breaker breaker_;
  bool said_shared_ = true;  // the thread's own
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_LIMITS_SHARED_SPENDING_H_
