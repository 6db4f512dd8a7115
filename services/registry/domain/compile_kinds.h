// What kind of target a figure or a deed is, by the words around it. Thread-safe: pure functions.
#ifndef MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_KINDS_H_
#define MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_KINDS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "services/registry/domain/compile_words.h"
#include "services/registry/domain/targets.h"

namespace minsheng::registry::compiler {

// `sure` is false where the words allow another kind.
struct KindGuess {
  TargetKind kind = TargetKind::kCount;
  bool sure = true;
};

// A percentage: a level that is measured, or the share of a set that is reached. `behind`: what is
// counted stands behind the figure (50%以上农村黑臭水体).
KindGuess KindOfPercent(absl::string_view indicator, bool behind);

// A figure of another unit.
KindGuess KindOfFigure(absl::string_view indicator, UnitClass unit_class);

// A level that a survey measures has no baseline: 满意度, 知晓率.
bool IsSurveyed(absl::string_view indicator);

// The size of a work: 建筑面积, 全长. `only_size`: never a goal of its own.
bool EndsWithSize(absl::string_view noun, bool& only_size);

// 乡镇, 街道, 部门: where, not what.
bool IsPlaceWord(absl::string_view noun);

// A noun of work that is done or not: 综合整治, 征收拆除, 改造工程.
bool EndsWithWork(absl::string_view noun);

// Money that is itself promised (贷款), not money that pays for what is.
bool IsPromisedMoney(absl::string_view noun);

// What 人均 and 户均 divide by: 人, 户; empty when nothing does.
std::string BaseOfMean(absl::string_view indicator);

// 批次/千人: a figure of so many each, a level by its unit.
bool IsRateUnit(absl::string_view unit);

// The unit that a rate's name implies where none is printed: 万车死亡率 is 人/万车; else empty.
std::string UnitOfRate(absl::string_view indicator);

// 三年行动计划, 建设任务: words for what is to be done, no work by themselves.
bool IsPlanNoun(absl::string_view noun);

// A name that is a work: 康复楼建设, 新馆; but no 乡村振兴.
bool IsNamedWork(absl::string_view noun);

// One stretch of one road, from here to there, as the noun of a work.
bool IsStretchOfWork(absl::string_view noun);

// 服务5000小时: hours that are given, not a term or an hour of the day.
bool IsHoursOfWork(absl::string_view unit, int64_t micros);

// A deed that reaches each person once: 体检, 资助.
bool IsDeedForEach(absl::string_view words);

}  // namespace minsheng::registry::compiler

#endif  // MINSHENG_SERVICES_REGISTRY_DOMAIN_COMPILE_KINDS_H_
