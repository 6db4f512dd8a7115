#include <memory>
#include <utility>

#include "services/registry/domain/refusal.h"
#include "services/registry/reader/check.h"
#include "services/registry/reader/docx_body.h"
#include "services/registry/reader/package.h"
#include "services/registry/reader/reader.h"
#include "services/registry/reader/relationships.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

using Part = std::unique_ptr<XmlPart>;

absl::StatusOr<Part> ReadPart(Package& package, const std::string& name) {
  absl::StatusOr<std::string> bytes = package.Read(name);
  if (!bytes.ok()) return bytes.status();
  return ParseXml(std::move(*bytes), name);
}

// Null when the document has no such part.
absl::StatusOr<Part> ReadRelated(Package& package,
                                 const std::map<std::string, Relationship>& related,
                                 absl::string_view type) {
  const std::string name = PartOfType(related, type);
  if (!package.Has(name)) return Part();
  return ReadPart(package, name);
}

pugi::xml_node RootOf(const Part& part) {
  return part == nullptr ? pugi::xml_node() : part->root();
}

absl::StatusOr<Document> ReadMain(const Part& main, const Part& style_part, const Part& lists) {
  const pugi::xml_node body = Child(main->root(), "body");
  if (!body) return Refuse("BAD_DOCUMENT", "文件里没有Word正文。请另存为docx后再导入");
  const DocxStyles styles(RootOf(style_part));
  DocxNumbering numbering(RootOf(lists), styles);
  Notes notes;
  DocxContext context{styles, numbering, notes};
  DocxBody reader(context);
  if (absl::Status status = reader.Read(body); !status.ok()) return status;
  Document document;
  document.grids.push_back(reader.Take());
  document.notes = notes.Take();
  return document;
}

}  // namespace

absl::StatusOr<Document> ReadDocx(absl::string_view bytes) {
  absl::StatusOr<Package> package = Package::Open(bytes);
  if (!package.ok()) return package.status();
  absl::StatusOr<std::string> name = MainPart(*package, "word/document.xml");
  if (!name.ok()) return name.status();
  auto related = ReadRelationships(*package, *name);
  if (!related.ok()) return related.status();
  absl::StatusOr<Part> styles = ReadRelated(*package, *related, "styles");
  if (!styles.ok()) return styles.status();
  absl::StatusOr<Part> lists = ReadRelated(*package, *related, "numbering");
  if (!lists.ok()) return lists.status();
  absl::StatusOr<Part> main = ReadPart(*package, *name);
  if (!main.ok()) return main.status();
  absl::StatusOr<Document> document = ReadMain(*main, *styles, *lists);
  return document.ok() ? CheckDocument(std::move(*document)) : document.status();
}

}  // namespace minsheng::registry
