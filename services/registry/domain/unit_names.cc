#include "services/registry/domain/unit_names.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::array<absl::string_view, 3> kLevels = {"区", "县", "市"};
constexpr std::array<absl::string_view, 7> kOrgans = {"委员会", "办公室", "局",  "委",
                                                      "办",     "厅",     "中心"};
constexpr std::size_t kFewestWithLevel = 3;

absl::string_view LevelOf(absl::string_view name) {
  for (const absl::string_view level : kLevels) {
    if (absl::StartsWith(name, level)) return level;
  }
  return "";
}

// 区发展改革委 → 发展改革; empty for what is no bureau.
std::string CoreOf(absl::string_view name) {
  for (const absl::string_view level : kLevels) {
    if (absl::ConsumePrefix(&name, level)) break;
  }
  for (const absl::string_view organ : kOrgans) {
    if (absl::ConsumeSuffix(&name, organ)) return std::string(name);
  }
  return "";
}

// 发改 is in 发展改革, character by character, from its beginning.
bool IsShortFor(absl::string_view brief, absl::string_view full) {
  const auto some = Chars(brief);
  const auto all = Chars(full);
  if (some.size() < 2 || some.size() >= all.size() || some[0] != all[0]) return false;
  std::size_t at = 0;
  for (const absl::string_view c : all) {
    if (at < some.size() && some[at] == c) ++at;
  }
  return at == some.size();
}

bool SameLevel(absl::string_view one, absl::string_view other) {
  const absl::string_view a = LevelOf(one);
  const absl::string_view b = LevelOf(other);
  return a == b || a.empty() || b.empty();
}

bool AreAlike(const UnitRef& one, const UnitRef& other) {
  if (one.alias == other.name || other.alias == one.name) return true;
  const std::string a = CoreOf(one.name);
  const std::string b = CoreOf(other.name);
  if (a.empty() || b.empty() || !SameLevel(one.name, other.name)) return false;
  return a == b || IsShortFor(a, b) || IsShortFor(b, a);
}

}  // namespace

void UnitNames::Add(const UnitRef& unit, const Place& place) {
  if (unit.kind != UnitRef::kUnit) return;
  const auto [at, fresh] = index_.emplace(unit.name, units_.size());
  if (fresh) {
    units_.push_back({unit, place});
  } else if (units_[at->second].first.alias.empty()) {
    units_[at->second].first.alias = unit.alias;
  }
}

std::vector<UnitNames::Pair> UnitNames::Alike() const {
  // Alike names share their first character after the level, or an alias.
  std::unordered_map<std::string, std::vector<std::size_t>> by_begin;
  for (std::size_t i = 0; i < units_.size(); ++i) {
    const UnitRef& unit = units_[i].first;
    const std::string core = CoreOf(unit.name);
    by_begin[core.substr(0, FirstCharLength(core))].push_back(i);
    if (!unit.alias.empty()) by_begin[unit.alias].push_back(i);
    by_begin[unit.name].push_back(i);
  }
  std::map<std::pair<std::size_t, std::size_t>, bool> seen;
  for (const auto& [begin, some] : by_begin) {
    if (begin.empty()) continue;
    for (std::size_t i = 0; i < some.size(); ++i) {
      for (std::size_t j = i + 1; j < some.size(); ++j) {
        if (some[i] == some[j]) continue;
        if (AreAlike(units_[some[i]].first, units_[some[j]].first)) {
          seen[std::minmax(some[i], some[j])] = true;
        }
      }
    }
  }
  std::vector<Pair> pairs;
  for (const auto& [pair, alike] : seen) {
    const auto& [other, place] = units_[pair.second];
    pairs.push_back({units_[pair.first].first.name, other.name, place});
  }
  return pairs;
}

std::vector<std::pair<std::string, Place>> UnitNames::WithoutLevel() const {
  std::size_t with = 0;
  std::vector<std::pair<std::string, Place>> without;
  for (const auto& [unit, place] : units_) {
    if (!absl::EndsWith(unit.name, "局") && !absl::EndsWith(unit.name, "委")) continue;
    const bool bare = !ContainsAny(unit.name, kLevels) && CharCount(unit.name) <= 4;
    if (bare) {
      without.push_back({unit.name, place});
    } else if (!LevelOf(unit.name).empty()) {
      ++with;
    }
  }
  const bool usual = with >= kFewestWithLevel && with > 3 * without.size();
  return usual ? without : std::vector<std::pair<std::string, Place>>();
}

}  // namespace minsheng::registry
