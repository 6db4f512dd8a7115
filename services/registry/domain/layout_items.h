// Items of a list that is no table, on their way into the columns of one.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_ITEMS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_ITEMS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/layout_labels.h"
#include "services/registry/domain/layout_lines.h"

namespace minsheng::registry {

// `kept` are columns that have no field here, by label. A group has `no` in Chinese and a name; a
// sub-row has contents only.
struct ListItem {
  int row = 0;
  std::string no = {};
  std::string name = {};
  std::string content = {};
  std::string amount = {};
  std::string leads = {};
  std::string assists = {};
  std::vector<std::pair<std::string, std::string>> kept = {};

  // Puts labelled words where they belong; of two for one field the second is kept under a label of
  // its own.
  void Put(const Labelled& part);
  void Keep(const std::string& label, const std::string& words);
};

// Gathers items and makes their table: 序号, 项目名称, 工作内容, those of 总投资, 牵头单位 and
// 配合单位 that any item has, then the kept ones. Not thread-safe; one use.
class ItemTable {
 public:
  void Add(ListItem item) { items_.push_back(std::move(item)); }
  TableMaker Take() const;

 private:
  std::vector<ListItem> items_;
};

// The name is the words before the first 。 or ： (or those in 【】, or before a blank) when they
// are short and have no figure, and the content what follows; else the name is the first clause and
// the content the whole. `more` is what stands in further lines. Words without either give no
// content.
struct NamedWords {
  std::string name;
  std::string content;
};
NamedWords NameItem(absl::string_view words, absl::string_view more);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_LAYOUT_ITEMS_H_
