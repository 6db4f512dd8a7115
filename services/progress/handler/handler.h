// Progress's rpcs as plain functions: parse and check · one transaction that reads, decides, writes
// · render.
#ifndef MINSHENG_SERVICES_PROGRESS_HANDLER_HANDLER_H_
#define MINSHENG_SERVICES_PROGRESS_HANDLER_HANDLER_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "services/platform/cache/cache.h"
#include "services/platform/cache/fresh_cache.h"
#include "services/platform/clock/clock.h"
#include "services/platform/journal/journal.h"
#include "services/platform/rpc/service.h"
#include "services/progress/overview/overview.h"

namespace minsheng::progress {

// Thread-safe. What it is given outlives it. Error codes stand at each rpc in progress.proto.
class Handler {
 public:
  struct Parts {
    platform::Database& database;
    platform::Journal& journal;
    const platform::Clock& clock;
    WorkingDays working_days;
    Overview& overview;
    platform::Cache& cache;         // derived answers as of earlier instants
    platform::FreshCache& answers;  // GetAssessment's
  };
  explicit Handler(Parts parts) : parts_(std::move(parts)) {}

  // Binds every rpc; the handler outlives the service.
  void Bind(platform::rpc::Service& service);

 private:
  using Context = platform::CallContext;

  absl::StatusOr<v1::SubmitReportResponse> SubmitReport(const Context&,
                                                        const v1::SubmitReportRequest&);
  absl::StatusOr<v1::BatchSubmitReportsResponse> BatchSubmitReports(
      const Context&, const v1::BatchSubmitReportsRequest&);
  absl::StatusOr<v1::ReturnReportResponse> ReturnReport(const Context&,
                                                        const v1::ReturnReportRequest&);
  absl::StatusOr<v1::ExemptReportResponse> ExemptReport(const Context&,
                                                        const v1::ExemptReportRequest&);
  absl::StatusOr<v1::RecordJudgementResponse> RecordJudgement(const Context&,
                                                              const v1::RecordJudgementRequest&);
  absl::StatusOr<v1::GetReportResponse> GetReport(const Context&, const v1::GetReportRequest&);
  absl::StatusOr<v1::ListReportsResponse> ListReports(const Context&,
                                                      const v1::ListReportsRequest&);
  absl::StatusOr<v1::GetAssessmentResponse> GetAssessment(const Context&,
                                                          const v1::GetAssessmentRequest&);
  std::optional<std::string> GetAssessmentAtHand(platform::Scope,
                                                 const v1::GetAssessmentRequest&) const;
  absl::StatusOr<v1::GetContinuationResponse> GetContinuation(const Context&,
                                                              const v1::GetContinuationRequest&);
  absl::StatusOr<v1::ListAssessmentsResponse> ListAssessments(const Context&,
                                                              const v1::ListAssessmentsRequest&);
  absl::StatusOr<v1::SummarizeProgramResponse> SummarizeProgram(const Context&,
                                                                const v1::SummarizeProgramRequest&);

  // The instant that a request asks about: its as_of, or now. INVALID_ARGUMENT AS_OF_IN_FUTURE.
  template <typename Request>
  absl::StatusOr<absl::Time> InstantOf(const Request& request) const;
  absl::StatusOr<v1::Report> Accept(const Context& context, const v1::SubmitReportRequest& request,
                                    TaskRecord& record, absl::Time now) const;
  absl::StatusOr<v1::SummarizeProgramResponse> SummarizeAt(const Context& context,
                                                           const std::string& program,
                                                           absl::Time instant);

  const Parts parts_;
};

// What everybody may read of a judgement: without the list office's own one and the explanation,
// which may quote a unit's difficulties.
void LeaveOutInternal(const platform::CallContext& context, v1::Assessment& assessment);

// Drops the answers that a commit made old; before the commit is acknowledged.
void DropAnswers(const platform::CommitNotice& notice, platform::FreshCache& answers);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_HANDLER_HANDLER_H_
