#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/domain/text.h"
#include "services/registry/reader/check.h"
#include "services/registry/reader/limits.h"
#include "services/registry/reader/package.h"
#include "services/registry/reader/reader.h"
#include "services/registry/reader/relationships.h"
#include "services/registry/reader/rich_text.h"
#include "services/registry/reader/xlsx_sheet.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

using Part = std::unique_ptr<XmlPart>;

class Workbook {
 public:
  Workbook(Package& package, std::map<std::string, Relationship> related)
      : package_(package), related_(std::move(related)) {}

  absl::StatusOr<Document> Read(const pugi::xml_node& root) {
    absl::StatusOr<Part> styles = ReadRelated("styles");
    if (!styles.ok()) return styles.status();
    const XlsxStyles cell_styles(*styles == nullptr ? pugi::xml_node() : (*styles)->root());
    if (absl::Status status = ReadStrings(); !status.ok()) return status;
    const bool from_1904 = IsTrue(Attribute(Child(root, "workbookPr"), "date1904"));
    WorkbookContext context{strings_, cell_styles, from_1904, notes_};
    if (absl::Status status = ReadSheets(Child(root, "sheets"), context); !status.ok()) {
      return status;
    }
    document_.notes = notes_.Take();
    if (document_.grids.size() == 1) {
      for (auto& note : document_.notes) note.grid.clear();
    }
    return std::move(document_);
  }

 private:
  absl::StatusOr<Part> ReadPart(const std::string& name) {
    absl::StatusOr<std::string> bytes = package_.Read(name);
    if (!bytes.ok()) return bytes.status();
    return ParseXml(std::move(*bytes), name);
  }

  // Null when the workbook has no such part.
  absl::StatusOr<Part> ReadRelated(absl::string_view type) {
    const std::string name = PartOfType(related_, type);
    if (!package_.Has(name)) return Part();
    return ReadPart(name);
  }

  absl::Status ReadStrings() {
    absl::StatusOr<Part> part = ReadRelated("sharedStrings");
    if (!part.ok()) return part.status();
    if (*part != nullptr) strings_ = ReadSharedStrings((*part)->root());
    return absl::OkStatus();
  }

  absl::Status ReadSheets(const pugi::xml_node& sheets, WorkbookContext& context) {
    int count = 0;
    for (const pugi::xml_node& sheet : sheets) {
      if (++count > kMaxSheets)
        return Refuse("TOO_LARGE", absl::StrCat("工作簿有", kMaxSheets,
                                                "个以上的工作表。请只保留清单所在的工作表"));
      if (absl::Status status = ReadSheet(sheet, context); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadSheet(const pugi::xml_node& sheet, WorkbookContext& context) {
    const std::string name(Attribute(sheet, "name"));
    if (!IsValidUtf8(name) || name.size() > kMaxSheetNameBytes)
      return Refuse("BAD_DOCUMENT", absl::StrCat("工作表的名称“", ShortWords(name),
                                                 "”不对，文件可能已损坏。请重新保存后再导入"));
    const auto related = related_.find(std::string(Attribute(sheet, "id")));
    if (related == related_.end())
      return Refuse("BAD_DOCUMENT", absl::StrCat("找不到工作表“", ShortWords(name),
                                                 "”的内容，文件可能已损坏。请重新保存后再导入"));
    if (related->second.type != "worksheet") return absl::OkStatus();
    const absl::string_view state = Attribute(sheet, "state");
    if (state == "hidden" || state == "veryHidden") {
      NoteHidden(name);
      return absl::OkStatus();
    }
    absl::StatusOr<Part> part = ReadPart(related->second.part);
    if (!part.ok()) return part.status();
    absl::StatusOr<Grid> grid = XlsxSheet(context, name).Read((*part)->root());
    if (grid.ok()) document_.grids.push_back(std::move(*grid));
    return grid.status();
  }

  void NoteHidden(const std::string& name) {
    ReadingNote note;
    note.severity = ReadingNote::kWarning;
    note.code = "HIDDEN_SHEET";
    note.words = ShortWords(name);
    note.message = absl::StrCat("工作表“", note.words, "”是隐藏的，未读入");
    notes_.Add(std::move(note));
  }

  Package& package_;
  std::map<std::string, Relationship> related_;
  std::vector<CellText> strings_;
  Notes notes_;
  Document document_;
};

}  // namespace

absl::StatusOr<Document> ReadXlsx(absl::string_view bytes) {
  absl::StatusOr<Package> package = Package::Open(bytes);
  if (!package.ok()) return package.status();
  absl::StatusOr<std::string> name = MainPart(*package, "xl/workbook.xml");
  if (!name.ok()) return name.status();
  auto related = ReadRelationships(*package, *name);
  if (!related.ok()) return related.status();
  absl::StatusOr<std::string> main_bytes = package->Read(*name);
  if (!main_bytes.ok()) return main_bytes.status();
  absl::StatusOr<Part> main = ParseXml(std::move(*main_bytes), *name);
  if (!main.ok()) return main.status();
  absl::StatusOr<Document> document = Workbook(*package, std::move(*related)).Read((*main)->root());
  return document.ok() ? CheckDocument(std::move(*document)) : document.status();
}

}  // namespace minsheng::registry
