// Serves a journal's event log: reading with waiting, the head, verification, backup.
#ifndef MINSHENG_SERVICES_PLATFORM_FEED_EVENT_LOG_SERVICE_H_
#define MINSHENG_SERVICES_PLATFORM_FEED_EVENT_LOG_SERVICE_H_

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "minsheng/common/v1/event_log.pb.h"
#include "services/platform/journal/verify.h"
#include "services/platform/rpc/service.h"

namespace minsheng::platform {

// Thread-safe. The database and journal outlive it.
class EventLogService final : public rpc::Service {
 public:
  struct Options {
    Database* database = nullptr;
    Journal* journal = nullptr;
    std::string backup_folder;         // where a backup is prepared before it is sent
    std::function<VerifyPlan()> plan;  // without the anchor
  };
  EventLogService(const rpc::Environment& environment, Options options);
  ~EventLogService() override;

  // Answers every waiting reader with UNAVAILABLE and takes no more; before a drain.
  void Stop();

 private:
  using ReadAnswer = Answer<common::v1::ReadEventsResponse>;
  // A reader with nothing to read yet.
  struct Waiter {
    common::v1::ReadEventsRequest request;
    std::string district;  // whose events it is let to read
    absl::Time until;
    ReadAnswer answer;
  };

  void Read(const CallContext& context, const common::v1::ReadEventsRequest& request,
            ReadAnswer answer);
  absl::StatusOr<common::v1::ReadEventsResponse> ReadNow(
      const common::v1::ReadEventsRequest& request, const std::string& district);
  absl::StatusOr<common::v1::ListRefusalsResponse> ListRefusals(
      const CallContext& context, const common::v1::ListRefusalsRequest& request);
  absl::StatusOr<common::v1::GetLogHeadResponse> Head();
  absl::StatusOr<common::v1::VerifyLogResponse> Verify(const common::v1::VerifyLogRequest& request);
  absl::Status Backup(const std::function<absl::Status(common::v1::BackupResponse)>& write);
  void ServeWaiters();

  const Options options_;
  const std::string service_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Waiter> waiters_;
  bool woken_ = false;
  bool stopping_ = false;
  std::shared_ptr<void> subscription_;
  std::thread thread_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_FEED_EVENT_LOG_SERVICE_H_
