#include "services/registry/reader/docx_numbering.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/reader/number_words.h"
#include "services/registry/reader/xml.h"

namespace minsheng::registry {
namespace {

constexpr std::int64_t kMaxLevel = 8;
constexpr std::int64_t kMaxStart = 1'000'000;

std::int64_t ReadStart(const pugi::xml_node& node, std::int64_t fallback) {
  const std::int64_t start = node ? IntAttribute(node, "val", fallback) : fallback;
  return start < 0 || start > kMaxStart ? fallback : start;
}

// Signs of symbol fonts lie in a private area: any of them is a bullet.
std::string BulletSign(const std::string& text) {
  const bool is_private = absl::StartsWith(text, "\xEE") || absl::StartsWith(text, "\xEF");
  return is_private ? "●" : text;
}

}  // namespace

DocxNumbering::DocxNumbering(const pugi::xml_node& root, const DocxStyles& styles) {
  for (const pugi::xml_node& node : root) {
    if (LocalName(node) == "num") AddList(node);
    if (LocalName(node) != "abstractNum") continue;
    abstracts_[IntAttribute(node, "abstractNumId", 0)] = {
        ReadLevels(node), std::string(Attribute(Child(node, "numStyleLink"), "val"))};
  }
  FollowStyleLinks(styles);
}

DocxNumbering::Levels DocxNumbering::ReadLevels(const pugi::xml_node& node) {
  Levels levels;
  for (const pugi::xml_node& child : node) {
    const std::int64_t level = IntAttribute(child, "ilvl", 0);
    if (LocalName(child) == "lvl" && level >= 0 && level <= kMaxLevel) {
      levels[level] = ReadLevel(child);
    }
  }
  return levels;
}

DocxNumbering::Level DocxNumbering::ReadLevel(const pugi::xml_node& node) {
  Level level;
  level.start = ReadStart(Child(node, "start"), 0);
  level.text = std::string(Attribute(Child(node, "lvlText"), "val"));
  level.legal = IsOn(Child(node, "isLgl"));
  level.restart_after = IntAttribute(Child(node, "lvlRestart"), "val", -1);
  if (const auto format = Child(node, "numFmt"))
    level.format = std::string(Attribute(format, "val"));
  if (const auto suffix = Child(node, "suff")) level.suffix = std::string(Attribute(suffix, "val"));
  return level;
}

void DocxNumbering::AddList(const pugi::xml_node& node) {
  List list{.abstract = IntAttribute(Child(node, "abstractNumId"), "val", 0)};
  for (const pugi::xml_node& child : node) {
    if (LocalName(child) != "lvlOverride") continue;
    const std::int64_t level = IntAttribute(child, "ilvl", 0);
    for (auto& [own, read] : ReadLevels(child)) list.overrides[own] = read;
    if (const auto start = Child(child, "startOverride")) {
      list.starts[level] = ReadStart(start, 1);
    }
  }
  lists_[IntAttribute(node, "numId", 0)] = list;
}

void DocxNumbering::FollowStyleLinks(const DocxStyles& styles) {
  for (auto& [id, list] : lists_) {
    const auto abstract = abstracts_.find(list.abstract);
    if (abstract == abstracts_.end() || abstract->second.style_link.empty()) continue;
    const auto linked = styles.ListOfStyle(abstract->second.style_link);
    const auto other = linked ? lists_.find(*linked) : lists_.end();
    if (other != lists_.end()) list.abstract = other->second.abstract;
  }
}

const DocxNumbering::Level* DocxNumbering::FindLevel(const List& list, std::int64_t level) const {
  const auto own = list.overrides.find(level);
  if (own != list.overrides.end()) return &own->second;
  const auto abstract = abstracts_.find(list.abstract);
  if (abstract == abstracts_.end()) return nullptr;
  const auto found = abstract->second.levels.find(level);
  return found == abstract->second.levels.end() ? nullptr : &found->second;
}

void DocxNumbering::Count(std::int64_t id, const List& list, std::int64_t level) {
  auto& counters = counters_[list.abstract];
  const auto start = list.starts.find(level);
  const bool first = started_.insert({id, level}).second;
  const auto counter = counters.find(level);
  if (first && start != list.starts.end()) {
    counters[level] = start->second;
  } else if (counter != counters.end()) {
    ++counter->second;
  } else {
    counters[level] = FindLevel(list, level)->start;
  }
  for (auto deeper = counters.upper_bound(level); deeper != counters.end();) {
    const Level* settings = FindLevel(list, deeper->first);
    const bool kept =
        settings != nullptr && settings->restart_after >= 0 && settings->restart_after < level + 1;
    deeper = kept ? std::next(deeper) : counters.erase(deeper);
  }
}

std::string DocxNumbering::ValueWords(const List& list, std::int64_t level, bool legal) const {
  const Level* settings = FindLevel(list, level);
  if (settings == nullptr) return "";
  const auto& counters = counters_.at(list.abstract);
  const auto counter = counters.find(level);
  const std::int64_t value = counter == counters.end() ? settings->start : counter->second;
  return NumberWords(value, legal ? "decimal" : settings->format);
}

std::string DocxNumbering::Label(const List& list, const Level& level) const {
  std::string label;
  for (std::size_t i = 0; i < level.text.size(); ++i) {
    const bool value = level.text[i] == '%' && i + 1 < level.text.size() &&
                       absl::ascii_isdigit(level.text[i + 1]) && level.text[i + 1] != '0';
    if (value) {
      label += ValueWords(list, level.text[++i] - '1', level.legal);
    } else {
      label += level.text[i];
    }
  }
  return label;
}

std::string DocxNumbering::Next(const ListRef& ref) {
  const auto list = lists_.find(ref.list.value_or(0));
  const std::int64_t at = ref.level.value_or(0);
  if (list == lists_.end()) return "";
  const Level* level = FindLevel(list->second, at);
  if (level == nullptr || level->format == "none") return "";
  Count(list->first, list->second, at);
  const std::string label =
      level->format == "bullet" ? BulletSign(level->text) : Label(list->second, *level);
  if (label.empty()) return "";
  return level->suffix == "nothing" ? label : absl::StrCat(label, " ");
}

}  // namespace minsheng::registry
