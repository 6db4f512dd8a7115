#include "services/progress/migrations/migrations.h"

#include "services/platform/journal/journal.h"

namespace minsheng::progress {
namespace {

// registry_versions: what is kept of the registry's log, every version: programs (task empty),
// tasks, approved plans. The others are projections of the own log. Positions are of the log that a
// row comes from.
constexpr char kFacts[] = R"sql(
CREATE TABLE registry_versions (
  kind TEXT NOT NULL,
  program TEXT NOT NULL,
  task TEXT NOT NULL,
  position BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (program, task, kind, position)
);
CREATE TABLE reports (
  program TEXT NOT NULL,
  task TEXT NOT NULL,
  period TEXT NOT NULL,
  version BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (program, task, period, version)
);
CREATE TABLE report_returns (
  program TEXT NOT NULL,
  task TEXT NOT NULL,
  period TEXT NOT NULL,
  version BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (program, task, period, version)
);
CREATE TABLE exemptions (
  program TEXT NOT NULL,
  task TEXT NOT NULL,
  period TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (program, task, period)
);
CREATE TABLE judgements (
  program TEXT NOT NULL,
  task TEXT NOT NULL,
  position BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (program, task, position)
);
)sql";

}  // namespace

std::vector<platform::Migration> Migrations() {
  return {{2, kFacts}, {3, platform::kAccessSchema}};
}

std::vector<platform::ProjectedTable> ProjectedTables() {
  return {{"registry_versions", "program, task, kind, position"},
          {"reports", "program, task, period, version"},
          {"report_returns", "program, task, period, version"},
          {"exemptions", "program, task, period"},
          {"judgements", "program, task, position"}};
}

}  // namespace minsheng::progress
