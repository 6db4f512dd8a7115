// Where a service's key set comes from, kept up to date while it runs: a file that is looked at
// every second, or a URL that is asked every five minutes and, when a token names a key that nobody
// knows, at once (not more often than every ten seconds).
//
// A source that fails, or gives something that is no key set, leaves the last good one in use and
// is logged once. To rotate keys the issuer publishes the new key beside the old one, signs with
// the new one from then on, and takes the old one away when its last token has expired.
//
//   minsheng_identity_keys{service}                     usable keys now
//   minsheng_identity_key_loads_total{service,result}   result ok (a set was taken) | error (a look
//   that failed)
#ifndef MINSHENG_SERVICES_PLATFORM_IDENTITY_KEY_SOURCE_H_
#define MINSHENG_SERVICES_PLATFORM_IDENTITY_KEY_SOURCE_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"
#include "services/platform/identity/keys.h"

namespace minsheng::platform {

// Thread-safe. Runs a thread of its own until destruction, in which all reading happens.
class KeySource {
 public:
  struct Options {
    std::string service;
    // A path, "https://…", or "http://…" on loopback. Redirects are not followed.
    std::string location;
    prometheus::Registry* metrics = nullptr;
    absl::Duration file_every = absl::Seconds(1);
    absl::Duration url_every = absl::Minutes(5);
    // Between two questions to a URL that an unknown key or a failure asks for.
    absl::Duration url_pause = absl::Seconds(10);
    // A PEM file of the authorities that an https URL may be signed by; empty: the system's.
    std::string ca_file = {};
  };

  // INVALID_ARGUMENT BAD_KEY_LOCATION for an http URL beyond loopback; for a file also whatever is
  // wrong with it. A URL that does not answer yet is asked again until it does.
  static absl::StatusOr<std::unique_ptr<KeySource>> Open(Options options);
  ~KeySource();

  // The last good set; an empty one before the first.
  std::shared_ptr<const KeySet> keys() const;
  // Grows after every change of the set; cheap.
  uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  // A token names a key that the set does not have. Returns at once.
  void Missed();

 private:
  // The set's text, or nullopt when it is the same as before.
  using Reader = std::function<absl::StatusOr<std::optional<std::string>>()>;

  KeySource(Options options, bool url);
  absl::Status Load();
  absl::Status Take(const std::string& jwks);
  void Note(const absl::Status& status);
  void Run();
  bool Wait();

  const Options options_;
  const bool url_;
  Reader read_;
  prometheus::Gauge& count_;
  prometheus::Counter& loaded_;
  prometheus::Counter& failed_;
  std::atomic<uint64_t> generation_ = 0;
  std::atomic<bool> stopping_ = false;
  std::string text_;     // the thread's: what the set was made from
  absl::Status status_;  // the thread's: of the last look
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool missed_ = false;
  std::shared_ptr<const KeySet> keys_ = std::make_shared<KeySet>();
  std::thread thread_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_IDENTITY_KEY_SOURCE_H_
