// The numbers that Word puts before list paragraphs by itself: they stand nowhere in the text, yet
// the readers of the document see them. Not thread-safe: it counts as paragraphs come.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_DOCX_NUMBERING_H_
#define MINSHENG_SERVICES_REGISTRY_READER_DOCX_NUMBERING_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pugixml.hpp"

#include "services/registry/reader/docx_styles.h"

namespace minsheng::registry {

class DocxNumbering {
 public:
  DocxNumbering() = default;
  // `root` is w:numbering.
  DocxNumbering(const pugi::xml_node& root, const DocxStyles& styles);

  // Counts the next paragraph of the list and gives its number as shown (1. （1） 一、 ●), with a
  // space after it where Word leaves one; "" for a list or level that the document does not define.
  std::string Next(const ListRef& ref);

 private:
  struct Level {
    std::int64_t start = 1;
    std::string format = "decimal";
    std::string text;
    std::string suffix = "tab";
    std::int64_t restart_after = -1;  // w:lvlRestart; -1: any level above
    bool legal = false;
  };
  using Levels = std::map<std::int64_t, Level>;

  struct Abstract {
    Levels levels;
    std::string style_link;
  };

  struct List {
    std::int64_t abstract = 0;
    Levels overrides = {};
    std::map<std::int64_t, std::int64_t> starts = {};
  };

  static Level ReadLevel(const pugi::xml_node& node);
  static Levels ReadLevels(const pugi::xml_node& node);
  void AddList(const pugi::xml_node& node);
  void FollowStyleLinks(const DocxStyles& styles);
  const Level* FindLevel(const List& list, std::int64_t level) const;
  void Count(std::int64_t id, const List& list, std::int64_t level);
  std::string Label(const List& list, const Level& level) const;
  std::string ValueWords(const List& list, std::int64_t level, bool legal) const;

  std::map<std::int64_t, Abstract> abstracts_;
  std::map<std::int64_t, List> lists_;
  // By abstract list: the numbers reached, by level.
  std::map<std::int64_t, std::map<std::int64_t, std::int64_t>> counters_;
  std::set<std::pair<std::int64_t, std::int64_t>> started_;  // list and level
};

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_DOCX_NUMBERING_H_
