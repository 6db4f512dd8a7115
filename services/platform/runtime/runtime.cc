#include "services/platform/runtime/runtime.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "minsheng/common/v1/clock.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/config/config.h"
#include "services/platform/feed/event_log_service.h"
#include "services/platform/log/log.h"
#include "services/platform/metrics/http_server.h"
#include "services/platform/rpc/server.h"
#include "services/platform/runtime/clock_service.h"
#include "services/platform/runtime/process.h"
#include "services/platform/tls/expiry.h"
#include "services/platform/tls/peer.h"

ABSL_FLAG(std::string, state, ".",
          "folder that holds the service's files, and its database unless "
          "--database is given");
ABSL_FLAG(std::string, database, "",
          "PostgreSQL, as a libpq connection string or URI without a password (PGPASSFILE); the "
          "service keeps to a schema of its own there, and several processes may share it; "
          "empty: SQLite in the state folder");
ABSL_FLAG(std::string, restore_from, "",
          "a backup (or an SQLite state) that fills the PostgreSQL schema when it is created");
ABSL_FLAG(
    std::string, listen, "",
    "gRPC address, beyond loopback only with TLS and authentication; empty: the service's own "
    "port");
ABSL_FLAG(std::string, tls, "",
          "folder with ca.pem, crl.pem, and the service's certificate and key (registry.pem, "
          "registry.key), followed while it runs; see minsheng certs; empty: without TLS");
ABSL_FLAG(std::string, metrics_listen, "",
          "HTTP address of /metrics and /healthz on loopback; empty: the service's own port");
ABSL_FLAG(bool, rehearsal, false,
          "make a new database for a rehearsal, whose time is moved by hand; for good");
ABSL_FLAG(std::string, rehearsal_start, "2024-03-15T09:00:00+08:00",
          "where the time of a new rehearsal begins");
ABSL_FLAG(std::string, limits, "",
          "what a caller may ask, where it differs from the defaults: "
          "ROLE=CALLS_PER_SECOND/BURST/AT_A_TIME/WRITES_PER_DAY, separated by commas; also unknown "
          "(not identified), believed (no authentication); off: nothing is limited");
ABSL_FLAG(std::string, limits_redis, "",
          "Redis at host:port or unix:/path, through which the processes of a service share what "
          "callers have spent; empty: each limits its own");
ABSL_FLAG(bool, core_dumps, false,
          "write a core when the process crashes, with all keys and tokens that it holds");
ABSL_FLAG(std::string, ready_file, "",
          "write {\"grpc\":PORT,\"http\":PORT,\"pid\":PID} here once serving");
ABSL_FLAG(
    int, fault_kill_after_commits, 0,
    "for fault tests: the process kills itself after so many commits with events, between the "
    "commit and its answers; 0: never");
ABSL_FLAG(
    std::string, jwks, "",
    "public keys that callers' tokens are checked with: a JWKS file, or a URL (https, or http "
    "on loopback); empty: callers are believed what they state, on loopback only");
ABSL_FLAG(std::string, jwks_ca, "",
          "authority of the certificate behind an https --jwks; empty: those of the system");
ABSL_FLAG(std::string, token_issuer, "minsheng", "the tokens' iss");
ABSL_FLAG(std::string, token_audience, "minsheng", "what the tokens' aud must hold");
ABSL_FLAG(absl::Duration, drain, absl::Seconds(5), "how long running calls may take at the end");

