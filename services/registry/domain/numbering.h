// The numbers that lists put before items, sub-items and groups.
// Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_NUMBERING_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_NUMBERING_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::registry {

// A cell of 序号: 1, 1., １、, （1）, (一), 十三, ①, ★3, 1.0 (as spreadsheets export). From 1 to
// 9999.
std::optional<int> ParseItemNo(absl::string_view cell);

// The number that opens a sub-row's words: （1）, (1), （一）, ①, 1、, "1." not before a digit.
// `marker` is the number as written, `rest` the words after it.
struct SubItem {
  int no = 0;
  std::string marker;
  std::string rest;
};

std::optional<SubItem> TakeSubItem(absl::string_view words);

// The words hold the number that follows `item` as well, so that they are a list within one cell.
bool HoldsNext(const SubItem& item);

// 一、…, （一）…, 二.…: the number of a group's heading stands before its words.
bool HasHeadingNumber(absl::string_view words);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_NUMBERING_H_
