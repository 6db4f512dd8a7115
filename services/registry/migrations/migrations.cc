#include "services/registry/migrations/migrations.h"

#include "services/platform/journal/journal.h"

namespace minsheng::registry {
namespace {

// resources: everything that has a name, as it stands now. `parent` is what it is listed under: a
// district for programs and units, a program for projects and tasks, a task for plan revisions.
// history: every version that was replaced, for questions as of an earlier instant.
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

// What step 2 kept in twelve rows of a task is kept in one: the version that stands only in
// resources, and its units beside it (UnitsText in store.h).
constexpr char kOneRow[] = R"sql(
ALTER TABLE resources ADD COLUMN lead_units TEXT NOT NULL DEFAULT '';
ALTER TABLE resources ADD COLUMN all_units TEXT NOT NULL DEFAULT '';
CREATE TABLE unit_roles (task TEXT, role TEXT, unit TEXT, PRIMARY KEY (task, role, unit));
INSERT INTO unit_roles SELECT task, role, unit FROM task_units WHERE role = 'lead';
INSERT INTO unit_roles SELECT DISTINCT task, 'all', unit FROM task_units;
CREATE TABLE unit_texts (task TEXT, role TEXT, text TEXT, PRIMARY KEY (task, role));
INSERT INTO unit_texts
  WITH RECURSIVE texts (task, role, unit, text) AS (
    SELECT task, role, MIN(unit), '
' || MIN(unit) || '
' FROM unit_roles GROUP BY task, role
    UNION ALL
    SELECT texts.task, texts.role, following.unit, texts.text || following.unit || '
' FROM texts JOIN unit_roles following ON following.task = texts.task
      AND following.role = texts.role
      AND following.unit = (SELECT MIN(later.unit) FROM unit_roles later
                            WHERE later.task = texts.task AND later.role = texts.role
                            AND later.unit > texts.unit)
  )
  SELECT task, role, MAX(text) FROM texts GROUP BY task, role;
UPDATE resources SET
  lead_units = COALESCE((SELECT text FROM unit_texts
                         WHERE task = resources.name AND role = 'lead'), ''),
  all_units = COALESCE((SELECT text FROM unit_texts
                        WHERE task = resources.name AND role = 'all'), '');
DROP TABLE unit_texts;
DROP TABLE unit_roles;
DROP TABLE task_units;
DELETE FROM history WHERE EXISTS (
  SELECT 1 FROM resources WHERE resources.name = history.name
  AND resources.position = history.position);
)sql";

}  // namespace

std::vector<platform::Migration> Migrations() {
  return {{2, kResources}, {3, kOneRow}, {4, platform::kAccessSchema}};
}

std::vector<platform::ProjectedTable> ProjectedTables() {
  return {{"resources", "name"}, {"history", "name, position"}};
}

}  // namespace minsheng::registry
