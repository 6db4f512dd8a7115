// Which of a list's units may be one body under two names: 区发展改革委 and 区发改局, 教育局 and
// 区教育局, 区乡村振兴局 as the alias of another.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_UNIT_NAMES_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_UNIT_NAMES_H_

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/registry/domain/notice.h"

namespace minsheng::registry {

// Not thread-safe.
class UnitNames {
 public:
  struct Pair {
    std::string one;
    std::string other;
    Place place;  // where the other first stands
  };

  // Placeholders are passed over.
  void Add(const UnitRef& unit, const Place& place);

  std::vector<Pair> Alike() const;

  // Bureaus without the level (区, 县, 市) that most of the list's bureaus have.
  std::vector<std::pair<std::string, Place>> WithoutLevel() const;

 private:
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::pair<UnitRef, Place>> units_;
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_UNIT_NAMES_H_
