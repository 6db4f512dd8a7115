#include "services/registry/domain/continuity.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

// Of a hundred: how much of their pairs of characters two texts share.
constexpr int kSameTitle = 75;
constexpr int kSameContent = 50;
constexpr int kSameIndicator = 60;
// Lists beyond this are linked by equal titles only.
constexpr std::size_t kComparedMax = 2000;

using Pairs = std::set<std::string>;

// Without figures, so that another year or another number makes no difference.
Pairs PairsOf(absl::string_view words) {
  const std::string key = MatchKey(words);
  std::vector<absl::string_view> kept;
  for (const absl::string_view c : Chars(key)) {
    const bool figure = c.size() == 1 && absl::ascii_isdigit(static_cast<unsigned char>(c[0]));
    if (!figure && c != "年" && c != "度" && c != ".") kept.push_back(c);
  }
  Pairs pairs;
  if (kept.size() == 1) pairs.insert(std::string(kept[0]));
  for (std::size_t i = 1; i < kept.size(); ++i) pairs.insert(absl::StrCat(kept[i - 1], kept[i]));
  return pairs;
}

int Likeness(const Pairs& one, const Pairs& other) {
  if (one.empty() || other.empty()) return 0;
  std::size_t shared = 0;
  for (const std::string& pair : one) shared += other.count(pair);
  return static_cast<int>(200 * shared / (one.size() + other.size()));
}

int Likeness(absl::string_view one, absl::string_view other) {
  return Likeness(PairsOf(one), PairsOf(other));
}

bool SameGoal(const TargetRow& one, const TargetRow& other) {
  return one.kind == other.kind && one.unit == other.unit &&
         Likeness(one.indicator, other.indicator) >= kSameIndicator;
}

std::vector<std::pair<int, int>> SharedGoals(const ListedTask& now, const ListedTask& before) {
  std::vector<std::pair<int, int>> shared;
  std::set<int> taken;
  for (const TargetRow& target : now.targets) {
    for (const TargetRow& old : before.targets) {
      if (taken.count(old.no) != 0 || !SameGoal(target, old)) continue;
      taken.insert(old.no);
      shared.push_back({target.no, old.no});
      break;
    }
  }
  return shared;
}

class Linker {
 public:
  explicit Linker(absl::Span<const ListedTask> before) : before_(before) {
    for (std::size_t i = 0; i < before.size(); ++i) {
      pairs_.push_back(PairsOf(before[i].title));
      by_title_[absl::StrCat(KeyOf(pairs_.back()))].push_back(i);
    }
  }

  // The best that is left; false when there is none.
  bool Link(const ListedTask& task, bool compare_all, Continued& link) {
    const Pairs pairs = PairsOf(task.title);
    int best = 0;
    const auto consider = [&](std::size_t i, int title) {
      if (taken_.count(i) != 0 || title < kSameTitle) return;
      const int content = Likeness(task.content, before_[i].content);
      auto goals = SharedGoals(task, before_[i]);
      if (goals.empty() && content < kSameContent) return;
      const int score = title + content;
      if (score <= best) return;
      best = score;
      link.before = i;
      link.targets = std::move(goals);
    };
    const auto same = by_title_.find(KeyOf(pairs));
    if (same != by_title_.end()) {
      for (const std::size_t i : same->second) consider(i, 100);
    }
    for (std::size_t i = 0; best == 0 && compare_all && i < before_.size(); ++i) {
      consider(i, Likeness(pairs, pairs_[i]));
    }
    if (best == 0) return false;
    taken_.insert(link.before);
    return true;
  }

 private:
  static std::string KeyOf(const Pairs& pairs) {
    std::string key;
    for (const std::string& pair : pairs) absl::StrAppend(&key, pair, " ");
    return key;
  }

  absl::Span<const ListedTask> before_;
  std::vector<Pairs> pairs_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_title_;
  std::set<std::size_t> taken_;
};

}  // namespace

std::vector<Continued> FindContinued(absl::Span<const ListedTask> before,
                                     absl::Span<const ListedTask> now) {
  Linker linker(before);
  const bool compare_all = before.size() <= kComparedMax && now.size() <= kComparedMax;
  std::vector<Continued> links;
  for (std::size_t i = 0; i < now.size(); ++i) {
    Continued link;
    link.task = i;
    if (linker.Link(now[i], compare_all, link)) links.push_back(std::move(link));
  }
  return links;
}

bool SaysItContinues(absl::string_view words) {
  return ContainsAny(words, {"续建", "结转", "接续", "跨年度", "上年度未", "去年未"});
}

}  // namespace minsheng::registry
