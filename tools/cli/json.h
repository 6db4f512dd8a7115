// Proto JSON as this program prints it: original field names, empty fields left out, indented.
#ifndef MINSHENG_TOOLS_CLI_JSON_H_
#define MINSHENG_TOOLS_CLI_JSON_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/protobuf/struct.pb.h"

namespace minsheng::cli {

// With a line break at the end; one line only when not `indented`.
std::string ToJson(const google::protobuf::Message& message, bool indented = true);

// The members of an object in their order: name and JSON.
using JsonParts = std::vector<std::pair<std::string, std::string>>;
// {"registry": {…}, "progress": {…}}
std::string ToJson(const JsonParts& parts);
// A text as a JSON string, with its quotation marks.
std::string JsonQuoted(absl::string_view text);

// Any JSON object. Failure BAD_JSON naming `file`.
absl::StatusOr<google::protobuf::Struct> ParseJson(absl::string_view text, absl::string_view file);

// A member's text, true/false or number as text; empty when it is absent.
std::string JsonText(const google::protobuf::Struct& object, const std::string& key);
bool JsonBool(const google::protobuf::Struct& object, const std::string& key);
// A member object; an empty one when it is absent.
const google::protobuf::Struct& JsonObject(const google::protobuf::Struct& object,
                                           const std::string& key);

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_JSON_H_
