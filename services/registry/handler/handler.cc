#include "services/registry/handler/handler.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/rpc/page.h"
#include "services/registry/names.h"
#include "services/registry/store/store.h"

namespace minsheng::registry {

using platform::Error;
using platform::Fact;
using platform::Session;
using platform::Transaction;
namespace rpc = platform::rpc;

namespace {

std::optional<absl::Time> AsOf(bool given, const google::protobuf::Timestamp& stamp) {
  if (!given) return std::nullopt;
  return platform::FromTimestamp(stamp);
}

// Callers that are let in for what is published see no draft: as if it were not there. Asked before
// anything else is looked for, so that the answer is the same whether there is one or nothing.
absl::Status RequireVisible(Session& session, const platform::CallContext& context,
                            const std::string& name,
                            std::optional<absl::Time> as_of = std::nullopt) {
  if (context.scope != platform::Scope::kPublished) return absl::OkStatus();
  const auto program = Get<v1::Program>(session, kind::kProgram, ProgramOf(name), as_of);
  if (program.ok() && program->state() == v1::PROGRAM_STATE_PUBLISHED) return absl::OkStatus();
  if (!program.ok() && !absl::IsNotFound(program.status())) return program.status();
  return Error(absl::StatusCode::kNotFound, "NOT_FOUND", absl::StrCat("there is no ", name),
               {{"name", name}});
}

// What everybody may read of a task: without columns of the file that nobody vouches for, notes on
// what is unclear, the link to last year's list, which may be a draft (GetContinuation tells it
// when it is none), and the etag, a hash by which what is left out could be guessed.
void LeaveOutInternal(const platform::CallContext& context, v1::Task& task) {
  if (context.scope != platform::Scope::kPublished) return;
  task.clear_attributes();
  task.clear_source_row();
  task.clear_continues();
  task.clear_corrections();
  task.clear_etag();
  for (v1::Target& target : *task.mutable_targets()) target.clear_note();
}

// Likewise: its etag is a hash of its tasks' etags as well.
void LeaveOutInternal(const platform::CallContext& context, v1::Program& program) {
  if (context.scope == platform::Scope::kPublished) program.clear_etag();
}

// Everything of a listing.
struct All {
  template <typename Resource>
  bool operator()(const Resource&) const {
    return true;
  }
};

// Fills one page of a list response with what the caller may see (`keep`): `add` gives the place of
// the next resource. What is left out shows nowhere, not in the page token either. `visible` says
// whether anything of the listing may be seen at all.
template <typename Response, typename Add, typename Keep = All>
absl::StatusOr<Response> ListPage(
    platform::Database& database, const platform::CallContext& context,
    const google::protobuf::Message& request, Listing listing, Add add, Keep keep = {},
    absl::FunctionRef<absl::Status(Session&)> visible = [](Session&) { return absl::OkStatus(); }) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(request));
  listing.after = page.after;
  listing.limit = page.size + 1;
  Response response;
  RETURN_IF_ERROR(database.Read(context.deadline, [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(visible(session));
    std::string last;  // that was kept
    for (int kept = 0;;) {
      ASSIGN_OR_RETURN(const auto bodies, ListBodies(session, listing));
      for (const Body& body : bodies) {
        std::decay_t<decltype(*add(response))> resource;
        if (!resource.ParseFromString(body.bytes)) return absl::DataLossError("unreadable");
        if (!keep(resource)) continue;
        if (kept == page.size) {
          response.set_next_page_token(rpc::NextPageToken(request, last));
          return absl::OkStatus();
        }
        *add(response) = std::move(resource);
        last = body.cursor;
        ++kept;
      }
      if (std::ssize(bodies) < listing.limit) return absl::OkStatus();
      listing.after = bodies.back().cursor;
    }
  }));
  return response;
}

Listing Under(const char* kind, std::string parent) {
  Listing listing;
  listing.kind = kind;
  listing.parent = std::move(parent);
  return listing;
}