namespace minsheng::platform {
namespace {

constexpr char kRehearsalNow[] = "rehearsal_now";
// Settings whose values nobody relies on: that the database takes writes; how often answers in
// Redis were given up, counted from a number that every process draws anew.
constexpr std::array kFreeSettings = {"probed", "cache_epoch"};
constexpr absl::Duration kHealthEvery = absl::Milliseconds(500);
constexpr int64_t kTrimRounds = 20;  // every ten seconds
// Large blocks go back to the system when they are freed; the allocator would raise this by itself.
constexpr int kLargeBlockBytes = 256 << 10;

// The services' ports, in order of design: gRPC and HTTP.
struct Ports {
  const char* service;
  const char* grpc;
  const char* http;
};
constexpr Ports kPorts[] = {{"registry", "127.0.0.1:50051", "127.0.0.1:9101"},
                            {"progress", "127.0.0.1:50052", "127.0.0.1:9102"},
                            {"funding", "127.0.0.1:50053", "127.0.0.1:9103"},
                            {"notification", "127.0.0.1:50054", "127.0.0.1:9104"}};

std::string Address(const std::string& flag, const std::string& service, const char* Ports::*port) {
  if (!flag.empty()) return flag;
  for (const Ports& ports : kPorts) {
    if (service == ports.service) return ports.*port;
  }
  return "127.0.0.1:0";
}

sigset_t EndSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

// True when the end was asked for within the time.
bool EndAsked(absl::Duration wait) {
  const sigset_t set = EndSignals();
  const timespec time = absl::ToTimespec(wait);
  return sigtimedwait(&set, nullptr, &time) > 0;
}

// Written whole or not at all: a reader never sees half a file.
void WriteReadyFile(const std::string& path, int grpc_port, int http_port) {
  if (path.empty()) return;
  {
    std::ofstream file(path + ".tmp");
    file << "{\"grpc\":" << grpc_port << ",\"http\":" << http_port << ",\"pid\":" << getpid()
         << "}\n";
  }
  std::filesystem::rename(path + ".tmp", path);
}

absl::Status SaveSetting(Session& session, absl::string_view name, absl::string_view value) {
  return session.Execute(
      "INSERT INTO settings (name, value) VALUES ($1, $2)"
      " ON CONFLICT (name) DO UPDATE SET value = $2",
      {name, value});
}

// How a setting holds an instant.
std::string SettingOf(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
}

absl::Status Probe(Transaction& transaction) {
  return SaveSetting(transaction.session, "probed", absl::FormatTime(absl::Now()));
}

// The certificate that a caller showed; also on standing connections one that was revoked since.
std::optional<CertificateInfo> ShownTo(const tls::Credentials& credentials,
                                       const grpc::ServerContextBase& call) {
  const auto shown = tls::PeerCertificate(call);
  if (shown == nullptr) return std::nullopt;
  return CertificateInfo{
      {shown->uri}, shown->serial, shown->not_after, credentials.IsRevoked(shown->serial)};
}

// A command line and its variables are read by others.
absl::Status CheckNoPassword(const std::string& conninfo) {
  static const auto* const password = new std::regex(R"((^|[\s?&])password\s*=|://[^/@]*:[^/@]*@)");
  if (!std::regex_search(conninfo, *password)) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "PASSWORD_IN_FLAG",
               "--database holds a password, which others on this machine can read; put it into a "
               "file with mode 0600 and name that in PGPASSFILE");
}

// Reads of SQLite are work for a core; those of PostgreSQL wait for its answers.
size_t ReadersMax() {
  constexpr size_t kLeast = 4, kPostgres = 16;
  if (!absl::GetFlag(FLAGS_database).empty()) return kPostgres;
  return std::max<size_t>(kLeast, 2 * std::thread::hardware_concurrency());
}

}  // namespace

void Runtime::Configure(int argc, char** argv, absl::string_view usage) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a write beyond a file size limit fails like one on a full disk
  const sigset_t set = EndSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  platform::Configure(argc, argv, usage);
  SetProcessLimits(absl::GetFlag(FLAGS_core_dumps));
  // A line for every text that is no UTF-8 would let callers fill the disk.
  google::protobuf::SetLogHandler(nullptr);
}

Runtime::Runtime(Spec spec)
    : spec_(std::move(spec)),
      metrics_(std::make_shared<prometheus::Registry>(prometheus::Registry::InsertBehavior::Merge)),
      executor_(std::make_unique<Executor>()),
      readers_(std::make_unique<Executor>(ReadersMax())),
      vitals_(std::make_shared<Vitals>(
          spec_.service, std::vector<const Executor*>{executor_.get(), readers_.get()},
          *metrics_)) {
  migrations_.push_back({1, kJournalSchema});
  migrations_.insert(migrations_.end(), spec_.migrations.begin(), spec_.migrations.end());
  environment_ = {spec_.service, executor_.get(), readers_.get(), metrics_.get()};
  collectables_.push_back(metrics_);
}

