// How wide text is on a terminal: Chinese characters take two columns.
// Thread-safe: pure functions. Text is UTF-8; a malformed byte counts as one column.
#ifndef MINSHENG_TOOLS_CLI_TEXT_H_
#define MINSHENG_TOOLS_CLI_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::cli {

// Columns by East-Asian width: wide and full-width 2, combining and control 0, everything else
// (ambiguous too) 1.
int DisplayWidth(absl::string_view text);

// At most `width` columns, the last two of which are .. when something was cut (… has no certain
// width).
std::string Elide(absl::string_view text, int width);

enum class Align { kLeft, kRight };

// Filled with blanks up to `width` columns.
std::string Pad(absl::string_view text, int width, Align align);

// On one line: line breaks, tabs and runs of blanks become one blank; without control characters.
std::string OneLine(absl::string_view text);

// With "?" for each control character but line breaks: what a unit writes in a report must not move
// the cursor, or worse, on the screen of who reads it.
std::string WithoutControls(absl::string_view text);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_TEXT_H_
