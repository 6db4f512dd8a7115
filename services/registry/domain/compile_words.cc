#include "services/registry/domain/compile_words.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"

#include "services/registry/domain/compile_text.h"

namespace minsheng::registry::compiler {
namespace {

std::size_t SlotOf(absl::string_view text) { return CodeOf(text); }

// Their last bytes differ most often.
bool SameTail(absl::string_view text, absl::string_view word) {
  return text[word.size() - 1] == word.back() && (word.size() <= 3 || absl::StartsWith(text, word));
}

}  // namespace

template <typename Entry>
WordIndex<Entry>::WordIndex(absl::Span<const Entry> entries)
    : sorted_(entries.begin(), entries.end()) {
  std::stable_sort(sorted_.begin(), sorted_.end(), [](const Entry& a, const Entry& b) {
    const std::size_t slot_a = SlotOf(a.word);
    const std::size_t slot_b = SlotOf(b.word);
    return slot_a != slot_b ? slot_a < slot_b : a.word.size() > b.word.size();
  });
  for (const Entry& entry : sorted_) slots_.push_back(static_cast<uint16_t>(SlotOf(entry.word)));
  for (std::size_t i = sorted_.size(); i > 0; --i) {
    first_[SlotOf(sorted_[i - 1].word)] = static_cast<uint16_t>(i);
  }
}

template <typename Entry>
const Entry* WordIndex<Entry>::Find(absl::string_view text) const {
  if (text.empty()) return nullptr;
  const std::size_t slot = SlotOf(text);
  if (first_[slot] == 0) return nullptr;
  for (std::size_t i = first_[slot] - 1U; i < slots_.size() && slots_[i] == slot; ++i) {
    const absl::string_view word = sorted_[i].word;
    if (word.size() <= text.size() && SameTail(text, word)) return &sorted_[i];
  }
  return nullptr;
}

const WordEntry* FindWord(absl::string_view text) {
  static const auto& index = *new WordIndex<WordEntry>(AllWords());
  return index.Find(text);
}

const UnitEntry* FindUnit(absl::string_view text) {
  static const auto& index = *new WordIndex<UnitEntry>(AllUnits());
  return index.Find(text);
}

}  // namespace minsheng::registry::compiler
