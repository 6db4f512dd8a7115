// Early return for absl::Status and absl::StatusOr.
#ifndef MINSHENG_SERVICES_PLATFORM_BASE_STATUS_MACROS_H_
#define MINSHENG_SERVICES_PLATFORM_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define MINSHENG_CONCAT_INNER(a, b) a##b
#define MINSHENG_CONCAT(a, b) MINSHENG_CONCAT_INNER(a, b)

// Returns the status from the enclosing function unless it is OK.
#define RETURN_IF_ERROR(expression) \
  MINSHENG_RETURN_IF_ERROR(MINSHENG_CONCAT(minsheng_status_, __COUNTER__), expression)
#define MINSHENG_RETURN_IF_ERROR(holder, expression) \
  do {                                               \
    absl::Status holder = (expression);              \
    if (!holder.ok()) [[unlikely]]                   \
      return holder;                                 \
  } while (false)

// Declares `lhs` from a StatusOr, or returns its status.
#define ASSIGN_OR_RETURN(lhs, expression) \
  MINSHENG_ASSIGN_OR_RETURN(MINSHENG_CONCAT(minsheng_or_, __COUNTER__), lhs, expression)
#define MINSHENG_ASSIGN_OR_RETURN(holder, lhs, expression) \
  auto holder = (expression);                              \
  if (!holder.ok()) [[unlikely]]                           \
    return std::move(holder).status();                     \
  lhs = *std::move(holder)

#endif  // MINSHENG_SERVICES_PLATFORM_BASE_STATUS_MACROS_H_
