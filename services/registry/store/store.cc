#include "services/registry/store/store.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/platform/base/error.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"
#include "services/platform/base/time.h"
#include "services/platform/identity/revocations.h"
#include "services/registry/names.h"

namespace minsheng::registry {

using platform::Blob;
using platform::DeterministicBytes;
using platform::Error;
using platform::Event;
using platform::Row;
using platform::Session;
using platform::ToMicros;

namespace {

// Writes versions of resources on behalf of one event.
class Putter {
 public:
  Putter(Session& session, const Event& event)
      : session_(session),
        position_(event.position()),
        recorded_at_(ToMicros(platform::FromTimestamp(event.recorded_at()))) {}

  absl::Status Put(const char* kind, const std::string& name, const std::string& parent,
                   int64_t ordinal, const google::protobuf::Message& message) {
    return Put({kind, name, parent, ordinal}, DeterministicBytes(message));
  }

  absl::Status PutTask(const v1::Task& task) {
    const std::vector<absl::string_view> leads(task.lead_units().begin(), task.lead_units().end());
    std::vector<absl::string_view> all = leads;
    all.insert(all.end(), task.cooperating_units().begin(), task.cooperating_units().end());
    return Put({kind::kTask, task.name(), ProgramOf(task.name()), task.ordinal(), task.removed(),
                UnitsText(leads), UnitsText(all)},
               DeterministicBytes(task));
  }

  absl::Status PutProgram(const v1::Program& program) {
    return Put(kind::kProgram, program.name(), DistrictOf(program.name()), 0, program);
  }

  // The program's projects that this event did not put are no longer in its list.
  absl::Status RemoveOtherProjects(const std::string& program) {
    return session_.Execute(
        "UPDATE resources SET removed = 1 WHERE kind = $1 AND parent = $2 AND position < $3",
        {absl::string_view(kind::kProject), program, position_});
  }

  absl::Status PutRevision(const v1::PlanRevision& revision) {
    return Put(kind::kRevision, revision.name(), TaskOf(revision.name()),
               RevisionNumber(revision.name()), revision);
  }

 private:
  struct Place {
    const char* kind;
    const std::string& name;
    const std::string parent;
    int64_t ordinal;
    bool removed = false;
    std::string lead_units = {};
    std::string all_units = {};
  };

  absl::Status Put(const Place& place, absl::string_view body) {
    RETURN_IF_ERROR(
        session_.Execute("INSERT INTO history (name, position, recorded_at, body)"
                         " SELECT name, position, recorded_at, body FROM resources WHERE name = $1",
                         {place.name}));
    return session_.Execute(
        "INSERT INTO resources (name, kind, parent, ordinal, position, recorded_at, body, removed,"
        " lead_units, all_units) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)"
        " ON CONFLICT (name) DO UPDATE SET ordinal = $4, position = $5, recorded_at = $6,"
        " body = $7, removed = $8, lead_units = $9, all_units = $10",
        {place.name, absl::string_view(place.kind), place.parent, place.ordinal, position_,
         recorded_at_, Blob{body}, int64_t{place.removed}, place.lead_units, place.all_units});
  }

