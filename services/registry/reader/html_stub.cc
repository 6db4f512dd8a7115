#include "services/registry/domain/refusal.h"
#include "services/registry/reader/reader.h"
namespace minsheng::registry {
absl::StatusOr<Document> ReadHtml(absl::string_view) { return Refuse("NOT_TEXT", ""); }
}  // namespace minsheng::registry
