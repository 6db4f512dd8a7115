// Days, periods and amounts as officials write them. Internal to the folder; see assess.h for the
// words of lights and reasons.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_WORDS_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "services/progress/domain/assess.h"
#include "services/progress/domain/period.h"

namespace minsheng::progress {

std::string PeriodWords(const Period& period);               // 2024年6月, 2024年决算期
std::string PeriodWords(const Period& period, int year);     // 6月 when the period is of `year`
std::string PeriodEndWords(const Period& period, int year);  // 6月底, 决算期末
std::string DayWords(absl::CivilDay day);                    // 2024年6月12日
std::string DayWords(absl::CivilDay day, int year);          // 6月12日 when the day is of `year`
std::string AmountWords(Quantity amount, absl::string_view unit);  // 12公里
absl::string_view StageWord(WorkStage stage);                      // 开工; 未启动 for none
std::string TargetWords(const Target& target);                     // 目标1“改造管网”

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_WORDS_H_