Runtime::~Runtime() = default;

absl::StatusOr<std::unique_ptr<Runtime>> Runtime::Open(Spec spec) {
  StartLog(spec.service);
  mallopt(M_MMAP_THRESHOLD, kLargeBlockBytes);
  std::unique_ptr<Runtime> runtime(new Runtime(std::move(spec)));
  RETURN_IF_ERROR(runtime->OpenTls());
  RETURN_IF_ERROR(runtime->OpenState());
  RETURN_IF_ERROR(runtime->OpenClock());
  RETURN_IF_ERROR(runtime->OpenIdentity());
  RETURN_IF_ERROR(runtime->OpenLimiter());
  Runtime* raw = runtime.get();
  ASSIGN_OR_RETURN(runtime->journal_,
                   Journal::Open({raw->database_.get(), raw->clock_.get(),
                                  [raw](Session& session, const Event& event) {
                                    return raw->Project(session, event);
                                  },
                                  [raw](Session& session, const CommitNotice& notice) {
                                    return raw->AfterCommit(session, notice);
                                  },
                                  [raw](size_t writes, absl::Duration taken, bool committed) {
                                    raw->vitals_->CountGroup(writes, taken, committed);
                                  }}));
  runtime->refusals_ = std::make_unique<RefusalLog>(RefusalLog::Options{
      raw->spec_.service, raw->journal_.get(), raw->clock_.get(), raw->metrics_.get()});
  runtime->environment_.refusals = runtime->refusals_.get();
  runtime->vitals_->Watch(*runtime->journal_);
  runtime->Show(runtime->vitals_);
  return runtime;
}

absl::Status Runtime::OpenTls() {
  const std::string folder = absl::GetFlag(FLAGS_tls);
  if (folder.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(tls_, tls::Credentials::Open(tls::Files::Of(folder, spec_.service)));
  Show(std::make_shared<tls::Expiry>(spec_.service, *tls_));
  return absl::OkStatus();
}

absl::Status Runtime::OpenState() {
  const std::string folder = absl::GetFlag(FLAGS_state);
  const std::string postgres = absl::GetFlag(FLAGS_database);
  RETURN_IF_ERROR(CheckNoPassword(postgres));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto fill = [this](Session& session) { return Fill(session); };
  if (postgres.empty()) {
    ASSIGN_OR_RETURN(
        database_, OpenSqlite(absl::StrCat(folder, "/", spec_.service, ".db"), migrations_, fill));
  } else {
    ASSIGN_OR_RETURN(database_, OpenPostgres(postgres, absl::StrCat("minsheng_", spec_.service),
                                             migrations_, fill));
  }
  return absl::OkStatus();
}

// What a new database holds from its beginning.
absl::Status Runtime::Fill(Session& session) const {
  const std::string backup = absl::GetFlag(FLAGS_restore_from);
  if (!backup.empty()) return CopyRowsFrom(backup, session);
  if (!absl::GetFlag(FLAGS_rehearsal)) return absl::OkStatus();
  return SaveSetting(session, kRehearsalNow, absl::GetFlag(FLAGS_rehearsal_start));
}

absl::Status Runtime::OpenClock() {
  std::string now;
  ASSIGN_OR_RETURN(auto session, database_->OpenWriter());
  RETURN_IF_ERROR(session->Query("SELECT value FROM settings WHERE name = 'rehearsal_now'", {},
                                 [&](const Row& row) {
                                   now = std::string(row.Text(0));
                                   return absl::OkStatus();
                                 }));
  if (now.empty() == absl::GetFlag(FLAGS_rehearsal)) {
    return Error(absl::StatusCode::kFailedPrecondition, "REHEARSAL_MISMATCH",
                 now.empty() ? "the database runs on the real time; start without --rehearsal"
                             : "the database was made for a rehearsal; start with --rehearsal");
  }
  if (now.empty()) {
    clock_ = std::make_unique<SystemClock>();
    return absl::OkStatus();
  }
  absl::Time start;
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, now, &start, &why)) {
    return absl::InvalidArgumentError(absl::StrCat("--rehearsal_start=", now, ": ", why));
  }
  auto frozen = std::make_unique<FrozenClock>(start);
  // As events write it, so that an audit can compare it.
  if (const std::string text = SettingOf(frozen->Now()); text != now) {
    RETURN_IF_ERROR(SaveSetting(*session, kRehearsalNow, text));
  }
  frozen_ = frozen.get();
  clock_ = std::move(frozen);
  return absl::OkStatus();
}

