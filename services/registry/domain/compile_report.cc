#include "services/registry/domain/compile_report.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_numbers.h"
#include "services/registry/domain/compile_reader.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

constexpr std::size_t kMaxDoubts = 2000;
constexpr int kMinConfidence = 5;

// More than a district has of anything that is counted one by one.
constexpr int64_t kSuspectCount = 10'000'000 * kMillionths;

class Reporter {
 public:
  explicit Reporter(Work& work) : work_(work) {}

  Compiled Report() {
    FallBack();
    AddUsualDoubts();
    Number();
    AddTargets();
    AddSteps();
    AddDoubts();
    AddUnread();
    return std::move(compiled_);
  }

 private:
  // Words without any target are a duty in words.
  void FallBack() {
    const bool some = std::any_of(work_.drafts.begin(), work_.drafts.end(),
                                  [](const Draft& draft) { return !draft.dropped; });
    const auto size = static_cast<uint32_t>(work_.text.text().size());
    if (some || size == 0) return;
    if (!work_.steps.empty() && !work_.context.name.empty()) return FallBackOnName(size);
    if (!work_.steps.empty()) return;
    Draft draft;
    draft.source = {0, size};
    draft.row.indicator = Shortened(work_.text.Words(draft.source), 40);
    draft.row.kind = TargetKind::kQualitative;
    draft.confidence = 40;
    work_.drafts.push_back(std::move(draft));
    work_.Doubt("NO_TARGET", static_cast<int>(work_.drafts.size()) - 1, {0, size},
                "没有读出可以核对的目标，按定性目标处理", 0);
  }

  // Dates alone: what they date is the project.
  void FallBackOnName(uint32_t size) {
    Draft draft;
    draft.source = {0, size};
    draft.row.indicator = Shortened(work_.context.name, 60);
    draft.row.kind = TargetKind::kEvent;
    draft.row.comparator = Comparator::kDone;
    draft.confidence = 70;
    work_.drafts.push_back(std::move(draft));
    work_.Doubt("INDICATOR_ASSUMED", static_cast<int>(work_.drafts.size()) - 1, {0, size},
                "内容只有时间，采用项目名称作为目标", 30);
  }

  void AddUsualDoubts() {
    for (std::size_t i = 0; i < work_.drafts.size(); ++i) {
      if (!work_.drafts[i].dropped) AddUsualDoubts(static_cast<int>(i));
    }
    DoubtFalls();
    JudgeName(work_);
  }

  void AddUsualDoubts(int index) {
    const Draft& draft = work_.draft(index);
    const TargetRow& row = draft.row;
    const bool based = !row.base.empty();
    if (row.kind == TargetKind::kCoverage && !based) {
      work_.Doubt("BASE_NEEDED", index, draft.source, "覆盖面的基数没有写明，请补充", 0);
    }
    if (row.kind == TargetKind::kLevel && row.baseline.empty() && !IsSurveyed(row.indicator)) {
      work_.Doubt("BASELINE_NEEDED", index, draft.source, "现有水平没有写明，请补充", 0);
    }
    const bool percent = draft.unit_class == UnitClass::kPercent;
    const bool over = percent && draft.micros > 100 * kMillionths;
    if (over && !absl::StrContains(row.indicator, "增")) {
      work_.Doubt("OVER_HUNDRED", index, draft.source,
                  absl::StrCat("百分比", row.value, "超过100，照原文采用"), 30);
    }
    const bool counted = draft.unit_class == UnitClass::kCounted;
    if (counted && draft.micros >= kSuspectCount) {
      work_.Doubt(
          "SCALE_SUSPECT", index, draft.source,
          absl::StrCat("“", work_.text.Words(draft.figure), row.unit, "”大得少见，请核对“万”“亿”"),
          40);
    }
  }

  // 3月底100个，6月底50个: whether a sum or a slip, it is no cumulative plan.
  void DoubtFalls() {
    std::vector<const DraftStep*> steps;
    for (const DraftStep& step : work_.steps) {
      if (!step.step.value.empty() && step.step.stage == TargetStage::kFinish) {
        steps.push_back(&step);
      }
    }
    std::stable_sort(steps.begin(), steps.end(), [](const DraftStep* a, const DraftStep* b) {
      return a->draft != b->draft ? a->draft < b->draft : a->step.due_on < b->step.due_on;
    });
    for (std::size_t i = 1; i < steps.size(); ++i) {
      const DraftStep& before = *steps[i - 1];
      const DraftStep& step = *steps[i];
      const bool falls = before.draft == step.draft && before.step.unit == step.step.unit &&
                         ReadNumber(step.step.value).micros < ReadNumber(before.step.value).micros;
      if (!falls) continue;
      work_.Doubt("MILESTONES_FALL", step.draft, {},
                  absl::StrCat("“", step.step.words, "”比前一节点少，可能不是累计数，照原文采用"),
                  20);
    }
  }

  static bool IsMeasured(TargetKind kind) {
    return kind != TargetKind::kQualitative && kind != TargetKind::kService;
  }