absl::Status CheckDistrict(const v1::District& district) {
  RETURN_IF_ERROR(CheckName("district.name", district.name(), kDistrictPattern));
  if (!district.title().empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_MISSING",
               "district.title is empty; give the district's name, e.g. 武隆区",
               {{"field", "district.title"}});
}

}  // namespace

std::string EtagOf(const v1::Task& task) {
  if (task.etag().empty()) {
    return absl::BytesToHexString(platform::RequestHash(task).substr(0, 8));
  }
  v1::Task plain = task;
  plain.clear_etag();
  return EtagOf(plain);
}

std::string EtagOf(v1::Program program, const std::vector<absl::string_view>& task_etags) {
  program.clear_etag();
  platform::Hasher hasher;
  hasher.Add(platform::DeterministicBytes(program));
  for (const absl::string_view etag : task_etags) hasher.Add(etag);
  return absl::BytesToHexString(hasher.Finish().substr(0, 8));
}

absl::Status CheckEtag(absl::string_view name, absl::string_view given, absl::string_view current) {
  if (given == current) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, "STALE_ETAG",
               absl::StrCat(name,
                            " has changed since it was read, or no etag was given; read it again "
                            "and decide anew"),
               {{"etag", current}, {"name", name}});
}

absl::StatusOr<v1::CreateDistrictResponse> Handler::CreateDistrict(
    const Context& context, const v1::CreateDistrictRequest& request) {
  RETURN_IF_ERROR(CheckDistrict(request.district()));

  const auto committed = journal_.Write(
      OriginOf(context, request),
      [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
        std::vector<Fact> facts;
        const auto known =
            Get<v1::District>(transaction.session, kind::kDistrict, request.district().name());
        if (known.ok() && known->title() == request.district().title()) return facts;
        if (known.ok()) {
          return Error(absl::StatusCode::kAlreadyExists, "DISTRICT_EXISTS",
                       absl::StrCat(known->name(), " is ", known->title(), " already"));
        }
        v1::DistrictCreated fact;
        *fact.mutable_district() = request.district();
        facts.push_back(Fact::Of(request.district().name(), std::move(fact)));
        return facts;
      });
  RETURN_IF_ERROR(committed.status());

  v1::CreateDistrictResponse response;
  *response.mutable_district() = request.district();
  return response;
}

absl::StatusOr<v1::ListDistrictsResponse> Handler::ListDistricts(
    const Context& context, const v1::ListDistrictsRequest& request) {
  return ListPage<v1::ListDistrictsResponse>(
      database_, context, request, Under(kind::kDistrict, ""),
      [](auto& response) { return response.add_districts(); },
      [&](const v1::District& district) { return platform::InDistrict(context, district.name()); });
}

absl::StatusOr<v1::PublishProgramResponse> Handler::PublishProgram(
    const Context& context, const v1::PublishProgramRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kProgramPattern));

  ASSIGN_OR_RETURN(
      const auto committed,
      journal_.Write(OriginOf(context, request),
                     [&](Transaction& transaction) -> absl::StatusOr<std::vector<Fact>> {
                       Session& session = transaction.session;
                       ASSIGN_OR_RETURN(auto program,
                                        Get<v1::Program>(session, kind::kProgram, request.name()));
                       RETURN_IF_ERROR(CheckEtag(program.name(), request.etag(), program.etag()));
                       if (program.state() == v1::PROGRAM_STATE_PUBLISHED) {
                         return Error(absl::StatusCode::kFailedPrecondition, "ALREADY_PUBLISHED",
                                      absl::StrCat(program.name(), " is published already"));
                       }
                       ASSIGN_OR_RETURN(const auto tasks,
                                        ListAll<v1::Task>(session, kind::kTask, program.name()));
                       program.set_state(v1::PROGRAM_STATE_PUBLISHED);
                       *program.mutable_publish_time() = platform::ToTimestamp(transaction.now);
                       program.set_etag(EtagOf(program, EtagsOf(tasks)));
                       v1::ProgramPublished fact;
                       *fact.mutable_program() = program;
                       std::vector<Fact> facts;
                       facts.push_back(Fact::Of(program.name(), std::move(fact)));
                       return facts;
                     }));

  v1::ProgramPublished published;
  committed.events.front().payload().UnpackTo(&published);
  v1::PublishProgramResponse response;
  *response.mutable_program() = published.program();
  return response;
}

