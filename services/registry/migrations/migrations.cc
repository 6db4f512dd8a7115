#include "services/registry/migrations/migrations.h"

namespace minsheng::registry {
namespace {

// resources: everything that has a name, as it stands now. `parent` is what it is listed under: a
// district for programs and units, a program for projects and tasks, a task for plan revisions.
// history: every version, for questions as of an earlier instant.
// task_units: who leads or cooperates in a task, for filters.
constexpr char kResources[] = R"sql(
CREATE TABLE resources (
  name TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  position BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  body BLOB NOT NULL,
  removed BIGINT NOT NULL
);
CREATE INDEX resources_by_parent ON resources (kind, parent, ordinal, name);
CREATE TABLE history (
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (name, position)
);
CREATE TABLE task_units (
  task TEXT NOT NULL,
  role TEXT NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (task, role, unit)
);
)sql";

}  // namespace

std::vector<platform::Migration> Migrations() { return {{2, kResources}}; }

std::vector<platform::ProjectedTable> ProjectedTables() {
  return {{"resources", "name"}, {"history", "name, position"}, {"task_units", "task, role, unit"}};
}

}  // namespace minsheng::registry
