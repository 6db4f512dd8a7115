// Strict reading of the fields that people type. Pure.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_FIELDS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_FIELDS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace minsheng::registry {

// INVALID_ARGUMENT with minsheng/reason and minsheng/field; the message names the field.
absl::Status RefuseField(absl::string_view reason, absl::string_view field,
                         absl::string_view message);

// Reads "2024-06-30"; refuses with BAD_DATE.
absl::StatusOr<absl::CivilDay> ReadDay(absl::string_view field, absl::string_view text);

// OK for a decimal number that is not negative, with at most twelve digits before and six after the
// point; refuses with BAD_NUMBER.
absl::Status CheckDecimal(absl::string_view field, absl::string_view text);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_FIELDS_H_
