// Which tasks of a year's list go on from the year before. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_CONTINUITY_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_CONTINUITY_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "services/registry/domain/targets.h"

namespace minsheng::registry {

// `title` is the project's.
struct ListedTask {
  std::string title;
  std::string content;
  std::vector<TargetRow> targets;
};

// `task` and `before` are places in the two lists. `targets` are the numbers of the goals that both
// have: this year's, last year's.
struct Continued {
  std::size_t task = 0;
  std::size_t before = 0;
  std::vector<std::pair<int, int>> targets;
};

// A task goes on from the one whose project has the same title, years and spelling aside, or nearly
// the same, and which promised one of its goals or says nearly the same; each is continued once. In
// the order of `now`.
std::vector<Continued> FindContinued(absl::Span<const ListedTask> before,
                                     absl::Span<const ListedTask> now);

// The words say that the work began before: 续建, 结转.
bool SaysItContinues(absl::string_view words);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_CONTINUITY_H_
