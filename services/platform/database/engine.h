// For tests: one engine's databases, each new and empty, gone at the end.
//
// SQLite always; PostgreSQL on the server that the environment's TEST_POSTGRES names (a libpq
// connection string), as tools/with-postgres gives it.
#ifndef MINSHENG_SERVICES_PLATFORM_DATABASE_ENGINE_H_
#define MINSHENG_SERVICES_PLATFORM_DATABASE_ENGINE_H_

#include <memory>
#include <string>
#include <vector>

#include "services/platform/database/database.h"

namespace minsheng::platform {

class Engine {
 public:
  // "sqlite", and "postgres" where TEST_POSTGRES is set.
  static std::vector<std::string> Names();

  explicit Engine(std::string name);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  bool is_postgres() const { return name_ == "postgres"; }
  // Opens the database, creating it the first time. On PostgreSQL it may be opened several times at
  // once.
  absl::StatusOr<std::unique_ptr<Database>> Open(absl::Span<const Migration> migrations,
                                                 const OnCreate& on_create = nullptr) const;
  // Runs statements from outside.
  absl::Status Run(const std::string& sql) const;
  const std::string& folder() const { return folder_; }

 private:
  const std::string name_;
  const std::string folder_;
  const std::string schema_;
};

}  // namespace minsheng::platform

#endif  // MINSHENG_SERVICES_PLATFORM_DATABASE_ENGINE_H_
