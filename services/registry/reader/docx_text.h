// The words of a Word paragraph as its readers see them. Not thread-safe.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_DOCX_TEXT_H_
#define MINSHENG_SERVICES_REGISTRY_READER_DOCX_TEXT_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "pugixml.hpp"

#include "services/registry/reader/docx_numbering.h"
#include "services/registry/reader/docx_styles.h"
#include "services/registry/reader/notes.h"
#include "services/registry/reader/rich_text.h"

namespace minsheng::registry {

// What one reading of a document shares.
struct DocxContext {
  const DocxStyles& styles;
  DocxNumbering& numbering;
  Notes& notes;
  int row = 0;                               // where notes say that something was found
  std::vector<pugi::xml_node> text_boxes{};  // w:txbxContent, in order, not yet read
};

class DocxText {
 public:
  explicit DocxText(DocxContext& context) : context_(context) {}

  // The paragraph's number and words, on a new line of `out` unless the mark before was deleted.
  void ReadParagraph(const pugi::xml_node& paragraph, RichText& out);

  // The mark of the last paragraph is deleted: its words and the next paragraph's are one.
  bool JoinsNext() const { return join_next_; }
  void EndJoin() { join_next_ = false; }

  // What was deleted or moved away at `node`, for the notes.
  void NoteDeleted(const pugi::xml_node& node);

 private:
  void ReadRuns(const pugi::xml_node& parent, RichText& out);
  void ReadRun(const pugi::xml_node& run, RichText& out);
  void ReadRunPart(const pugi::xml_node& part, RunFormat format, RichText& out);
  void ReadField(const pugi::xml_node& mark);
  void ReadSymbol(const pugi::xml_node& symbol, RunFormat format, RichText& out);
  void FindTextBoxes(const pugi::xml_node& drawing);
  void Put(absl::string_view words, RunFormat format, RichText& out);

  DocxContext& context_;
  RunFormat paragraph_;
  std::string hidden_;
  std::vector<bool> fields_;  // of the fields open: whether the result has begun
  bool join_next_ = false;
};

// The one of an mc:AlternateContent's forms that is read.
pugi::xml_node ChosenContent(const pugi::xml_node& alternate);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_DOCX_TEXT_H_