absl::StatusOr<v1::GetProgramResponse> Handler::GetProgram(const Context& context,
                                                           const v1::GetProgramRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kProgramPattern));
  v1::GetProgramResponse response;
  RETURN_IF_ERROR(database_.Read(context.deadline, [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(RequireVisible(session, context, request.name(),
                                   AsOf(request.has_as_of(), request.as_of())));
    ASSIGN_OR_RETURN(*response.mutable_program(),
                     Get<v1::Program>(session, kind::kProgram, request.name(),
                                      AsOf(request.has_as_of(), request.as_of())));
    return absl::OkStatus();
  }));
  LeaveOutInternal(context, *response.mutable_program());
  return response;
}

absl::StatusOr<v1::ListProgramsResponse> Handler::ListPrograms(
    const Context& context, const v1::ListProgramsRequest& request) {
  const bool any = request.parent() == "districts/-";
  if (!any) RETURN_IF_ERROR(CheckName("parent", request.parent(), kDistrictPattern));
  const auto visible = [&](const v1::Program& program) {
    return platform::InDistrict(context, program.name()) &&
           (context.scope != platform::Scope::kPublished ||
            program.state() == v1::PROGRAM_STATE_PUBLISHED);
  };
  ASSIGN_OR_RETURN(auto response, ListPage<v1::ListProgramsResponse>(
                                      database_, context, request,
                                      Under(kind::kProgram, any ? "-" : request.parent()),
                                      [](auto& page) { return page.add_programs(); }, visible));
  for (v1::Program& program : *response.mutable_programs()) LeaveOutInternal(context, program);
  return response;
}

absl::StatusOr<v1::ListProjectsResponse> Handler::ListProjects(
    const Context& context, const v1::ListProjectsRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kProgramPattern));
  return ListPage<v1::ListProjectsResponse>(
      database_, context, request, Under(kind::kProject, request.parent()),
      [](auto& response) { return response.add_projects(); }, All(),
      [&](Session& session) { return RequireVisible(session, context, request.parent()); });
}

absl::StatusOr<v1::ListUnitsResponse> Handler::ListUnits(const Context& context,
                                                         const v1::ListUnitsRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kDistrictPattern));
  return ListPage<v1::ListUnitsResponse>(database_, context, request,
                                         Under(kind::kUnit, request.parent()),
                                         [](auto& response) { return response.add_units(); });
}

absl::StatusOr<v1::GetTaskResponse> Handler::GetTask(const Context& context,
                                                     const v1::GetTaskRequest& request) {
  RETURN_IF_ERROR(CheckName("name", request.name(), kTaskPattern));
  const auto ticket = answers_.Begin(request.name());
  v1::GetTaskResponse response;
  RETURN_IF_ERROR(database_.Read(context.deadline, [&](Session& session) -> absl::Status {
    RETURN_IF_ERROR(RequireVisible(session, context, request.name(),
                                   AsOf(request.has_as_of(), request.as_of())));
    ASSIGN_OR_RETURN(*response.mutable_task(),
                     Get<v1::Task>(session, kind::kTask, request.name(),
                                   AsOf(request.has_as_of(), request.as_of())));
    return absl::OkStatus();
  }));
  if (context.scope != platform::Scope::kDistrict) {
    LeaveOutInternal(context, *response.mutable_task());
    return response;
  }
  if (!request.has_as_of()) {
    answers_.Put(ticket, request.name(), platform::DeterministicBytes(response), {});
  }
  return response;
}

