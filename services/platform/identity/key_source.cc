#include "services/platform/identity/key_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/thread.h"
#include "services/platform/identity/http_get.h"
#include "services/platform/log/log.h"

namespace minsheng::platform {
namespace {

absl::Status Unreadable(const std::string& path, absl::string_view why) {
  return Error(absl::StatusCode::kUnavailable, "KEYS_UNREADABLE",
               absl::StrCat("cannot read the key set ", path, ": ", why));
}

// Reads a file again only when it is another one, or has changed.
class FileReader {
 public:
  explicit FileReader(std::string path) : path_(std::move(path)) {}

  absl::StatusOr<std::optional<std::string>> operator()() {
    const int fd = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Unreadable(path_, "it is not there, or not for this process");
    const absl::Cleanup close_it = [fd] { close(fd); };
    const Stamp stamp = StampOf(fd);
    if (stamp == last_) return std::nullopt;
    std::string text(KeySet::kJwksBytesMax + 1, '\0');
    size_t size = 0;
    ssize_t got = 1;
    while (got > 0 && size < text.size()) {
      got = read(fd, &text[size], text.size() - size);
      if (got < 0) return Unreadable(path_, "reading failed");
      size += static_cast<size_t>(got);
    }
    text.resize(size);
    // Written to while it was read: looked at again the next time.
    last_ = StampOf(fd) == stamp ? stamp : Stamp();
    return text;
  }

 private:
  using Stamp = std::tuple<dev_t, ino_t, off_t, int64_t, int64_t>;
  static Stamp StampOf(int fd) {
    struct stat about = {};
    if (fstat(fd, &about) != 0) return {};
    return {about.st_dev, about.st_ino, about.st_size,
            absl::ToUnixNanos(absl::TimeFromTimespec(about.st_mtim)),
            absl::ToUnixNanos(absl::TimeFromTimespec(about.st_ctim))};
  }

  const std::string path_;
  Stamp last_;
};

prometheus::Counter& Loads(const KeySource::Options& options, const char* result) {
  return prometheus::BuildCounter()
      .Name("minsheng_identity_key_loads_total")
      .Help("Key sets that were taken (ok), and looks for one that failed (error).")
      .Register(*options.metrics)
      .Add({{"service", options.service}, {"result", result}});
}

}  // namespace

KeySource::KeySource(Options options, bool url)
    : options_(std::move(options)),
      url_(url),
      count_(prometheus::BuildGauge()
                 .Name("minsheng_identity_keys")
                 .Help("Usable keys of the set that tokens are checked with.")
                 .Register(*options_.metrics)
                 .Add({{"service", options_.service}})),
      loaded_(Loads(options_, "ok")),
      failed_(Loads(options_, "error")) {
  if (!url_) {
    read_ = FileReader(options_.location);
    return;
  }
  read_ = [this]() -> absl::StatusOr<std::optional<std::string>> {
    ASSIGN_OR_RETURN(std::string text, HttpGet(options_.location, options_.ca_file,
                                               KeySet::kJwksBytesMax, stopping_));
    return text;
  };
}

absl::StatusOr<std::unique_ptr<KeySource>> KeySource::Open(Options options) {
  const bool url = absl::StrContains(options.location, "://");
  if (url && !MayBeAsked(options.location)) {
    return Error(absl::StatusCode::kInvalidArgument, "BAD_KEY_LOCATION",
                 "the key set's URL must be https, or http on 127.0.0.1, [::1] or localhost");
  }
  std::unique_ptr<KeySource> source(new KeySource(std::move(options), url));
  const absl::Status first = source->Load();
  source->Note(first);
  if (!url) RETURN_IF_ERROR(first);
  source->thread_ = std::thread([raw = source.get()] { raw->Run(); });
  return source;
}

KeySource::~KeySource() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const KeySet> KeySource::keys() const {
  std::lock_guard lock(mutex_);
  return keys_;
}

void KeySource::Missed() {
  if (!url_) return;  // a file is looked at every second anyway
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(missed_, true)) return;
  }
  wake_.notify_all();
}

absl::Status KeySource::Load() {
  ASSIGN_OR_RETURN(const std::optional<std::string> text, read_());
  // A file that is still what it was when it failed fails still.
  if (!text) return status_;
  return *text == text_ ? absl::OkStatus() : Take(*text);
}

absl::Status KeySource::Take(const std::string& jwks) {
  ASSIGN_OR_RETURN(KeySet set, KeySet::FromJwks(jwks));
  for (const std::string& why : set.left_out()) LogWarning("key left out", {{"why", why}});
  LogInfo("keys loaded", {{"keys", absl::StrCat(set.size())}});
  count_.Set(static_cast<double>(set.size()));
  {
    std::lock_guard lock(mutex_);
    keys_ = std::make_shared<KeySet>(std::move(set));
  }
  generation_.fetch_add(1, std::memory_order_release);
  text_ = jwks;
  loaded_.Increment();
  return absl::OkStatus();
}

void KeySource::Note(const absl::Status& status) {
  if (!status.ok()) failed_.Increment();
  if (status != status_ && !status.ok()) {
    LogWarning("keys not loaded", {{"why", std::string(status.message())}});
  }
  status_ = status;
}

// Until the next look is due; false when there is none. What an unknown key or a failure asks for
// waits for the pause as well, so that nobody can make this process ask all the time.
bool KeySource::Wait() {
  std::unique_lock lock(mutex_);
  const auto stops = [&] { return stopping_.load(); };
  if (!url_) {
    wake_.wait_for(lock, absl::ToChronoMilliseconds(options_.file_every), stops);
    return !stopping_;
  }
  wake_.wait_for(lock, absl::ToChronoMilliseconds(options_.url_pause), stops);
  if (status_.ok() && !stopping_) {
    const absl::Duration rest = options_.url_every - options_.url_pause;
    wake_.wait_for(lock, absl::ToChronoMilliseconds(std::max(rest, absl::ZeroDuration())),
                   [&] { return stopping_ || missed_; });
  }
  missed_ = false;
  return !stopping_;
}

void KeySource::Run() {
  NameThisThread("keys");
  while (Wait()) Note(Load());
}

}  // namespace minsheng::platform
