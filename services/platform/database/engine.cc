#include "services/platform/database/engine.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "services/platform/base/hash.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform {
namespace {

std::string Server() {
  const char* server = getenv("TEST_POSTGRES");
  return server == nullptr ? "" : server;
}

std::string MakeFolder() {
  std::string folder = (std::filesystem::temp_directory_path() / "minsheng-engine-XXXXXX").string();
  return mkdtemp(folder.data()) == nullptr ? "" : folder;
}

}  // namespace

std::vector<std::string> Engine::Names() {
  std::vector<std::string> names = {"sqlite"};
  if (!Server().empty()) names.emplace_back("postgres");
  return names;
}

Engine::Engine(std::string name)
    : name_(std::move(name)),
      folder_(MakeFolder()),
      schema_(absl::StrCat("test_", RandomId().substr(0, 12))) {}

Engine::~Engine() {
  if (is_postgres()) Run(absl::StrCat("DROP SCHEMA IF EXISTS ", schema_, " CASCADE")).IgnoreError();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

absl::StatusOr<std::unique_ptr<Database>> Engine::Open(absl::Span<const Migration> migrations,
                                                       const OnCreate& on_create) const {
  if (is_postgres()) return OpenPostgres(Server(), schema_, migrations, on_create);
  return OpenSqlite(folder_ + "/state.db", migrations, on_create);
}

absl::Status Engine::Run(const std::string& sql) const {
  ASSIGN_OR_RETURN(const auto database, Open({}));
  ASSIGN_OR_RETURN(const auto session, database->OpenWriter());
  return session->ExecuteScript(sql);
}

}  // namespace minsheng::platform
