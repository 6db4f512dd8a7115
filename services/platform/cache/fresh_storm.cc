// Slow fillers against writers of a FreshCache: no read that begins after an acknowledgement may be
// older than it.
//
//   fresh_storm 1000000 [--seed N] [--threads N]
//
// First so many interleavings step by step (filler: begin, read, put; writer: write, drop,
// acknowledge; a reader between any two), drawn from the seed; then so many of real threads. As a
// proof that it could see a stale read, the same steps are run with fillers that take their ticket
// late, which is how a cache without tickets behaves. Prints one JSON object; fails on a stale
// read, and when the late tickets gave none.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/platform/cache/fresh_cache.h"

namespace minsheng::platform {
namespace {

constexpr size_t kNames = 4;
constexpr int kPatienceMax = 1000;  // a slow filler's turns of waiting for a write

enum class Tickets { kEarly, kLate };

// A store of one number per name, its cache, and what was acknowledged.
class World {
 public:
  explicit World(Tickets tickets) : tickets_(tickets), cache_({"storm", 1 << 20, 64}, registry_) {
    for (size_t i = 0; i < kNames; ++i) names_[i] = absl::StrCat("tasks/", i);
  }

  FreshCache::Ticket Begin(size_t name) const { return cache_.Begin(names_[name]); }
  int64_t Read(size_t name) const { return store_[name].load(); }
  void Put(FreshCache::Ticket ticket, size_t name, int64_t version) {
    if (tickets_ == Tickets::kLate) ticket = Begin(name);
    cache_.Put(ticket, names_[name], absl::StrCat(version), {});
  }

  void Write(size_t name) { ++store_[name]; }
  void Drop(size_t name, bool all) { all ? cache_.DropAll() : cache_.Drop(names_[name]); }
  // Only the writer of a name acknowledges it.
  void Acknowledge(size_t name) { acknowledged_[name].store(store_[name].load()); }

  void Look(size_t name) {
    const int64_t least = acknowledged_[name].load();
    const auto answer = cache_.Get(names_[name], absl::UnixEpoch());
    int64_t version = 0;
    if (!answer || !absl::SimpleAtoi(answer->bytes(), &version)) return;
    ++hits_;
    if (version < least) ++stale_;
  }

  int64_t hits() const { return hits_; }
  int64_t stale() const { return stale_; }

 private:
  const Tickets tickets_;
  prometheus::Registry registry_;
  FreshCache cache_;
  std::array<std::string, kNames> names_;
  std::array<std::atomic<int64_t>, kNames> store_ = {};
  std::array<std::atomic<int64_t>, kNames> acknowledged_ = {};
  std::atomic<int64_t> hits_ = 0;
  std::atomic<int64_t> stale_ = 0;
};

// One filler and one writer of one name, in a random order of their steps.
void Interleave(World& world, std::mt19937_64& random) {
  const size_t name = random() % kNames;
  const bool all = random() % 16 == 0;
  FreshCache::Ticket ticket;
  int64_t read = 0;
  int filled = 0, written = 0;
  while (filled < 3 || written < 3) {
    const bool fill = written == 3 || (filled < 3 && random() % 2 == 0);
    switch (fill ? filled++ : 3 + written++) {
      case 0:
        ticket = world.Begin(name);
        break;
      case 1:
        read = world.Read(name);
        break;
      case 2:
        world.Put(ticket, name, read);
        break;
      case 3:
        world.Write(name);
        break;
      case 4:
        world.Drop(name, all);
        break;
      default:
        world.Acknowledge(name);
    }
    world.Look(name);
  }
}

void RunSteps(World& world, int64_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  for (int64_t i = 0; i < count; ++i) Interleave(world, random);
}

// A filler that waits, between reading and putting, for a write to come in between; half the time.
// True when one did.
bool FillSlowly(World& world, size_t name, bool wait) {
  const auto ticket = world.Begin(name);
  const int64_t read = world.Read(name);
  for (int i = 0; wait && i < kPatienceMax && world.Read(name) == read; ++i) {
    std::this_thread::yield();
  }
  const bool overtaken = world.Read(name) != read;
  world.Put(ticket, name, read);
  world.Look(name);
  return overtaken;
}

// Until `count` fills were overtaken by a write.
void RunThreads(World& world, int64_t count, int fillers, uint64_t seed) {
  std::atomic<int64_t> overtaken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < fillers; ++i) {
    threads.emplace_back([&world, &overtaken, count, random = std::mt19937_64(seed + i)]() mutable {
      while (overtaken < count) {
        const size_t name = random() % kNames;
        if (FillSlowly(world, name, random() % 2 == 0)) ++overtaken;
        world.Look(name);
      }
    });
  }
  std::mt19937_64 random(~seed);
  while (overtaken < count) {
    const size_t name = random() % kNames;
    world.Write(name);
    world.Drop(name, random() % 64 == 0);
    world.Acknowledge(name);
    world.Look(name);
    if (random() % 4 == 0) std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
}

int Main(int argc, char** argv) {
  CLI::App app("fresh_storm: slow fillers against writers of the near cache of answers");
  int64_t count = 100'000;
  uint64_t seed = std::random_device()();
  int threads = 3;
  app.add_option("count", count, "Interleavings, step by step and again of threads")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", seed, "What the orders are drawn from; random when absent");
  app.add_option("--threads", threads, "Filling threads")->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);

  const auto start = std::chrono::steady_clock::now();
  World steps(Tickets::kEarly), raced(Tickets::kEarly), late(Tickets::kLate);
  RunSteps(steps, count, seed);
  RunThreads(raced, count, threads, seed);
  RunSteps(late, std::min<int64_t>(count, 10'000), seed);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;

  std::printf(
      "{\"interleavings\":%lld,\"hits\":%lld,\"stale\":%lld,\"threaded_interleavings\":%lld,"
      "\"threaded_hits\":%lld,\"threaded_stale\":%lld,\"stale_without_tickets\":%lld,"
      "\"seed\":%llu,\"seconds\":%.2f}\n",
      static_cast<long long>(count), static_cast<long long>(steps.hits()),
      static_cast<long long>(steps.stale()), static_cast<long long>(count),
      static_cast<long long>(raced.hits()), static_cast<long long>(raced.stale()),
      static_cast<long long>(late.stale()), static_cast<unsigned long long>(seed), taken.count());
  const bool blew = steps.hits() > 0 && raced.hits() > 0 && late.stale() > 0;
  if (!blew) std::fprintf(stderr, "fresh_storm: the storm did not blow\n");
  return blew && steps.stale() == 0 && raced.stale() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace minsheng::platform

int main(int argc, char** argv) { return minsheng::platform::Main(argc, argv); }
