#include "services/registry/reader/reader.h"

#include <utility>

#include "services/registry/domain/encoding.h"

namespace minsheng::registry {

absl::StatusOr<Document> ReadDocument(absl::string_view bytes) {
  const auto decoded = DecodeText(bytes);
  if (!decoded.ok()) return decoded.status();
  auto grid = ReadGrid(decoded->text);
  if (!grid.ok()) return grid.status();
  Document document;
  document.grids.push_back(*std::move(grid));
  return document;
}

}  // namespace minsheng::registry
