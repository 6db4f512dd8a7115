// GetAssessment, by far the most frequent read: its answers are held.
//
// An answer is held without its as_of, which each reader gets anew, and until the instant at which
// it would differ by itself. One that some fact recorded after its instant would change (the
// clocks of two machines differ) is not held, for that fact will count without another event.
#include <algorithm>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/progress/handler/handler.h"
#include "services/progress/handler/instant.h"
#include "services/progress/names.h"
#include "services/progress/render/render.h"

namespace minsheng::progress {

using platform::Session;

namespace {

// The recorded_at of the newest fact that counts for a task.
absl::StatusOr<absl::Time> NewestFact(Session& session, const std::string& task) {
  ASSIGN_OR_RETURN(
      const int64_t micros,
      platform::QueryInt(
          session,
          "SELECT MAX(newest) FROM ("
          " SELECT MAX(recorded_at) AS newest FROM registry_versions"
          "  WHERE program = $1 AND (task = '' OR task = $2)"
          " UNION ALL SELECT MAX(recorded_at) FROM reports WHERE program = $1 AND task = $2"
          " UNION ALL SELECT MAX(recorded_at) FROM report_returns WHERE program = $1 AND task = $2"
          " UNION ALL SELECT MAX(recorded_at) FROM exemptions WHERE program = $1 AND task = $2"
          " UNION ALL SELECT MAX(recorded_at) FROM judgements WHERE program = $1 AND task = $2"
          ") AS facts",
          {ProgramOf(task), task}));
  return platform::FromMicros(micros);
}

std::string WithoutAsOf(v1::Assessment assessment) {
  assessment.clear_as_of();
  return platform::DeterministicBytes(assessment);
}

// The bytes of a response that holds the assessment with this as_of.
std::string ResponseBytes(absl::string_view assessment, absl::Time as_of) {
  using google::protobuf::internal::WireFormatLite;
  constexpr size_t kHeadBytesMax = 16;
  v1::Assessment stamp;
  *stamp.mutable_as_of() = platform::ToTimestamp(as_of);
  const std::string tail = stamp.SerializeAsString();
  uint8_t head[kHeadBytesMax];
  uint8_t* end = WireFormatLite::WriteTagToArray(v1::GetAssessmentResponse::kAssessmentFieldNumber,
                                                 WireFormatLite::WIRETYPE_LENGTH_DELIMITED, head);
  end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(
      static_cast<uint32_t>(assessment.size() + tail.size()), end);
  return absl::StrCat(
      absl::string_view(reinterpret_cast<const char*>(head), static_cast<size_t>(end - head)),
      assessment, tail);
}

}  // namespace

absl::StatusOr<v1::GetAssessmentResponse> Handler::GetAssessment(
    const Context& context, const v1::GetAssessmentRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kTaskPattern));
  const auto ticket = parts_.answers.Begin(request.name());
  ASSIGN_OR_RETURN(const absl::Time instant, InstantOf(request));
  v1::GetAssessmentResponse response;
  absl::Time newest = absl::InfiniteFuture();
  RETURN_IF_ERROR(parts_.database.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const TaskRecord record, LoadTask(session, request.name(), instant));
    ASSIGN_OR_RETURN(*response.mutable_assessment(),
                     RenderAssessment(record, parts_.working_days, instant));
    if (request.has_as_of()) return absl::OkStatus();
    ASSIGN_OR_RETURN(newest, NewestFact(session, request.name()));
    return absl::OkStatus();
  }));
  if (context.scope != platform::Scope::kDistrict) {
    LeaveOutInternal(context, *response.mutable_assessment());
    return response;
  }
  if (newest > instant) return response;

  const v1::Assessment& assessment = response.assessment();
  platform::FreshCache::Validity validity{instant, absl::InfiniteFuture()};
  if (assessment.has_valid_until()) {
    validity.until = platform::FromTimestamp(assessment.valid_until());
  }
  parts_.answers.Put(ticket, request.name(), WithoutAsOf(assessment), validity);
  return response;
}

std::optional<std::string> Handler::GetAssessmentAtHand(
    platform::Scope scope, const v1::GetAssessmentRequest& request) const {
  if (scope != platform::Scope::kDistrict) return std::nullopt;
  if (request.has_as_of()) return std::nullopt;
  const absl::Time now = parts_.clock.Now();
  const auto held = parts_.answers.Get(request.name(), now);
  if (!held) return std::nullopt;
  return ResponseBytes(held->bytes(), now);
}

void LeaveOutInternal(const platform::CallContext& context, v1::Assessment& assessment) {
  if (context.scope != platform::Scope::kPublished) return;
  assessment.clear_judgement();
  assessment.clear_explanation();
}

// A task's own events, and the registry's on it, name it; what else there is (a program published,
// the time moved, what is known of the registry rebuilt) drops everything.
void DropAnswers(const platform::CommitNotice& notice, platform::FreshCache& answers) {
  const auto drop = [&answers](const platform::Event& event) {
    const std::string task = TaskOf(event.subject());
    const bool of_task = CheckName("subject", task, kTaskPattern).ok();
    of_task ? answers.Drop(task) : answers.DropAll();
  };
  for (const platform::Event& event : notice.events) drop(event);
  for (const platform::Event& event : notice.peer_events) drop(event);
}

}  // namespace minsheng::progress