std::optional<std::string> Handler::GetTaskAtHand(platform::Scope scope,
                                                  const v1::GetTaskRequest& request) {
  if (request.has_as_of() || scope != platform::Scope::kDistrict) return std::nullopt;
  const auto answer = answers_.Get(request.name(), absl::Now());
  if (!answer) return std::nullopt;
  return std::string(answer->bytes());
}

absl::StatusOr<v1::ListTasksResponse> Handler::ListTasks(const Context& context,
                                                         const v1::ListTasksRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kProgramPattern));
  Listing listing = Under(kind::kTask, request.parent());
  listing.lead_unit = request.lead_unit();
  listing.unit = request.unit();
  listing.group = request.group();
  ASSIGN_OR_RETURN(
      auto response,
      ListPage<v1::ListTasksResponse>(
          database_, context, request, listing, [](auto& page) { return page.add_tasks(); }, All(),
          [&](Session& session) { return RequireVisible(session, context, request.parent()); }));
  for (v1::Task& task : *response.mutable_tasks()) LeaveOutInternal(context, task);
  RETURN_IF_ERROR(database_.Read(context.deadline, [&](Session& session) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t total, CountBodies(session, listing));
    response.set_total_size(static_cast<int32_t>(total));
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<v1::ListPlanRevisionsResponse> Handler::ListPlanRevisions(
    const Context& context, const v1::ListPlanRevisionsRequest& request) {
  RETURN_IF_ERROR(CheckName("parent", request.parent(), kTaskPattern));
  return ListPage<v1::ListPlanRevisionsResponse>(
      database_, context, request, Under(kind::kRevision, request.parent()),
      [](auto& response) { return response.add_revisions(); }, All(),
      [&](Session& session) -> absl::Status {
        if (context.scope == platform::Scope::kDistrict) return absl::OkStatus();
        ASSIGN_OR_RETURN(const auto task, Get<v1::Task>(session, kind::kTask, request.parent()));
        return platform::RequireOwnUnit(context, task.name(), task.lead_units(),
                                        task.cooperating_units(), platform::kToRead);
      });
}

// A task's own events name it; what else there is (an import, a new unit) drops everything.
void DropAnswers(const platform::CommitNotice& notice, platform::FreshCache& answers) {
  for (const auto* events : {&notice.events, &notice.peer_events}) {
    for (const platform::Event& event : *events) {
      const std::string task = TaskOf(event.subject());
      if (!CheckName("subject", task, kTaskPattern).ok()) return answers.DropAll();
      answers.Drop(task);
    }
  }
}

void Handler::Bind(rpc::Service& service) {
  const auto bind = [&service, this]<typename Request, typename Response>(
                        const char* name, absl::StatusOr<Response> (Handler::*method)(
                                              const Context&, const Request&)) {
    service.Unary<Request, Response>(
        name, rpc::kPooled, [this, method](const Context& context, const Request& request) {
          return (this->*method)(context, request);
        });
  };
  service.Unary<v1::GetTaskRequest, v1::GetTaskResponse>(
      "GetTask", rpc::kPooled,
      [this](const Context& context, const v1::GetTaskRequest& request) {
        return GetTask(context, request);
      },
      [this](platform::Scope scope, const v1::GetTaskRequest& request) {
        return GetTaskAtHand(scope, request);
      });
  bind("GetProgram", &Handler::GetProgram);
  bind("ListDistricts", &Handler::ListDistricts);
  bind("ListPrograms", &Handler::ListPrograms);
  bind("ListProjects", &Handler::ListProjects);
  bind("ListTasks", &Handler::ListTasks);
  bind("ListUnits", &Handler::ListUnits);
  bind("ListPlanRevisions", &Handler::ListPlanRevisions);
  bind("CreateDistrict", &Handler::CreateDistrict);
  bind("ImportProgram", &Handler::ImportProgram);
  bind("PublishProgram", &Handler::PublishProgram);
  bind("UpdateTask", &Handler::UpdateTask);
  bind("FilePlan", &Handler::FilePlan);
  bind("ApprovePlan", &Handler::ApprovePlan);
}

}  // namespace minsheng::registry
