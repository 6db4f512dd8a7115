#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "absl/time/clock.h"
#include "minsheng/registry/v1/registry.pb.h"
#include "services/platform/base/error.h"
#include "services/platform/rpc/executor.h"
#include "services/platform/rpc/limits.h"
#include "services/platform/rpc/listener.h"
#include "services/platform/rpc/page.h"
#include "services/platform/rpc/percent.h"
#include "services/platform/rpc/resource_name.h"
#include "services/platform/rpc/server.h"
#include "services/platform/rpc/status.h"

namespace minsheng::platform::rpc {
namespace {

using registry::v1::ListTasksRequest;
using registry::v1::UpdateTaskRequest;

constexpr absl::string_view kPattern = "districts/######/programs/####/projects/*";

TEST(CheckName, TakesWhatFitsThePattern) {
  EXPECT_TRUE(
      CheckName("name", "districts/500156/programs/2024/projects/municipal-01", kPattern).ok());
  for (const char* name :
       {"", "districts/50015/programs/2024/projects/x", "districts/500156/programs/2024/projects/",
        "districts/500156/programs/20x4/projects/x", "districts/500156/programs/2024/projects/x/y",
        "Districts/500156/programs/2024/projects/x"}) {
    EXPECT_EQ(ReasonOf(CheckName("name", name, kPattern)), "BAD_NAME") << name;
  }
}

TEST(ResourceName, IsTakenApart) {
  EXPECT_EQ(LeadingParts("a/1/b/2", 2), "a/1");
  EXPECT_EQ(LeadingParts("a/1", 8), "a/1");
  EXPECT_EQ(LastPart("a/1/b/区交通局"), "区交通局");
  EXPECT_EQ(LastNumber("a/12"), 12);
  EXPECT_EQ(LastNumber("a/x"), 0);
}

TEST(Page, TokenIsBoundToTheFilter) {
  ListTasksRequest request;
  request.set_parent("p");
  request.set_page_token(NextPageToken(request, "7/x"));
  request.set_page_size(5);
  const auto page = ReadPage(request);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->after, "7/x");
  EXPECT_EQ(page->size, 5);
  request.set_group("municipal");
  EXPECT_EQ(ReasonOf(ReadPage(request).status()), "BAD_PAGE_TOKEN");
  request.set_page_token("rubbish");
  EXPECT_EQ(ReasonOf(ReadPage(request).status()), "BAD_PAGE_TOKEN");
}

TEST(Page, SizeIsBounded) {
  ListTasksRequest request;
  EXPECT_EQ(ReadPage(request)->size, kPageSizeDefault);
  request.set_page_size(1 << 20);
  EXPECT_EQ(ReadPage(request)->size, kPageSizeMax);
  request.set_page_size(-1);
  EXPECT_EQ(ReasonOf(ReadPage(request).status()), "BAD_PAGE_SIZE");
}

TEST(CheckLimits, NamesTheFieldThatIsTooLong) {
  UpdateTaskRequest request;
  request.mutable_task()->add_targets()->set_note(std::string(kTextBytesMax, 'x'));
  EXPECT_TRUE(CheckLimits(request).ok());
  request.mutable_task()->add_targets()->set_note(std::string(kTextBytesMax + 1, 'x'));
  const absl::Status status = CheckLimits(request);
  EXPECT_EQ(ReasonOf(status), "FIELD_TOO_LONG");
  EXPECT_EQ(MetadataOf(status).at("field"), "task.targets[1].note");
}

TEST(CheckLimits, BoundsLists) {
  UpdateTaskRequest request;
  for (int i = 0; i <= kRepeatedMax; ++i) request.mutable_update_mask()->add_paths("x");
  EXPECT_EQ(ReasonOf(CheckLimits(request)), "TOO_MANY_ITEMS");
}

TEST(RequestLimits, SkipsOnlyWhatCannotBeOutOfBounds) {
  const RequestLimits no_enums(ListTasksRequest::descriptor());
  ListTasksRequest list;
  list.set_parent(std::string(kTextBytesMax, 'x'));
  EXPECT_TRUE(no_enums.Check(list, Policy::kRequestBytesDefault).ok());
  list.set_parent(std::string(kTextBytesMax + 1, 'x'));
  EXPECT_EQ(ReasonOf(no_enums.Check(list, Policy::kRequestBytesDefault)), "FIELD_TOO_LONG");

  const RequestLimits with_enums(UpdateTaskRequest::descriptor());
  UpdateTaskRequest update;
  update.mutable_task()->add_targets();
  EXPECT_TRUE(with_enums.Check(update, Policy::kRequestBytesDefault).ok());
  update.mutable_task()->mutable_targets(0)->set_kind(static_cast<registry::v1::TargetKind>(99));
  EXPECT_EQ(ReasonOf(with_enums.Check(update, Policy::kRequestBytesDefault)), "UNKNOWN_VALUE");
}

TEST(Status, ReasonAndMetadataTravel) {
  const absl::Status status =
      Error(absl::StatusCode::kAborted, "STALE_ETAG", "changed", {{"etag", "abc"}});
  const absl::Status back = FromGrpc(ToGrpc(status, "registry.minsheng"));
  EXPECT_EQ(back.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(back), "STALE_ETAG");
  EXPECT_EQ(MetadataOf(back).at("etag"), "abc");
}

TEST(Percent, RoundTripsAndToleratesRubbish) {
  EXPECT_EQ(PercentDecode(PercentEncode("区交通局 100%/x")), "区交通局 100%/x");
  EXPECT_EQ(PercentDecode("%"), "%");
  EXPECT_EQ(PercentDecode("%4"), "%4");
  EXPECT_EQ(PercentDecode("%zz%41"), "%zzA");
}

TEST(IsLoopback, KnowsWhatStaysOnTheMachine) {
  for (const char* address : {"127.0.0.1:0", "[::1]:50051", "localhost:1", "unix:/tmp/x"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address :
       {"0.0.0.0:0", "[::]:1", "10.0.0.1:1", "127x:1", "127.example.org:1", ""}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

int ConnectTo(int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(port));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof(where));
  return fd;
}

// Closed by the other side, whether it was taken before or not.
void WaitClosed(int fd) {
  char byte = 0;
  while (read(fd, &byte, 1) > 0) {
  }
  close(fd);
}

TEST(ListenerTest, OneOriginOpensSoManyAndAfterAWhileMore) {
  std::atomic<int> taken = 0;
  auto listener = Listener::Open("127.0.0.1:0");
  ASSERT_TRUE(listener.ok()) << listener.status();
  const absl::Time begin = absl::Now();
  (*listener)->Start([&](int fd) {
    ++taken;
    close(fd);
  });
  constexpr int kBurst = Listener::kNewConnections.burst;
  for (int i = 0; i < 2 * kBurst; ++i) WaitClosed(ConnectTo((*listener)->port()));
  const int first = taken;
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  EXPECT_GE(first, kBurst);
  EXPECT_LE(first, kBurst + 1 + seconds * Listener::kNewConnections.calls_per_second);
  absl::SleepFor(absl::Milliseconds(50));
  WaitClosed(ConnectTo((*listener)->port()));
  EXPECT_EQ(taken, first + 1);
}

TEST(ExecutorTest, AQueueThatStandsRefusesEarly) {
  std::promise<void> open;
  const std::shared_future<void> gate = open.get_future().share();
  Executor executor(1);
  ASSERT_TRUE(executor.Run([gate] { gate.wait(); }));
  while (executor.load().busy == 0 || executor.load().queued > 0) std::this_thread::yield();
  ASSERT_TRUE(executor.Run([] {}));
  EXPECT_TRUE(executor.Run([] {}));
  absl::SleepFor(Executor::kWaitMax + absl::Milliseconds(1));
  EXPECT_FALSE(executor.Run([] {}));
  open.set_value();
  while (executor.load().queued > 0) std::this_thread::yield();
  EXPECT_TRUE(executor.Run([] {}));
}

}  // namespace
}  // namespace minsheng::platform::rpc
