#include "services/registry/reader/docx_text.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kNoteBytes = 200;

bool IsOneOf(absl::string_view name, std::initializer_list<absl::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsRunContainer(absl::string_view name) {
  return IsOneOf(name, {"ins", "moveTo", "hyperlink", "smartTag", "sdtContent", "customXml",
                        "fldSimple", "dir", "bdo", "oMath", "oMathPara", "rubyBase"});
}

// Wingdings and Symbol, as far as lists use them. By the code's low byte.
absl::string_view SymbolSign(absl::string_view font, unsigned code) {
  constexpr std::array<std::pair<unsigned, const char*>, 16> kWingdings = {{{0x6C, "●"},
                                                                            {0x6D, "○"},
                                                                            {0x6E, "■"},
                                                                            {0x6F, "□"},
                                                                            {0x70, "□"},
                                                                            {0x71, "□"},
                                                                            {0x75, "◆"},
                                                                            {0xA8, "□"},
                                                                            {0xAB, "★"},
                                                                            {0xD8, "➢"},
                                                                            {0xFB, "×"},
                                                                            {0xFC, "√"},
                                                                            {0xFD, "☒"},
                                                                            {0xFE, "☑"},
                                                                            {0x9F, "•"},
                                                                            {0xA1, "○"}}};
  if (font == "Wingdings") {
    for (const auto& [known, sign] : kWingdings) {
      if (known == code) return sign;
    }
  }
  if (font == "Wingdings 2" && code == 0x52) return "☑";
  if (font == "Wingdings 2" && code == 0x50) return "√";
  if (font == "Wingdings 2" && code == 0xA3) return "□";
  return "";
}

}  // namespace

pugi::xml_node ChosenContent(const pugi::xml_node& alternate) {
  const pugi::xml_node choice = Child(alternate, "Choice");
  return choice ? choice : Child(alternate, "Fallback");
}

void DocxText::ReadParagraph(const pugi::xml_node& paragraph, RichText& out) {
  const pugi::xml_node properties = Child(paragraph, "pPr");
  const pugi::xml_node mark = Child(properties, "rPr");
  const bool mark_deleted = Child(mark, "del") || Child(mark, "moveFrom");
  paragraph_ = context_.styles.ForParagraph(properties);
  if (!join_next_) out.BreakLine();
  if (!mark_deleted && !join_next_) {
    const RunFormat format = context_.styles.ForRun(mark, paragraph_);
    if (!format.hidden) {
      out.Append(context_.numbering.Next(context_.styles.ListOf(properties)), format.bold);
    }
  }
  ReadRuns(paragraph, out);
  join_next_ = mark_deleted;
  std::replace(fields_.begin(), fields_.end(), false, true);
  context_.notes.WarnOf(std::exchange(hidden_, ""), context_.row, "HIDDEN_TEXT",
                        "文档中有隐藏的文字，未读入");
}

void DocxText::ReadRuns(const pugi::xml_node& parent, RichText& out) {
  for (const pugi::xml_node& child : parent) {
    const absl::string_view name = LocalName(child);
    if (name == "r") {
      ReadRun(child, out);
    } else if (name == "sdt") {
      ReadRuns(Child(child, "sdtContent"), out);
    } else if (name == "AlternateContent") {
      ReadRuns(ChosenContent(child), out);
    } else if (name == "del" || name == "moveFrom") {
      NoteDeleted(child);
    } else if (IsRunContainer(name)) {
      ReadRuns(child, out);
    }
  }
}

void DocxText::ReadRun(const pugi::xml_node& run, RichText& out) {
  const RunFormat format = context_.styles.ForRun(Child(run, "rPr"), paragraph_);
  for (const pugi::xml_node& part : run) ReadRunPart(part, format, out);
}

void DocxText::ReadRunPart(const pugi::xml_node& part, RunFormat format, RichText& out) {
  const absl::string_view name = LocalName(part);
  if (name == "t") {
    Put(TextOf(part), format, out);
  } else if (name == "fldChar") {
    ReadField(part);
  } else if (IsOneOf(name, {"tab", "ptab"})) {
    Put(" ", format, out);
  } else if (IsOneOf(name, {"br", "cr"})) {
    Put("\n", format, out);
  } else if (name == "noBreakHyphen") {
    Put("-", format, out);
  } else if (name == "sym") {
    ReadSymbol(part, format, out);
  } else if (name == "ruby") {
    ReadRuns(Child(part, "rubyBase"), out);
  } else if (name == "AlternateContent") {
    for (const pugi::xml_node& chosen : ChosenContent(part)) ReadRunPart(chosen, format, out);
  } else if (IsOneOf(name, {"drawing", "pict", "object"})) {
    FindTextBoxes(part);
    if (Child(part, "OLEObject")) {
      context_.notes.WarnOf(Attribute(Child(part, "OLEObject"), "ProgID"), context_.row,
                            "EMBEDDED_DOCUMENT", "文档中嵌入了另一个文件，其内容未读入");
    }
  }
}

void DocxText::Put(absl::string_view words, RunFormat format, RichText& out) {
  if (std::find(fields_.begin(), fields_.end(), false) != fields_.end()) return;
  if (!format.hidden) {
    out.Append(words, format.bold);
  } else if (hidden_.size() < kNoteBytes) {
    absl::StrAppend(&hidden_, words);
  }
}

void DocxText::ReadField(const pugi::xml_node& mark) {
  constexpr std::size_t kMaxOpenFields = 64;
  const absl::string_view type = Attribute(mark, "fldCharType");
  if (type == "begin" && fields_.size() < kMaxOpenFields) fields_.push_back(false);
  if (type == "separate" && !fields_.empty()) fields_.back() = true;
  if (type == "end" && !fields_.empty()) fields_.pop_back();
}

void DocxText::ReadSymbol(const pugi::xml_node& symbol, RunFormat format, RichText& out) {
  std::uint32_t code = 0;
  if (!absl::SimpleHexAtoi(Attribute(symbol, "char"), &code)) code = 0;
  const absl::string_view sign = SymbolSign(Attribute(symbol, "font"), code & 0xFFU);
  if (!sign.empty()) {
    Put(sign, format, out);
  } else {
    context_.notes.WarnOf(absl::StrCat("[", Attribute(symbol, "char"), "]"), context_.row,
                          "SYMBOL_LEFT_OUT", "有一个符号字体中的符号不能表示为文字，未读入");
  }
}

void DocxText::FindTextBoxes(const pugi::xml_node& drawing) {
  pugi::xml_node at = NextNode(drawing, drawing);
  while (at) {
    const absl::string_view name = LocalName(at);
    if (name == "txbxContent") context_.text_boxes.push_back(at);
    const bool skip = name == "txbxContent" || name == "Fallback";
    if (!skip) {
      at = NextNode(at, drawing);
      continue;
    }
    while (at != drawing && !at.next_sibling()) at = at.parent();
    at = at == drawing ? pugi::xml_node() : at.next_sibling();
  }
}

void DocxText::NoteDeleted(const pugi::xml_node& node) {
  const std::string words =
      absl::StrCat(TextBelow(node, "delText", kNoteBytes), TextBelow(node, "t", kNoteBytes));
  context_.notes.WarnOf(words, context_.row, "DELETED_TEXT",
                        "文档带有修订痕迹，已标记为删除或移走的文字未读入");
}

}  // namespace minsheng::registry