  // Numbers go by the place in the text, what can be measured before what cannot: reports name
  // targets by number.
  void Number() {
    order_.resize(work_.drafts.size());
    std::iota(order_.begin(), order_.end(), 0);
    order_.erase(
        std::remove_if(order_.begin(), order_.end(), [&](int i) { return work_.draft(i).dropped; }),
        order_.end());
    std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) {
      const bool one = IsMeasured(work_.draft(a).row.kind);
      const bool other = IsMeasured(work_.draft(b).row.kind);
      return one != other ? one : work_.draft(a).source.begin < work_.draft(b).source.begin;
    });
    numbers_.assign(work_.drafts.size(), 0);
    for (std::size_t i = 0; i < order_.size(); ++i) {
      numbers_[static_cast<std::size_t>(order_[i])] = static_cast<int>(i) + 1;
    }
  }

  int NumberOf(int draft) const {
    return draft < 0 ? 0 : numbers_[static_cast<std::size_t>(draft)];
  }

  void AddTargets() {
    compiled_.targets.reserve(order_.size());
    for (const int index : order_) {
      Draft& draft = work_.draft(index);
      CompiledTarget target;
      target.row = std::move(draft.row);
      CleanIndicator(target.row.indicator);
      target.row.no = NumberOf(index);
      target.row.part_of = NumberOf(draft.part_of);
      target.source = work_.text.Origin(draft.source);
      target.confidence = std::clamp(draft.confidence, kMinConfidence, 100);
      compiled_.targets.push_back(std::move(target));
    }
  }

  // One line of a table: no control characters, never empty.
  static void CleanIndicator(std::string& indicator) {
    indicator.erase(std::remove_if(indicator.begin(), indicator.end(),
                                   [](char c) { return c >= 0 && c < ' '; }),
                    indicator.end());
    if (IsBlank(indicator)) indicator = "未写明";
  }

  void AddSteps() {
    for (DraftStep& step : work_.steps) {
      step.step.target = NumberOf(step.draft);
      compiled_.steps.push_back(std::move(step.step));
    }
    std::stable_sort(compiled_.steps.begin(), compiled_.steps.end(),
                     [](const DatedStep& a, const DatedStep& b) { return a.due_on < b.due_on; });
  }

  void AddDoubts() {
    for (DraftDoubt& doubt : work_.doubts) {
      if (compiled_.doubts.size() >= kMaxDoubts) return;
      const bool gone = doubt.draft >= 0 && work_.draft(doubt.draft).dropped;
      if (gone) continue;
      compiled_.doubts.push_back({std::move(doubt.code), NumberOf(doubt.draft),
                                  work_.text.Origin(doubt.place), std::move(doubt.message)});
    }
  }

  // A token says something by itself.
  static bool IsContentful(const Token& token) {
    switch (token.type) {
      case TokenType::kText:
      case TokenType::kName:
      case TokenType::kFigure:
      case TokenType::kDate:
      case TokenType::kEach:
        return true;
      case TokenType::kWord:
        return token.word == WordClass::kQuality || token.word == WordClass::kService ||
               token.word == WordClass::kAll ||
               (token.word == WordClass::kVerb && (token.arg & kKeptVerb) != 0);
      default:
        return false;
    }
  }

  std::vector<Span> UsedSpans() {
    std::vector<Span> used = work_.used;
    for (const int index : order_) used.push_back(work_.draft(index).source);
    for (const DraftStep& step : work_.steps) used.push_back(step.words);
    std::sort(used.begin(), used.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    return used;
  }

  // Neighbouring tokens that no source covers make one stretch.
  void AddUnread() {
    const std::vector<Span> used = UsedSpans();
    std::size_t next = 0;
    uint32_t covered = 0;
    Span open;
    for (const Token& token : work_.lexed.tokens) {
      while (next < used.size() && used[next].begin <= token.span.begin) {
        covered = std::max(covered, used[next].end);
        ++next;
      }
      const bool read = token.span.begin < covered;
      const bool breaks =
          read || token.type == TokenType::kStop || token.type == TokenType::kMarker;
      if (breaks) CloseUnread(open);
      if (breaks || !IsContentful(token)) continue;
      if (open.empty()) open.begin = token.span.begin;
      open.end = token.span.end;
    }
    CloseUnread(open);
  }

  void CloseUnread(Span& open) {
    const absl::string_view words = work_.Words(open);
    if (!open.empty() && words != "的" && words != "工作" && words != "进行") {
      compiled_.unread.push_back(work_.text.Origin(open));
    }
    open = {};
  }

  Work& work_;
  Compiled compiled_;
  std::vector<int> order_;
  std::vector<int> numbers_;
};

}  // namespace

Compiled Report(Work& work) { return Reporter(work).Report(); }

Compiled ReportSchedule(const CompileContext& context) {
  Work work("", context);
  ReadSchedule(work);
  return Reporter(work).Report();
}

}  // namespace minsheng::registry::compiler
