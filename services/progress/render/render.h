// The domain's words in the proto's.
#ifndef MINSHENG_SERVICES_PROGRESS_RENDER_RENDER_H_
#define MINSHENG_SERVICES_PROGRESS_RENDER_RENDER_H_

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

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_RENDER_RENDER_H_
