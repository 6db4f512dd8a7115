#include "services/platform/rpc/limits.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"
#include "services/platform/base/status_macros.h"

namespace minsheng::platform::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status Check(const Message& message, const std::string& path);

absl::Status CheckText(const std::string& text, const std::string& path) {
  if (text.size() <= kTextBytesMax) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "FIELD_TOO_LONG",
               absl::StrCat(path, " holds ", text.size(), " bytes; at most ", kTextBytesMax,
                            " are taken, shorten it or attach a file"),
               {{"field", path}});
}

absl::Status CheckEnum(const FieldDescriptor* field, int value, const std::string& path) {
  if (field->enum_type()->FindValueByNumber(value) != nullptr) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_VALUE",
               absl::StrCat(path, " is ", value, ", which is no ", field->enum_type()->full_name()),
               {{"field", path}});
}

absl::Status CheckList(const Message& message, const FieldDescriptor* field,
                       const std::string& path) {
  const auto* reflection = message.GetReflection();
  const int size = reflection->FieldSize(message, field);
  if (size > kRepeatedMax) {
    return Error(absl::StatusCode::kInvalidArgument, "TOO_MANY_ITEMS",
                 absl::StrCat(path, " has ", size, " items; at most ", kRepeatedMax, " are taken"),
                 {{"field", path}});
  }
  for (int i = 0; i < size; ++i) {
    const std::string item = absl::StrCat(path, "[", i, "]");
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      RETURN_IF_ERROR(Check(reflection->GetRepeatedMessage(message, field, i), item));
    } else if (field->type() == FieldDescriptor::TYPE_STRING) {
      RETURN_IF_ERROR(CheckText(reflection->GetRepeatedString(message, field, i), item));
    } else if (field->type() == FieldDescriptor::TYPE_ENUM) {
      RETURN_IF_ERROR(CheckEnum(field, reflection->GetRepeatedEnumValue(message, field, i), item));
    }
  }
  return absl::OkStatus();
}

absl::Status Check(const Message& message, const std::string& path) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string name = path.empty() ? field->name() : absl::StrCat(path, ".", field->name());
    if (field->is_repeated()) {
      RETURN_IF_ERROR(CheckList(message, field, name));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      RETURN_IF_ERROR(Check(reflection->GetMessage(message, field), name));
    } else if (field->type() == FieldDescriptor::TYPE_STRING) {
      RETURN_IF_ERROR(CheckText(reflection->GetString(message, field), name));
    } else if (field->type() == FieldDescriptor::TYPE_ENUM) {
      RETURN_IF_ERROR(CheckEnum(field, reflection->GetEnumValue(message, field), name));
    }
  }
  return absl::OkStatus();
}

bool HasEnums(const Descriptor* type, std::set<const Descriptor*>& seen) {
  if (!seen.insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->enum_type() != nullptr) return true;
    if (field->message_type() != nullptr && HasEnums(field->message_type(), seen)) return true;
  }
  return false;
}

bool HasEnums(const Descriptor* type) {
  std::set<const Descriptor*> seen;
  return HasEnums(type, seen);
}

}  // namespace

absl::Status CheckLimits(const Message& request) { return Check(request, ""); }

RequestLimits::RequestLimits(const Descriptor* type) : has_enums_(HasEnums(type)) {}

absl::Status RequestLimits::Check(const Message& request, size_t bytes_max) const {
  // Every item of a list takes a byte or more.
  static_assert(kRepeatedMax < kTextBytesMax);
  const size_t bytes = request.ByteSizeLong();
  if (bytes > bytes_max) {
    RETURN_IF_ERROR(CheckLimits(request));  // which may name the field
    return Error(absl::StatusCode::kResourceExhausted, "REQUEST_TOO_LARGE",
                 absl::StrCat("the request holds ", bytes, " bytes; at most ", bytes_max,
                              " are taken, send it in parts"));
  }
  if (!has_enums_ && bytes <= kRepeatedMax) return absl::OkStatus();
  return CheckLimits(request);
}

}  // namespace minsheng::platform::rpc
