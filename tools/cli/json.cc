#include "tools/cli/json.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/util/json_util.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"

namespace minsheng::cli {
namespace {

namespace pb = google::protobuf;

const pb::Value* Member(const pb::Struct& object, const std::string& key) {
  const auto it = object.fields().find(key);
  return it == object.fields().end() ? nullptr : &it->second;
}

}  // namespace

std::string ToJson(const pb::Message& message, bool indented) {
  pb::util::JsonPrintOptions options;
  options.add_whitespace = indented;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = pb::util::MessageToJsonString(message, &json, options);
  // An Any of a type this program does not know: the rest must not be lost.
  if (!status.ok()) return absl::StrCat("{\"unprintable\": \"", message.GetTypeName(), "\"}\n");
  if (json.empty() || json.back() != '\n') json += '\n';
  return json;
}

std::string ToJson(const JsonParts& parts) {
  std::vector<std::string> members;
  for (const auto& [name, json] : parts) {
    members.push_back(absl::StrCat(
        " ", JsonQuoted(name), ": ",
        absl::StrReplaceAll(absl::StripTrailingAsciiWhitespace(json), {{"\n", "\n "}})));
  }
  return absl::StrCat("{\n", absl::StrJoin(members, ",\n"), "\n}\n");
}

std::string JsonQuoted(absl::string_view text) {
  pb::Value value;
  value.set_string_value(std::string(text));
  return std::string(absl::StripTrailingAsciiWhitespace(ToJson(value)));
}

absl::StatusOr<pb::Struct> ParseJson(absl::string_view text, absl::string_view file) {
  pb::Struct object;
  const auto status = pb::util::JsonStringToMessage(std::string(text), &object);
  if (status.ok()) return object;
  return Failure("BAD_JSON", absl::StrCat(file, " 不是 JSON 对象：", status.ToString()));
}

std::string JsonText(const pb::Struct& object, const std::string& key) {
  const pb::Value* value = Member(object, key);
  if (value == nullptr) return "";
  switch (value->kind_case()) {
    case pb::Value::kStringValue:
      return value->string_value();
    case pb::Value::kNumberValue:
      return absl::StrCat(value->number_value());
    case pb::Value::kBoolValue:
      return value->bool_value() ? "true" : "false";
    default:
      return "";
  }
}

bool JsonBool(const pb::Struct& object, const std::string& key) {
  return JsonText(object, key) == "true";
}

const pb::Struct& JsonObject(const pb::Struct& object, const std::string& key) {
  const pb::Value* value = Member(object, key);
  return value == nullptr ? pb::Struct::default_instance() : value->struct_value();
}

}  // namespace minsheng::cli
