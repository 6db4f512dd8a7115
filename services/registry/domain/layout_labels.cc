#include "services/registry/domain/layout_labels.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "services/registry/domain/layout_lines.h"
#include "services/registry/domain/text.h"

namespace minsheng::registry {
namespace {

constexpr std::size_t kLabelBytes = 48;
constexpr std::size_t kAnyLabelChars = 8;
constexpr absl::string_view kColon = "：";
constexpr absl::string_view kOpen = "【";
constexpr absl::string_view kClose = "】";
constexpr std::array<absl::string_view, 7> kClauseEnds = {"。", "；", ";", "，", ",", "\n", "！"};

// A label in the words: [begin, end) with its colon.
struct Spot {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string label;
  LabelMeaning meaning;
};

bool IsClauseEnd(absl::string_view c) {
  return std::find(kClauseEnds.begin(), kClauseEnds.end(), c) != kClauseEnds.end();
}

// The label that ends at a colon begins after the last sign or blank, at most kLabelBytes before.
void AddSpot(absl::string_view words, std::size_t from, std::size_t at, std::size_t end,
             std::vector<Spot>& spots) {
  if (at - from > kLabelBytes || at == from) return;
  const absl::string_view label = Trim(words.substr(from, at - from));
  const LabelMeaning meaning = KnownMeaningOf(label);
  if (meaning.role == Role::kUnknown) return;
  spots.push_back({from, end, RemoveSpaces(label), meaning});
}

// Follows one pass over the words: where the present clause began, and how deep in brackets.
std::vector<Spot> FindSpots(absl::string_view words) {
  std::vector<Spot> spots;
  std::size_t from = 0;
  int depth = 0;
  for (std::size_t at = 0; at < words.size();) {
    const absl::string_view c = words.substr(at, FirstCharLength(words.substr(at)));
    const std::size_t end = at + c.size();
    if (c == "（" || c == "(") ++depth;
    if (c == "）" || c == ")") depth = std::max(0, depth - 1);
    if (depth == 0 && (c == kColon || c == ":" || c == kClose)) {
      AddSpot(words, from, at, end, spots);
    }
    if (depth == 0 && (IsClauseEnd(c) || IsBlank(c) || c == kOpen)) from = end;
    at = end;
  }
  return spots;
}

std::string ValueOf(const Spot& spot, absl::string_view words) {
  words = Trim(words);
  for (const absl::string_view open : {kColon, absl::string_view(":"), kOpen}) {
    absl::ConsumePrefix(&words, open);
    absl::ConsumeSuffix(&words, kOpen);
  }
  if (spot.meaning.role == Role::kContent) return std::string(Trim(words));
  for (const absl::string_view end : {"。", "；", ";", "，", ",", "."}) {
    absl::ConsumeSuffix(&words, end);
  }
  words = Trim(words);
  const bool bare = spot.meaning.role == Role::kAmount && spot.meaning.unit &&
                    IsAmount(words, *spot.meaning.unit) && !NonePlanned(words);
  return absl::StrCat(words, bare ? MoneyUnitWord(*spot.meaning.unit) : "");
}

Labelled PartOf(const Spot& spot, absl::string_view words) {
  return {spot.label, spot.meaning, ValueOf(spot, words)};
}

std::size_t ClauseEnd(absl::string_view words, std::size_t from) {
  for (std::size_t at = from; at < words.size();) {
    const absl::string_view c = words.substr(at, FirstCharLength(words.substr(at)));
    at += c.size();
    if (c != "," && IsClauseEnd(c)) return at;
  }
  return words.size();
}

bool IsCutWithin(Role role) { return role == Role::kAmount || role == Role::kTime; }

}  // namespace

std::optional<LabelledWords> TakeLabelledLine(absl::string_view line) {
  line = Trim(line);
  const std::vector<Spot> spots = FindSpots(line);
  const bool begins =
      !spots.empty() && (spots[0].begin == 0 || line.substr(0, spots[0].begin) == kOpen);
  if (!begins) return std::nullopt;
  LabelledWords taken;
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const std::size_t end = i + 1 < spots.size() ? spots[i + 1].begin : line.size();
    taken.parts.push_back(PartOf(spots[i], line.substr(spots[i].end, end - spots[i].end)));
  }
  return taken;
}

std::optional<Labelled> TakeAnyLabel(absl::string_view line) {
  const std::size_t at = std::min(line.find(kColon), line.find(':'));
  if (at == absl::string_view::npos || at == 0 || at > kLabelBytes) return std::nullopt;
  const std::string label = RemoveSpaces(line.substr(0, at));
  const absl::string_view rest = Trim(line.substr(at + FirstCharLength(line.substr(at))));
  if (CharCount(label) > kAnyLabelChars || HasFigure(label) || rest.empty()) return std::nullopt;
  if (ContainsAny(label, {"，", "。", "；", "、", "（", "(", "“", "《"})) return std::nullopt;
  return Labelled{label, KnownMeaningOf(label), std::string(rest)};
}

LabelledWords TakeLabelsWithin(absl::string_view words) {
  LabelledWords taken;
  std::size_t kept = 0;
  for (const Spot& spot : FindSpots(words)) {
    if (!IsCutWithin(spot.meaning.role) || spot.begin < kept) continue;
    const std::size_t end = ClauseEnd(words, spot.end);
    absl::StrAppend(&taken.before, words.substr(kept, spot.begin - kept));
    taken.parts.push_back(PartOf(spot, words.substr(spot.end, end - spot.end)));
    kept = end;
  }
  absl::StrAppend(&taken.before, words.substr(kept));
  taken.before = std::string(Trim(taken.before));
  return taken;
}

}  // namespace minsheng::registry
