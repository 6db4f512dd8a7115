#include "services/registry/reader/html_style.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "services/registry/reader/html_tree.h"

namespace minsheng::registry {
namespace {

constexpr int kBoldWeight = 600;

template <std::size_t N>
bool Holds(const std::array<GumboTag, N>& tags, GumboTag tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

}  // namespace

std::string StyleValue(absl::string_view style, absl::string_view property) {
  for (const absl::string_view part : absl::StrSplit(style, ';')) {
    const std::size_t colon = part.find(':');
    if (colon == absl::string_view::npos) continue;
    const absl::string_view name = absl::StripAsciiWhitespace(part.substr(0, colon));
    if (!absl::EqualsIgnoreCase(name, property)) continue;
    return absl::AsciiStrToLower(absl::StripAsciiWhitespace(
        absl::StripSuffix(absl::StripAsciiWhitespace(part.substr(colon + 1)), "!important")));
  }
  return "";
}

bool IsHiddenElement(const GumboNode* node) {
  if (HasHtmlAttribute(node, "hidden")) return true;
  const absl::string_view style = HtmlAttribute(node, "style");
  if (style.empty()) return false;
  return absl::StartsWith(StyleValue(style, "display"), "none") ||
         absl::StartsWith(StyleValue(style, "visibility"), "hidden") ||
         absl::StartsWith(StyleValue(style, "mso-hide"), "all");
}

bool IsNeverShown(GumboTag tag) {
  constexpr std::array<GumboTag, 17> kTags = {
      GUMBO_TAG_HEAD,     GUMBO_TAG_TITLE,  GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE,  GUMBO_TAG_NOSCRIPT,
      GUMBO_TAG_TEMPLATE, GUMBO_TAG_IFRAME, GUMBO_TAG_OBJECT, GUMBO_TAG_SELECT, GUMBO_TAG_TEXTAREA,
      GUMBO_TAG_BUTTON,   GUMBO_TAG_SVG,    GUMBO_TAG_CANVAS, GUMBO_TAG_VIDEO,  GUMBO_TAG_AUDIO,
      GUMBO_TAG_RT,       GUMBO_TAG_RP};
  return Holds(kTags, tag);
}

bool IsBlock(GumboTag tag) {
  constexpr std::array<GumboTag, 38> kTags = {
      GUMBO_TAG_P,       GUMBO_TAG_DIV,        GUMBO_TAG_H1,      GUMBO_TAG_H2,
      GUMBO_TAG_H3,      GUMBO_TAG_H4,         GUMBO_TAG_H5,      GUMBO_TAG_H6,
      GUMBO_TAG_LI,      GUMBO_TAG_UL,         GUMBO_TAG_OL,      GUMBO_TAG_DL,
      GUMBO_TAG_DT,      GUMBO_TAG_DD,         GUMBO_TAG_TABLE,   GUMBO_TAG_CAPTION,
      GUMBO_TAG_TR,      GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_PRE,     GUMBO_TAG_SECTION,
      GUMBO_TAG_ARTICLE, GUMBO_TAG_HEADER,     GUMBO_TAG_FOOTER,  GUMBO_TAG_NAV,
      GUMBO_TAG_ASIDE,   GUMBO_TAG_MAIN,       GUMBO_TAG_ADDRESS, GUMBO_TAG_CENTER,
      GUMBO_TAG_FORM,    GUMBO_TAG_HR,         GUMBO_TAG_BODY,    GUMBO_TAG_HTML,
      GUMBO_TAG_FIGURE,  GUMBO_TAG_FIELDSET,   GUMBO_TAG_LEGEND,  GUMBO_TAG_DETAILS,
      GUMBO_TAG_SUMMARY, GUMBO_TAG_FIGCAPTION};
  return Holds(kTags, tag);
}

bool IsBoldElement(const GumboNode* node, bool outer) {
  const absl::string_view style = HtmlAttribute(node, "style");
  const std::string weight = style.empty() ? "" : StyleValue(style, "font-weight");
  int number = 0;
  if (absl::SimpleAtoi(weight, &number)) return number >= kBoldWeight;
  if (absl::StartsWith(weight, "bold")) return true;
  if (absl::StartsWith(weight, "norm")) return false;
  constexpr std::array<GumboTag, 9> kTags = {GUMBO_TAG_B,  GUMBO_TAG_STRONG, GUMBO_TAG_TH,
                                             GUMBO_TAG_H1, GUMBO_TAG_H2,     GUMBO_TAG_H3,
                                             GUMBO_TAG_H4, GUMBO_TAG_H5,     GUMBO_TAG_H6};
  return outer || Holds(kTags, TagOf(node));
}

}  // namespace minsheng::registry
