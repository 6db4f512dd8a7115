// What an element's tag and style attribute say about its words. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_HTML_STYLE_H_
#define MINSHENG_SERVICES_REGISTRY_READER_HTML_STYLE_H_

#include <gumbo.h>

#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry {

// The value of a property in a style attribute, lower case and trimmed; "" when there is none.
std::string StyleValue(absl::string_view style, absl::string_view property);

// display:none, visibility:hidden, mso-hide:all or the hidden attribute.
bool IsHiddenElement(const GumboNode* node);
// script, style, head and others whose text is never shown; form fields.
bool IsNeverShown(GumboTag tag);
// Stands on lines of its own.
bool IsBlock(GumboTag tag);
// Of the words directly in the element, when those around it are `outer`.
bool IsBoldElement(const GumboNode* node, bool outer);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_HTML_STYLE_H_
