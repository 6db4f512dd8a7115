// What the tests of exported lists share: a file's list as it would be stored, and back.
#ifndef MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_TESTING_H_
#define MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_TESTING_H_

#include <gtest/gtest.h>

#include <string>

#include "services/registry/exports/list_layout.h"
#include "services/registry/render/render.h"

namespace minsheng::registry {

inline v1::ImportProgramResponse Imported(const std::string& bytes, int year = 0) {
  const auto notice = ParseNotice(bytes, "list", {.year = year});
  EXPECT_TRUE(notice.ok()) << notice.status() << '\n' << bytes;
  v1::ImportProgramRequest request;
  request.set_parent("districts/500156");
  request.set_year(year);
  request.set_document_number("武隆府办发〔2024〕1号");
  request.set_issued_on("2024-03-15");
  return notice.ok() ? RenderNotice(*notice, {}, request) : v1::ImportProgramResponse();
}

inline StoredList Stored(const v1::ImportProgramResponse& imported) {
  return {.program = imported.program(),
          .projects = {imported.projects().begin(), imported.projects().end()},
          .tasks = {imported.tasks().begin(), imported.tasks().end()},
          .units = {imported.units().begin(), imported.units().end()}};
}

// All that makes a list the same list: not where its rows stood, nor what was noticed.
inline std::string Same(v1::ImportProgramResponse imported) {
  for (v1::Task& task : *imported.mutable_tasks()) task.clear_source_row();
  imported.clear_diagnostics();
  return imported.DebugString();
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_EXPORTS_LIST_TESTING_H_
