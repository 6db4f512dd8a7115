// Collects the diagnostics of one file.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_FINDINGS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_FINDINGS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/notice.h"

namespace minsheng::registry {

class Findings {
 public:
  explicit Findings(absl::string_view table) : table_(table) {}

  void Info(absl::string_view code, const Place& place, absl::string_view message);
  void Warn(absl::string_view code, const Place& place, absl::string_view message);
  void Error(absl::string_view code, const Place& place, absl::string_view message);

  // `words` are shortened.
  Place At(int row, int column, absl::string_view words) const;
  Place Whole() const { return At(0, 0, ""); }

  // What follows is found in this table.
  void SetTable(absl::string_view table) { table_ = std::string(table); }

  std::vector<Diagnostic> Take() { return std::move(diagnostics_); }

 private:
  void Add(Severity severity, absl::string_view code, const Place& place,
           absl::string_view message);

  std::string table_;
  std::vector<Diagnostic> diagnostics_;
};

// "第12行第4列"; without column "第12行".
std::string PlaceWords(const Place& place);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_FINDINGS_H_