  Session& session_;
  const int64_t position_;
  const int64_t recorded_at_;
};

absl::Status ProjectImport(Putter& putter, const v1::ProgramImported& imported) {
  RETURN_IF_ERROR(putter.PutProgram(imported.program()));
  int64_t ordinal = 0;
  for (const v1::Project& project : imported.projects()) {
    RETURN_IF_ERROR(
        putter.Put(kind::kProject, project.name(), imported.program().name(), ++ordinal, project));
  }
  return putter.RemoveOtherProjects(imported.program().name());
}

absl::Status ProjectUnits(Putter& putter, const v1::UnitsNamed& named) {
  for (const v1::Unit& unit : named.units()) {
    RETURN_IF_ERROR(putter.Put(kind::kUnit, unit.name(), DistrictOf(unit.name()), 0, unit));
  }
  return absl::OkStatus();
}

struct Cursor {
  int64_t ordinal = INT64_MIN;
  std::string name;
};

Cursor ReadCursor(const std::string& after) {
  Cursor cursor;
  if (after.empty()) return cursor;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(after, absl::MaxSplits('/', 1));
  if (absl::SimpleAtoi(parts.first, &cursor.ordinal)) cursor.name = std::string(parts.second);
  return cursor;
}

}  // namespace

absl::Status Project(Session& session, const Event& event) {
  Putter putter(session, event);
  const auto& any = event.payload();
  // Read into the same message again and again: a list brings as many as it has tasks.
  thread_local v1::TaskPut put;
  if (any.UnpackTo(&put)) return putter.PutTask(put.task());
  if (v1::ProgramImported imported; any.UnpackTo(&imported)) return ProjectImport(putter, imported);
  if (v1::ProgramPublished published; any.UnpackTo(&published)) {
    return putter.PutProgram(published.program());
  }
  if (platform::IsRevocation(event)) return platform::ProjectRevocation(session, event);
  if (v1::UnitsNamed named; any.UnpackTo(&named)) return ProjectUnits(putter, named);
  if (v1::PlanFiled filed; any.UnpackTo(&filed)) return putter.PutRevision(filed.revision());
  if (v1::PlanApproved approved; any.UnpackTo(&approved)) {
    return putter.PutRevision(approved.revision());
  }
  if (v1::DistrictCreated created; any.UnpackTo(&created)) {
    return putter.Put(kind::kDistrict, created.district().name(), "", 0, created.district());
  }
  return absl::InternalError(absl::StrCat("no projection for ", any.type_url()));
}

namespace {

// What a listing selects, by arguments $1 to $5 (units as UnitsText has them); the rows removed
// from a list are left out.
constexpr char kSelected[] =
    " FROM resources WHERE kind = $1 AND (parent = $2 OR $2 = '-') AND removed = 0"
    " AND ($3 = '' OR replace(lead_units, $3, '') <> lead_units)"
    " AND ($4 = '' OR replace(all_units, $4, '') <> all_units)"
    // ".../projects/municipal-11/tasks/2" without its numbers is of the group "municipal".
    " AND ($5 = '' OR rtrim(rtrim(rtrim(name, '0123456789'), '/task'), '0123456789')"
    "   = $2 || '/projects/' || $5 || '-')";

// One unit as a filter's argument.
std::string FilterText(const std::string& unit) { return unit.empty() ? unit : UnitsText({unit}); }

}  // namespace

std::string UnitsText(std::vector<absl::string_view> units) {
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units.empty() ? "" : absl::StrCat("\n", absl::StrJoin(units, "\n"), "\n");
}

absl::StatusOr<std::vector<Body>> ListBodies(Session& session, const Listing& listing) {
  static const std::string* const sql = new std::string(absl::StrCat(
      "SELECT ordinal, name, body", kSelected,
      " AND (ordinal > $6 OR (ordinal = $6 AND name > $7)) ORDER BY ordinal, name LIMIT $8"));
  const Cursor cursor = ReadCursor(listing.after);
  const std::string lead_unit = FilterText(listing.lead_unit), unit = FilterText(listing.unit);
  std::vector<Body> bodies;
  RETURN_IF_ERROR(session.Query(
      *sql,
      {absl::string_view(listing.kind), listing.parent, lead_unit, unit, listing.group,
       cursor.ordinal, cursor.name, listing.limit},
      [&](const Row& row) {
        bodies.push_back({absl::StrCat(row.Int(0), "/", row.Text(1)), std::string(row.Bytes(2))});
        return absl::OkStatus();
      }));
  return bodies;
}

absl::StatusOr<int64_t> CountBodies(Session& session, const Listing& listing) {
  const std::string lead_unit = FilterText(listing.lead_unit), unit = FilterText(listing.unit);
  return platform::QueryInt(
      session, absl::StrCat("SELECT COUNT(*)", kSelected),
      {absl::string_view(listing.kind), listing.parent, lead_unit, unit, listing.group});
}

absl::StatusOr<std::string> GetBody(Session& session, const char* kind, const std::string& name,
                                    std::optional<absl::Time> as_of) {
  auto body =
      as_of
          ? platform::QueryText(session,
                                "SELECT body FROM ("
                                " SELECT position, recorded_at, body FROM resources"
                                " WHERE name = $1 AND kind = $2"
                                " UNION ALL SELECT h.position, h.recorded_at, h.body FROM history h"
                                " JOIN resources r ON r.name = h.name"
                                " WHERE h.name = $1 AND r.kind = $2) versions"
                                " WHERE recorded_at <= $3 ORDER BY position DESC LIMIT 1",
                                {name, absl::string_view(kind), ToMicros(*as_of)})
          : platform::QueryText(session, "SELECT body FROM resources WHERE name = $1 AND kind = $2",
                                {name, absl::string_view(kind)});
  if (!absl::IsNotFound(body.status())) return body;
  return Error(absl::StatusCode::kNotFound, "NOT_FOUND",
               absl::StrCat("there is no ", kind, " ", name, as_of ? " at that time" : ""),
               {{"name", name}});
}

absl::StatusOr<v1::Task> GetListedTask(Session& session, const std::string& name) {
  auto task = Get<v1::Task>(session, kind::kTask, name);
  if (!task.ok() || !task->removed()) return task;
  return Error(absl::StatusCode::kNotFound, "NOT_FOUND",
               absl::StrCat(name, " was removed from the list"), {{"name", name}});
}

}  // namespace minsheng::registry
