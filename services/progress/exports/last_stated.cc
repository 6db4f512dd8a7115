#include "services/progress/exports/last_stated.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/progress/exports/report_form.h"

namespace minsheng::progress {
namespace {

constexpr int64_t kFenPerWanYuan = 1'000'000;

// Exact, without trailing zeros: 120.5.
std::string WanYuan(int64_t fen) {
  std::string words = absl::StrCat(fen / kFenPerWanYuan);
  const int64_t rest = fen % kFenPerWanYuan;
  if (rest == 0) return words;
  std::string decimals = absl::StrCat(kFenPerWanYuan + rest).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return absl::StrCat(words, ".", decimals);
}

std::string MeasureWords(const v1::Measure& measure) {
  const int stage = measure.work_stage();
  const bool known = stage > 0 && stage <= static_cast<int>(kStageWords.size());
  return known ? kStageWords[static_cast<size_t>(stage) - 1] : measure.value();
}

}  // namespace

LastStated::LastStated(const std::vector<v1::Report>& reports, const Period& period) {
  for (const v1::Report& report : reports) {
    // "…/tasks/1/reports/2024-06" or with "@2".
    const std::vector<std::string> parts = absl::StrSplit(report.name(), "/reports/");
    if (parts.size() != 2 || report.has_return_time()) continue;
    const auto of = Period::Parse(parts[1].substr(0, parts[1].find('@')));
    if (of.ok() && *of <= period) Add(parts[0], *of, report);
  }
}

void LastStated::Add(const std::string& task, const Period& period, const v1::Report& report) {
  for (const v1::Measure& measure : report.measures()) {
    Keep({task, measure.target()}, period, MeasureWords(measure));
  }
  if (report.has_completed_investment()) {
    Keep({task, kInvestment}, period, WanYuan(report.completed_investment().fen()));
  }
  if (!report.progress_text().empty()) Keep({task, kText}, period, report.progress_text());
}

void LastStated::Keep(const Key& key, const Period& period, std::string words) {
  const auto [it, fresh] = found_.try_emplace(key, Found{period, words});
  if (!fresh && it->second.period <= period) it->second = {period, std::move(words)};
}

Statement LastStated::At(const Key& key) const {
  const auto it = found_.find(key);
  if (it == found_.end()) return {};
  return {it->second.words, PeriodTitle(it->second.period)};
}

Statement LastStated::Measure(const std::string& task, int target) const {
  return At({task, target});
}
Statement LastStated::Investment(const std::string& task) const { return At({task, kInvestment}); }
Statement LastStated::Text(const std::string& task) const { return At({task, kText}); }

std::string PeriodTitle(const Period& period) {
  if (period.is_final()) return absl::StrCat(period.year(), "年决算");
  return absl::StrCat(period.year(), "年", period.month().month(), "月");
}

}  // namespace minsheng::progress
