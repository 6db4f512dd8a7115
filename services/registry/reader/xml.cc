#include "services/registry/reader/xml.h"

#include <algorithm>
#include <new>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/encoding.h"
#include "services/registry/domain/refusal.h"
#include "services/registry/reader/limits.h"

namespace minsheng::registry {
namespace {

constexpr unsigned kParseFlags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                                 pugi::parse_wconv_attribute | pugi::parse_ws_pcdata_single |
                                 pugi::parse_embed_pcdata | pugi::parse_doctype;

absl::Status BadDocument(absl::string_view part, absl::string_view what) {
  return Refuse("BAD_DOCUMENT",
                absl::StrCat("文件中的“", part, "”", what,
                             "。请在Word、Excel或WPS中打开并重新保存，再导入新文件"));
}

bool IsUtf16(absl::string_view bytes) {
  return absl::StartsWith(bytes, "\xFF\xFE") || absl::StartsWith(bytes, "\xFE\xFF");
}

absl::Status CheckTags(absl::string_view bytes, absl::string_view name) {
  if (std::count(bytes.begin(), bytes.end(), '<') <= kMaxXmlTags &&
      std::count(bytes.begin(), bytes.end(), '=') <= kMaxXmlEquals) {
    return absl::OkStatus();
  }
  return Refuse("TOO_LARGE",
                absl::StrCat("文件中的“", name, "”内容过多（超过", kMaxXmlTags / 10'000,
                             "万个标记），不像一份清单。请只保留清单本身后重新保存"));
}

bool HasDoctype(const pugi::xml_document& tree) {
  return std::any_of(tree.begin(), tree.end(),
                     [](const auto& node) { return node.type() == pugi::node_doctype; });
}

bool IsTooDeep(const pugi::xml_node& top) {
  int depth = 0;
  pugi::xml_node node = top;
  while (node) {
    if (pugi::xml_node first = node.first_child(); first) {
      if (++depth > kMaxXmlDepth) return true;
      node = first;
      continue;
    }
    while (node && node != top && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (!node || node == top) return false;
    node = node.next_sibling();
  }
  return false;
}

pugi::xml_parse_result Load(pugi::xml_document& tree, std::string& bytes) {
  try {
    return tree.load_buffer_inplace(bytes.data(), bytes.size(), kParseFlags, pugi::encoding_utf8);
  } catch (const std::bad_alloc&) {
    pugi::xml_parse_result result;
    result.status = pugi::status_out_of_memory;
    return result;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<XmlPart>> ParseXml(std::string bytes, absl::string_view name) {
  if (IsUtf16(bytes)) {
    absl::StatusOr<DecodedText> decoded = DecodeText(bytes);
    if (!decoded.ok()) return BadDocument(name, "不是有效的UTF-16");
    bytes = std::move(decoded->text);
  }
  if (absl::Status status = CheckTags(bytes, name); !status.ok()) return status;
  auto part = std::make_unique<XmlPart>();
  part->bytes_ = std::move(bytes);
  if (const auto result = Load(part->tree_, part->bytes_); !result) {
    return BadDocument(name, absl::StrCat("不是有效的XML（第", result.offset + 1, "字节附近）"));
  }
  if (HasDoctype(part->tree_)) return BadDocument(name, "带有DOCTYPE声明，Office软件不会这样保存");
  if (!part->root()) return BadDocument(name, "没有内容");
  if (IsTooDeep(part->root()))
    return BadDocument(name, absl::StrCat("嵌套超过", kMaxXmlDepth, "层"));
  return part;
}

absl::string_view LocalName(const pugi::xml_node& node) {
  const absl::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == absl::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node Child(const pugi::xml_node& node, absl::string_view name) {
  for (const pugi::xml_node& child : node) {
    if (LocalName(child) == name) return child;
  }
  return {};
}

namespace {

pugi::xml_attribute FindAttribute(const pugi::xml_node& node, absl::string_view name) {
  for (const pugi::xml_attribute& attribute : node.attributes()) {
    const absl::string_view full = attribute.name();
    if (full == name) return attribute;
    if (absl::EndsWith(full, name) && full[full.size() - name.size() - 1] == ':') return attribute;
  }
  return {};
}

}  // namespace

bool HasAttribute(const pugi::xml_node& node, absl::string_view name) {
  return !FindAttribute(node, name).empty();
}

absl::string_view Attribute(const pugi::xml_node& node, absl::string_view name) {
  return FindAttribute(node, name).value();
}

std::int64_t IntAttribute(const pugi::xml_node& node, absl::string_view name,
                          std::int64_t fallback) {
  std::int64_t value = 0;
  return absl::SimpleAtoi(Attribute(node, name), &value) ? value : fallback;
}

bool IsTrue(absl::string_view value) { return value == "1" || value == "true" || value == "on"; }

bool IsOn(const pugi::xml_node& node) {
  return node && (!HasAttribute(node, "val") || IsTrue(Attribute(node, "val")));
}

std::string TextOf(const pugi::xml_node& node) {
  std::string text = node.value();
  for (const pugi::xml_node& child : node) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  return text;
}

pugi::xml_node NextNode(const pugi::xml_node& node, const pugi::xml_node& top) {
  if (node.first_child()) return node.first_child();
  pugi::xml_node next = node;
  while (next != top && !next.next_sibling()) next = next.parent();
  return next == top ? pugi::xml_node() : next.next_sibling();
}

std::string TextBelow(const pugi::xml_node& node, absl::string_view name, std::size_t max_bytes) {
  std::string text;
  for (pugi::xml_node at = NextNode(node, node); at && text.size() < max_bytes;
       at = NextNode(at, node)) {
    if (LocalName(at) == name) text += TextOf(at);
  }
  return text;
}

}  // namespace minsheng::registry
