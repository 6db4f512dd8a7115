// Notes refused attempts: who tried what, from where, why not, and how often within a minute.
//
// In memory one entry per caller, origin, method and reason; written as rows of the refusals' chain
// (journal/refusal_store) at the end of each minute and at the end of the process. So that a crash
// does not lose that somebody tried, the first kEarlyMax entries of a minute are written within
// kEarlyAfter with the count so far, and again at the minute's end with the rest: what a crash
// loses is the running minute's counts, and of a flood also which callers joined it. While the
// database takes no writes, entries go on counting beyond their minute.
//
// Bounded, whatever is tried: at most kEntriesMax different entries a minute and kEntriesPerDayMax
// a day and process; what is beyond adds to one entry per reason, without an actor, origin or
// method ("*"). Callers that nobody identified have at most half of either, so that nobody without
// a credential can hide what somebody with one tries. Texts are cut at kTextMax bytes, so a row
// takes less than 0.6 KB: at most 10 MB a day and process for the entries, 14 MB for the early
// rows, 8 MB for those of the reasons.
//
//   minsheng_refusals_total{service,reason}   every refused attempt; reasons beyond kReasons: OTHER
#ifndef MINSHENG_SERVICES_PLATFORM_AUDIT_REFUSAL_LOG_H_
#define MINSHENG_SERVICES_PLATFORM_AUDIT_REFUSAL_LOG_H_

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "prometheus/counter.h"
#include "prometheus/registry.h"
#include "services/platform/access/guard.h"
#include "services/platform/clock/clock.h"
#include "services/platform/journal/journal.h"
#include "services/platform/journal/refusal_store.h"

namespace minsheng::platform {

// Thread-safe. Runs a thread of its own. The journal and the clock outlive it.
class RefusalLog final : public RefusalSink {
 public:
  static constexpr size_t kEntriesMax = 256;
  static constexpr size_t kEarlyMax = 16;
  static constexpr int64_t kEntriesPerDayMax = 16'384;
  static constexpr size_t kTextMax = 64;
  static constexpr absl::Duration kEarlyAfter = absl::Seconds(1);
  // The reasons that have a series of their own, and an entry of their own when there is too much.
  static constexpr std::array kReasons = {"ROLE_NOT_ALLOWED",
                                          "DISTRICT_NOT_ALLOWED",
                                          "WRONG_UNIT",
                                          "CREDENTIAL_REVOKED",
                                          "TOKEN_MISSING",
                                          "TOKEN_MALFORMED",
                                          "TOKEN_ALGORITHM",
                                          "TOKEN_KEY_UNKNOWN",
                                          "TOKEN_SIGNATURE",
                                          "TOKEN_ISSUER",
                                          "TOKEN_AUDIENCE",
                                          "TOKEN_EXPIRED",
                                          "TOKEN_NOT_YET_VALID",
                                          "TOKEN_CLAIMS",
                                          "CERTIFICATE_UNKNOWN",
                                          "CERTIFICATE_EXPIRED",
                                          "CERTIFICATE_NOT_YET_VALID",
                                          "CERTIFICATE_OF_OTHER_AUTHORITY",
                                          "CERTIFICATE_UNREADABLE",
                                          "OTHER"};

  struct Options {
    std::string service;
    Journal* journal = nullptr;
    const Clock* clock = nullptr;  // stamps the attempts
    prometheus::Registry* metrics = nullptr;
    absl::Duration minute = absl::Minutes(1);  // shorter in tests
  };
  explicit RefusalLog(Options options);
  // Writes what is left.
  ~RefusalLog() override;

  void Note(const Principal* caller, absl::string_view origin, absl::string_view method,
            absl::string_view reason) override;

  // Writes all that was noted so far; for the end, when no more calls come. The journal's errors,
  // and then nothing is lost: it is tried again.
  absl::Status Flush();

 private:
  // post, unit, role, district, credential, origin, method, reason.
  using Key = std::array<std::string, 8>;
  struct Entry {
    int64_t count = 0;   // not written yet
    bool early = false;  // was offered for writing before its minute's end
    absl::Time first, last;
  };

  void Run();
  Key KeyFor(Key key, size_t reason);
  bool TakeRoom(bool unknown);
  absl::Status Write(bool all);
  std::vector<std::pair<Key, Entry>> Due(bool all);
  void Written(const std::vector<std::pair<Key, Entry>>& rows);

  const Options options_;
  std::array<prometheus::Counter*, kReasons.size()> counters_{};
  std::mutex writing_;  // held through a whole write, before mutex_
  std::mutex mutex_;
  std::condition_variable noted_;
  std::map<Key, Entry> entries_;
  size_t rest_ = 0;     // how many of them are the reasons' own
  size_t unknown_ = 0;  // and how many, besides, of callers that nobody identified
  size_t early_ = 0;    // how many this minute were written before its end
  int64_t day_ = 0;     // of the budget
  int64_t today_ = 0, unknown_today_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_AUDIT_REFUSAL_LOG_H_
