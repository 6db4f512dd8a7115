#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/registry/domain/fields.h"
#include "services/registry/domain/plan.h"
#include "services/registry/handler/handler.h"
#include "services/registry/names.h"
#include "services/registry/store/store.h"

namespace minsheng::registry {

using platform::Error;
using platform::Fact;
using platform::Session;
using platform::Transaction;

namespace {

PlanDraft DraftOf(const v1::PlanRevision& revision) {
  PlanDraft draft;
  draft.starts_on = revision.starts_on();
  draft.due_on = revision.due_on();
  for (const v1::Milestone& milestone : revision.milestones()) {
    draft.milestones.push_back({milestone.due_on(), milestone.percent(), milestone.target()});
  }
  return draft;
}

absl::StatusOr<PlanBounds> BoundsOf(Session& session, const v1::Task& task) {
  const std::string name = ProgramOf(task.name());
  ASSIGN_OR_RETURN(const auto program, Get<v1::Program>(session, kind::kProgram, name));
  if (program.state() != v1::PROGRAM_STATE_PUBLISHED) {
    return Error(absl::StatusCode::kFailedPrecondition, "NOT_PUBLISHED",
                 absl::StrCat(name, " is a draft; plans are filed once it is published"));
  }
  PlanBounds bounds;
  for (const v1::Target& target : task.targets()) bounds.targets.insert(target.number());
  ASSIGN_OR_RETURN(bounds.first, ReadDay("issued_on", program.issued_on()));
  bounds.last = absl::CivilDay(YearOf(name), 12, 31);
  return bounds;
}

void SortByDay(v1::PlanRevision& revision) {
  std::stable_sort(
      revision.mutable_milestones()->begin(), revision.mutable_milestones()->end(),
      [](const v1::Milestone& a, const v1::Milestone& b) { return a.due_on() < b.due_on(); });
}

// The revision may be approved, given all of the task's revisions.
absl::Status CheckApproval(const v1::ApprovePlanRequest& request,
                           const std::vector<v1::PlanRevision>& revisions) {
  bool changes_baseline = false;
  for (const v1::PlanRevision& other : revisions) {
    if (other.state() != v1::PLAN_STATE_APPROVED) continue;
    if (other.name() == request.name()) {
      return Error(absl::StatusCode::kFailedPrecondition, "ALREADY_APPROVED",
                   absl::StrCat(request.name(), " is approved already"));
    }
    if (RevisionNumber(other.name()) > RevisionNumber(request.name())) {
      return Error(absl::StatusCode::kFailedPrecondition, "SUPERSEDED",
                   absl::StrCat(other.name(), " is approved, which is newer; file a new revision"));
    }
    changes_baseline = true;
  }
  if (!changes_baseline || !request.document_number().empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "DOCUMENT_NUMBER_NEEDED",
               "the baseline is changed: give the number of the document that allows it",
               {{"field", "document_number"}});
}

template <typename Event>
v1::PlanRevision RevisionOf(const platform::Committed& committed) {
  Event event;
  committed.events.front().payload().UnpackTo(&event);
  return event.revision();
}

}  // namespace

absl::StatusOr<v1::FilePlanResponse> Handler::FilePlan(const Context& context,
                                                       const v1::FilePlanRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kTaskPattern));

  ASSIGN_OR_RETURN(
      const auto committed,
      journal_.Write(
          OriginOf(context, request),
          [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
            Session& session = transaction.session;
            ASSIGN_OR_RETURN(const auto task, GetListedTask(session, request.parent()));
            RETURN_IF_ERROR(platform::RequireOwnUnit(context, task.name(), task.lead_units(),
                                                     task.cooperating_units(), platform::kToWrite));
            ASSIGN_OR_RETURN(const PlanBounds bounds, BoundsOf(session, task));
            RETURN_IF_ERROR(CheckPlan(DraftOf(request.revision()), bounds));
            ASSIGN_OR_RETURN(const auto known,
                             ListAll<v1::PlanRevision>(session, kind::kRevision, request.parent()));
            v1::PlanFiled fact;
            v1::PlanRevision& revision = *fact.mutable_revision();
            revision = request.revision();
            revision.set_name(absl::StrCat(request.parent(), "/revisions/", known.size() + 1));
            revision.set_state(v1::PLAN_STATE_FILED);
            revision.clear_document_number();
            revision.clear_approve_time();
            *revision.mutable_file_time() = platform::ToTimestamp(transaction.now);
            SortByDay(revision);
            std::vector<Fact> facts;
            facts.push_back(Fact::Of(request.parent(), std::move(fact)));
            return facts;
          }));

  v1::FilePlanResponse response;
  *response.mutable_revision() = RevisionOf<v1::PlanFiled>(committed);
  return response;
}

absl::StatusOr<v1::ApprovePlanResponse> Handler::ApprovePlan(
    const Context& context, const v1::ApprovePlanRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kRevisionPattern));

  ASSIGN_OR_RETURN(
      const auto committed,
      journal_.Write(OriginOf(context, request),
                     [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
                       Session& session = transaction.session;
                       ASSIGN_OR_RETURN(
                           auto revision,
                           Get<v1::PlanRevision>(session, kind::kRevision, request.name()));
                       const std::string task = TaskOf(request.name());
                       RETURN_IF_ERROR(GetListedTask(session, task).status());
                       ASSIGN_OR_RETURN(const auto known,
                                        ListAll<v1::PlanRevision>(session, kind::kRevision, task));
                       RETURN_IF_ERROR(CheckApproval(request, known));
                       revision.set_state(v1::PLAN_STATE_APPROVED);
                       revision.set_document_number(request.document_number());
                       *revision.mutable_approve_time() = platform::ToTimestamp(transaction.now);
                       v1::PlanApproved fact;
                       *fact.mutable_revision() = std::move(revision);
                       std::vector<Fact> facts;
                       facts.push_back(Fact::Of(task, std::move(fact)));
                       return facts;
                     }));

  v1::ApprovePlanResponse response;
  *response.mutable_revision() = RevisionOf<v1::PlanApproved>(committed);
  return response;
}

}  // namespace minsheng::registry
