#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/compile_kinds.h"
#include "services/registry/domain/compile_report.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry::compiler {
namespace {

// Holds the content against the name of its project.
class NameJudge {
 public:
  explicit NameJudge(Work& work) : work_(work) {}

  void Judge() {
    if (IsNameOnly()) {
      DoubtNameOnly();
    } else {
      DoubtParts();
    }
  }

 private:
  // The content is the name once more, and a noun: what is to be reached stands nowhere.
  bool IsNameOnly() const {
    const FoldedText name(work_.context.name);
    const bool same = !name.text().empty() && name.text() == work_.text.text();
    return same && !work_.Is(0, WordClass::kVerb) && work_.lexed.figures.empty();
  }

  void DoubtNameOnly() {
    const bool named = IsNamedWork(work_.text.text());
    for (std::size_t i = 0; i < work_.drafts.size(); ++i) {
      Draft& draft = work_.drafts[i];
      if (draft.dropped || !draft.row.value.empty()) continue;
      draft.row.kind = named ? TargetKind::kEvent : TargetKind::kQualitative;
      draft.row.comparator = named ? Comparator::kDone : Comparator::kNone;
      draft.row.stage = TargetStage::kFinish;
      work_.Doubt("NAME_ONLY", static_cast<int>(i), draft.source,
                  named ? "只有项目名称，没有写明年度目标，按完成处理，请补充"
                        : "只有项目名称，没有可以核对的目标，按定性目标处理，请补充",
                  40);
    }
  }

  // A part of the project's name that the content does not come back to.
  void DoubtParts() {
    const std::vector<absl::string_view> parts = NameParts();
    if (parts.size() < 2) return;
    for (const auto part : parts) {
      if (CharCount(part) < 4 || SharesWords(part)) continue;
      work_.Doubt("NAME_WITHOUT_CONTENT", kWholeTask, {},
                  absl::StrCat("项目名称中的“", part, "”在内容里没有对应的目标"), 0);
    }
  }

  std::vector<absl::string_view> NameParts() const {
    std::vector<absl::string_view> parts;
    absl::string_view rest = work_.context.name;
    constexpr std::array<absl::string_view, 5> kJoins = {"以及", "和", "及", "与", "、"};
    std::size_t from = 0;
    for (std::size_t at = 0; at < rest.size();) {
      std::size_t length = 0;
      for (const auto join : kJoins) {
        if (length == 0 && absl::StartsWith(rest.substr(at), join)) length = join.size();
      }
      if (length > 0) {
        parts.push_back(rest.substr(from, at - from));
        from = at + length;
      }
      at += length > 0 ? length : FirstCharLength(rest.substr(at));
    }
    parts.push_back(rest.substr(from));
    return parts;
  }

  bool SharesWords(absl::string_view part) const {
    const std::vector<absl::string_view> chars = Chars(part);
    for (std::size_t i = 0; i + 1 < chars.size(); ++i) {
      const absl::string_view pair(chars[i].data(), chars[i].size() + chars[i + 1].size());
      if (absl::StrContains(work_.text.text(), pair)) return true;
    }
    return false;
  }

  Work& work_;
};

}  // namespace

void JudgeName(Work& work) { NameJudge(work).Judge(); }

}  // namespace minsheng::registry::compiler