// With a key set callers show tokens or certificates; else they are believed.
absl::Status Runtime::OpenIdentity() {
  const std::string jwks = absl::GetFlag(FLAGS_jwks);
  if (jwks.empty()) return absl::OkStatus();
  KeySource::Options source;
  source.service = spec_.service;
  source.location = jwks;
  source.ca_file = absl::GetFlag(FLAGS_jwks_ca);
  source.metrics = metrics_.get();
  ASSIGN_OR_RETURN(keys_, KeySource::Open(std::move(source)));
  CredentialIdentifier::Options options;
  options.service = spec_.service;
  options.keys = keys_.get();
  options.revocations = &revocations_;
  options.rules = {absl::GetFlag(FLAGS_token_issuer), absl::GetFlag(FLAGS_token_audience)};
  if (tls_) {
    options.certificate = [this](const grpc::ServerContextBase& call) {
      return ShownTo(*tls_, call);
    };
  }
  options.metrics = metrics_.get();
  identifier_ = std::make_unique<CredentialIdentifier>(std::move(options));
  environment_.identifier = identifier_.get();
  return absl::OkStatus();
}

// After the identifier: without one callers are believed.
absl::Status Runtime::OpenLimiter() {
  const std::string limits = absl::GetFlag(FLAGS_limits);
  const bool off = limits == "off";
  RateLimiter::Options options;
  ASSIGN_OR_RETURN(options.limits, RoleLimits::Parse(off ? "" : limits));
  options.service = spec_.service;
  options.believed = environment_.identifier == nullptr;
  if (!off) options.redis = absl::GetFlag(FLAGS_limits_redis);
  limiter_ = std::make_unique<RateLimiter>(std::move(options), *metrics_);
  if (!off) environment_.limiter = limiter_.get();
  return absl::OkStatus();
}

absl::Status Runtime::Project(Session& session, const Event& event) {
  common::v1::ClockAdvanced advanced;
  if (event.payload().UnpackTo(&advanced)) {
    return SaveSetting(session, kRehearsalNow, SettingOf(FromTimestamp(advanced.to())));
  }
  if (event.payload().Is<common::v1::PeerRebuilt>()) return absl::OkStatus();
  return spec_.projector(session, event);
}

absl::Status Runtime::AfterCommit(Session& session, const CommitNotice& notice) {
  const int fatal_commit = absl::GetFlag(FLAGS_fault_kill_after_commits);
  if (fatal_commit > 0 && !notice.events.empty() && ++commits_ == fatal_commit) raise(SIGKILL);
  common::v1::ClockAdvanced advanced;
  for (const Event& event : notice.events) {
    if (frozen_ != nullptr && event.payload().UnpackTo(&advanced))
      frozen_->Set(FromTimestamp(advanced.to()));
  }
  RETURN_IF_ERROR(revocations_.Refresh(session, notice));
  return spec_.after_commit ? spec_.after_commit(session, notice) : absl::OkStatus();
}

absl::Status Runtime::Follow(Follower::Options peer) {
  peer.service = spec_.service;
  peer.journal = journal_.get();
  peer.database = database_.get();
  peer.metrics = metrics_.get();
  if (tls_) peer.credentials = tls_->channel();
  ASSIGN_OR_RETURN(peer.start, Follower::ReadKnown(*database_, peer.peer));
  peers_.push_back(std::move(peer));
  return absl::OkStatus();
}

