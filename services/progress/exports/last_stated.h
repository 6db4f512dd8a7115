// What a unit stated before on each target, for a form to show.
#ifndef MINSHENG_SERVICES_PROGRESS_EXPORTS_LAST_STATED_H_
#define MINSHENG_SERVICES_PROGRESS_EXPORTS_LAST_STATED_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "minsheng/progress/v1/progress.pb.h"
#include "services/progress/domain/period.h"

namespace minsheng::progress {

// A number or a stage's word, and its period in Chinese: {"19", "2024年4月"}. Empty: never stated.
struct Statement {
  std::string words;
  std::string period;
};

// One pass over the reports; reads are O(log). Not thread-safe while it is made.
class LastStated {
 public:
  // The newest statements of `reports` up to `period`; returned ones do not count.
  LastStated(const std::vector<v1::Report>& reports, const Period& period);

  Statement Measure(const std::string& task, int target) const;
  Statement Investment(const std::string& task) const;  // in 万元
  Statement Text(const std::string& task) const;

 private:
  struct Found {
    Period period;
    std::string words;
  };
  using Key = std::pair<std::string, int>;  // task and target, or one of the two below
  static constexpr int kInvestment = -1;
  static constexpr int kText = -2;

  void Add(const std::string& task, const Period& period, const v1::Report& report);
  void Keep(const Key& key, const Period& period, std::string words);
  Statement At(const Key& key) const;

  std::map<Key, Found> found_;
};

// 2024年5月, 2024年决算.
std::string PeriodTitle(const Period& period);

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_EXPORTS_LAST_STATED_H_
