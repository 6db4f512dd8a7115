// What every service process stands on, put together once: flags, state, clock, journal, metrics,
// server, the end.
//
//   Runtime::Spec spec{…};
//   auto runtime = Runtime::Open(std::move(spec));
//   … make handlers over runtime->database() and runtime->journal() …
//   return runtime->Serve({&service});
#ifndef MINSHENG_SERVICES_PLATFORM_RUNTIME_RUNTIME_H_
#define MINSHENG_SERVICES_PLATFORM_RUNTIME_RUNTIME_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "prometheus/registry.h"
#include "services/platform/audit/refusal_log.h"
#include "services/platform/clock/clock.h"
#include "services/platform/feed/follower.h"
#include "services/platform/identity/identifier.h"
#include "services/platform/journal/verify.h"
#include "services/platform/limits/rate_limiter.h"
#include "services/platform/rpc/service.h"
#include "services/platform/runtime/vitals.h"
#include "services/platform/tls/credentials.h"

namespace minsheng::platform {

class Runtime {
 public:
  struct Spec {
    std::string service;                // "registry"
    std::vector<Migration> migrations;  // after the journal's own, numbered from 2
    Projector projector;
    std::vector<ProjectedTable> tables;
    std::function<absl::Status(Session&, const CommitNotice&)> after_commit;
  };

  // Reads argv and the environment; blocks SIGTERM and SIGINT for Serve. Call first in main.
  static void Configure(int argc, char** argv, absl::string_view usage);

  // Opens the database (flags --database, --state) and the journal.
  static absl::StatusOr<std::unique_ptr<Runtime>> Open(Spec spec);
  ~Runtime();

  Database& database() { return *database_; }
  Journal& journal() { return *journal_; }
  const Clock& clock() const { return *clock_; }
  prometheus::Registry& metrics() { return *metrics_; }
  const rpc::Environment& environment() const { return environment_; }

  // Follows a peer's log from Serve on. What is derived from the tables must be loaded after this:
  // then nothing that is applied in between, by another process on the same database, escapes it.
  absl::Status Follow(Follower::Options peer);
  // Shows further metrics that are computed when asked.
  void Show(std::shared_ptr<prometheus::Collectable> collectable);
  // Serves until SIGTERM or SIGINT, drains, and returns the process's exit code. Services get the
  // event log, the clock, health and reflection beside their own.
  absl::Status Serve(std::vector<rpc::Service*> services);

 private:
  explicit Runtime(Spec spec);
  absl::Status OpenTls();
  absl::Status OpenState();
  absl::Status Fill(Session& session) const;
  absl::Status OpenClock();
  absl::Status OpenIdentity();
  absl::Status OpenLimiter();
  absl::Status Project(Session& session, const Event& event);
  absl::Status AfterCommit(Session& session, const CommitNotice& notice);
  VerifyPlan Plan();

  Spec spec_;
  std::vector<Migration> migrations_;
  std::shared_ptr<prometheus::Registry> metrics_;
  std::vector<std::shared_ptr<prometheus::Collectable>> collectables_;
  std::unique_ptr<tls::Credentials> tls_;  // null: without TLS
  std::unique_ptr<Database> database_;
  std::unique_ptr<Clock> clock_;
  FrozenClock* frozen_ = nullptr;  // clock_, in a rehearsal
  int commits_ = 0;                // with events, on the writer thread
  std::unique_ptr<Executor> executor_, readers_;
  std::shared_ptr<Vitals> vitals_;
  Revocations revocations_;  // refreshed by the journal's thread
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<RefusalLog> refusals_;  // ends before the journal it writes to
  std::unique_ptr<RateLimiter> limiter_;
  rpc::Environment environment_;
  std::unique_ptr<KeySource> keys_;                   // null: callers are believed
  std::unique_ptr<CredentialIdentifier> identifier_;  // likewise
  std::vector<Follower::Options> peers_;
  std::vector<std::unique_ptr<Follower>> followers_;
};

// Prints a start-up failure for people and returns the exit code.
int ExitCode(absl::string_view service, const absl::Status& status);

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_RUNTIME_RUNTIME_H_