void Runtime::Show(std::shared_ptr<prometheus::Collectable> collectable) {
  collectables_.push_back(std::move(collectable));
}

VerifyPlan Runtime::Plan() {
  VerifyPlan plan;
  plan.migrations = migrations_;
  plan.projector = [this](Session& session, const Event& event) { return Project(session, event); };
  plan.tables = spec_.tables;
  plan.free_settings.assign(kFreeSettings.begin(), kFreeSettings.end());
  if (frozen_ != nullptr) {
    // Until it is moved a rehearsal's time stands where it began, and with it the first event.
    plan.first_settings = [](Session& scratch, const Event& first) {
      return SaveSetting(scratch, kRehearsalNow, SettingOf(FromTimestamp(first.recorded_at())));
    };
  }
  for (const auto& follower : followers_) {
    plan.peers.push_back({follower->options().peer, follower->options().projector,
                          [&follower](int64_t after) { return follower->Read(after); }});
  }
  return plan;
}

absl::Status Runtime::Serve(std::vector<rpc::Service*> services) {
  RETURN_IF_ERROR(database_->Read([this](Session& session) { return revocations_.Load(session); }));
  journal_->WatchOthers();
  for (Follower::Options& peer : peers_) {
    followers_.push_back(std::make_unique<Follower>(std::move(peer)));
  }
  EventLogService event_log(environment_, {database_.get(), journal_.get(),
                                           absl::GetFlag(FLAGS_state), [this] { return Plan(); }});
  ClockService clock(environment_, *clock_, frozen_ != nullptr, *journal_);
  services.push_back(&event_log);
  services.push_back(&clock);

  const auto health = [this] {
    const absl::Status database = journal_->health();
    HealthReport report;
    report.serving = database.ok();
    report.parts.emplace_back("database", database.ok() ? "OK" : std::string(database.message()));
    for (const auto& follower : followers_) {
      report.parts.emplace_back(absl::StrCat("feed ", follower->options().peer),
                                follower->Health());
    }
    return report;
  };
  const std::string pages =
      Address(absl::GetFlag(FLAGS_metrics_listen), spec_.service, &Ports::http);
  if (!rpc::IsLoopback(pages)) {
    return Error(absl::StatusCode::kInvalidArgument, "NOT_LOOPBACK",
                 absl::StrCat("--metrics_listen=", pages,
                              " is beyond loopback, but these pages ask nobody who they are; "
                              "listen on 127.0.0.1 or ::1, behind a proxy that does"));
  }
  ASSIGN_OR_RETURN(
      auto server,
      rpc::Server::Start({Address(absl::GetFlag(FLAGS_listen), spec_.service, &Ports::grpc),
                          services, tls_ ? tls_->server() : nullptr, identifier_ != nullptr}));
  ASSIGN_OR_RETURN(auto http, HttpServer::Start({pages, collectables_, health}));
  server->SetServing(true);
  WriteReadyFile(absl::GetFlag(FLAGS_ready_file), server->port(), http->port());
  LogInfo("serving",
          {{"grpc", absl::StrCat(server->port())}, {"http", absl::StrCat(http->port())}});

  for (int64_t round = 1; !EndAsked(kHealthEvery); ++round) {
    // What a flood of connections and messages took is not kept: the allocator would.
    if (round % kTrimRounds == 0) malloc_trim(0);
    if (!journal_->health().ok()) journal_->Apply(Probe).IgnoreError();
    server->SetServing(journal_->health().ok());
  }
  LogInfo("draining");
  server->SetServing(false);
  event_log.Stop();
  server->Drain(absl::GetFlag(FLAGS_drain));
  RETURN_IF_ERROR(refusals_->Flush());
  // Calls and pages look at the followers: they end last.
  http.reset();
  followers_.clear();
  LogInfo("stopped");
  return absl::OkStatus();
}

int ExitCode(absl::string_view service, const absl::Status& status) {
  if (status.ok()) return 0;
  fprintf(stderr, "%s: %s\n", std::string(service).c_str(), std::string(status.message()).c_str());
  return 1;
}

}  // namespace minsheng::platform
