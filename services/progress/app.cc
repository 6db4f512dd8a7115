#include "services/progress/app.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <optional>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/file.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/cache/cache.h"
#include "services/platform/cache/fresh_cache.h"
#include "services/platform/clock/calendar.h"
#include "services/platform/runtime/runtime.h"
#include "services/progress/handler/handler.h"
#include "services/progress/migrations/migrations.h"
#include "services/progress/overview/overview.h"
#include "services/progress/store/project.h"

ABSL_FLAG(std::string, registry, "127.0.0.1:50051", "gRPC address of the registry");
ABSL_FLAG(std::string, calendar, "deploy/calendar/cn-holidays.csv",
          "holidays and make-up workdays: date,off|work,name");
ABSL_FLAG(std::string, redis, "", "Redis at host:port or unix:/path; empty: none");
ABSL_FLAG(int64_t, near_cache_bytes, 16 << 20,
          "size of each of the two caches in this process; 0: none");
ABSL_DECLARE_FLAG(std::string, state);

namespace minsheng::progress {
namespace {

using platform::Cache;
using platform::Runtime;
using platform::Session;

constexpr char kEpochSql[] = "SELECT value FROM settings WHERE name = 'cache_epoch'";

constexpr size_t kCacheKeyBytes = 64;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The key that cached answers are signed with: made when there is none, readable by the service
// alone.
absl::StatusOr<std::string> CacheKey() {
  const std::string path = absl::StrCat(absl::GetFlag(FLAGS_state), "/cache.key");
  std::string key = ReadFile(path);
  if (key.size() == kCacheKeyBytes) return key;
  key = platform::RandomId() + platform::RandomId();
  RETURN_IF_ERROR(platform::ReplaceFile(path, key, platform::Readers::kOwner));
  return key;
}

// The epoch that is part of every cached key; it grows when a write to Redis failed, or what is
// kept of the registry was rebuilt. It begins anew with every process: a database restored from a
// backup repeats the versions of another history, and must not find that history's answers.
class Epoch {
 public:
  explicit Epoch(Runtime& runtime) : runtime_(runtime) {}

  absl::Status Load() {
    return runtime_.database().Read([&](Session& session) -> absl::Status {
      const auto text = platform::QueryText(session, kEpochSql);
      int64_t value = 0;
      if (text.ok() && absl::SimpleAtoi(*text, &value)) value_ = value;
      return absl::IsNotFound(text.status()) ? absl::OkStatus() : text.status();
    });
  }
  int64_t value() const { return start_ + value_.load(); }
  void Bump() {
    const std::string next = absl::StrCat(++value_);
    runtime_.journal()
        .Apply([&](platform::Transaction& transaction) {
          return transaction.session.Execute(
              "INSERT INTO settings (name, value) VALUES ('cache_epoch', $1)"
              " ON CONFLICT (name) DO UPDATE SET value = $1",
              {next});
        })
        .IgnoreError();
  }

 private:
  // Below 2^62, far apart.
  static int64_t RandomStart() {
    int64_t start = 0;
    return absl::SimpleHexAtoi(platform::RandomId().substr(0, 15), &start) ? start : 0;
  }

  Runtime& runtime_;
  const int64_t start_ = RandomStart();
  std::atomic<int64_t> value_ = 0;
};

absl::StatusOr<Cache::Options> CacheOptions(Epoch& epoch, const Overview& overview) {
  Cache::Options options;
  options.service = "progress";
  options.redis = absl::GetFlag(FLAGS_redis);
  options.near_bytes_max = static_cast<size_t>(absl::GetFlag(FLAGS_near_cache_bytes));
  ASSIGN_OR_RETURN(options.hmac_key, CacheKey());
  options.epoch = [&] { return epoch.value() + (overview.rebuilds() << 20); };
  options.on_write_failed = [&] { epoch.Bump(); };
  return options;
}

absl::Status Run() {
  ASSIGN_OR_RETURN(const auto calendar, platform::Calendar::Load(absl::GetFlag(FLAGS_calendar)));
  const WorkingDays working_days = [&](absl::CivilDay day) { return calendar.IsWorkingDay(day); };

  std::shared_ptr<Overview> overview;
  std::optional<platform::FreshCache> answers;
  Runtime::Spec spec;
  spec.service = "progress";
  spec.migrations = Migrations();
  spec.projector = Project;
  spec.tables = ProjectedTables();
  spec.after_commit = [&](Session& session, const platform::CommitNotice& notice) {
    if (answers) DropAnswers(notice, *answers);
    return overview ? overview->Refresh(session, notice) : absl::OkStatus();
  };
  ASSIGN_OR_RETURN(auto runtime, Runtime::Open(std::move(spec)));

  platform::Follower::Options registry;
  registry.peer = "registry";
  registry.address = absl::GetFlag(FLAGS_registry);
  registry.projector = ProjectRegistry;
  registry.clear = ClearRegistry;
  RETURN_IF_ERROR(runtime->Follow(std::move(registry)));

  overview = std::make_shared<Overview>(runtime->clock(), working_days);
  RETURN_IF_ERROR(
      runtime->database().Read([&](Session& session) { return overview->Load(session); }));
  runtime->Show(overview);
  Epoch epoch(*runtime);
  RETURN_IF_ERROR(epoch.Load());
  ASSIGN_OR_RETURN(Cache::Options cache_options, CacheOptions(epoch, *overview));
  Cache cache(std::move(cache_options), runtime->metrics());

  platform::FreshCache::Options answers_options;
  answers_options.service = "progress";
  answers_options.bytes_max = static_cast<size_t>(absl::GetFlag(FLAGS_near_cache_bytes));
  answers.emplace(std::move(answers_options), runtime->metrics());

  Handler handler({runtime->database(), runtime->journal(), runtime->clock(), working_days,
                   *overview, cache, *answers});
  platform::rpc::Service service("minsheng.progress.v1.ProgressService", runtime->environment());
  handler.Bind(service);
  return runtime->Serve({&service});
}

}  // namespace

int Main(int argc, char** argv) {
  Runtime::Configure(argc, argv,
                     "minsheng-progress: monthly reports, lights, reporting status and counts.");
  return platform::ExitCode("minsheng-progress", Run());
}

}  // namespace minsheng::progress
