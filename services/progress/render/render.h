// The domain's words in the proto's.
#ifndef MINSHENG_SERVICES_PROGRESS_RENDER_RENDER_H_
#define MINSHENG_SERVICES_PROGRESS_RENDER_RENDER_H_

#include <string>

#include "absl/status/statusor.h"
#include "minsheng/progress/v1/progress.pb.h"
#include "services/progress/domain/reporting.h"
#include "services/progress/store/record.h"

namespace minsheng::progress {

v1::Light ToProto(Light light);
v1::ReportingState ToProto(ReportingState state);

// The judgement on a task as people see it, with its explanation and the status of its reports.
// Fails when the calendar has no data.
absl::StatusOr<v1::Assessment> RenderAssessment(const TaskRecord& record,
                                                const WorkingDays& working_days,
                                                absl::Time instant);

// What a task that goes on from another one takes over, as known at `instant`. `before` is last
// year's task; without it, when it is in no published list, the figures are what the link itself
// tells: the promises.
v1::Continuation RenderContinuation(const TaskRecord& record, const TaskRecord* before,
                                    absl::Time instant);

// In lowest terms, "-1/24".
std::string ExactText(const Ratio& ratio);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_RENDER_RENDER_H_
