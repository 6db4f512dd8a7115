#include "services/registry/domain/compile_words.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"

namespace minsheng::registry::compiler {
namespace {

// The first two bytes' worth of a character is too little; three bytes of one plane are 16 bits.
std::size_t SlotOf(absl::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[i]));
  };
  if (byte(0) < 0x80) return byte(0);
  if (byte(0) < 0xE0 || text.size() < 3)
    return text.size() < 2 ? 0 : (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
  return ((byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU)) & 0xFFFFU;
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
  for (std::size_t i = sorted_.size(); i > 0; --i) {
    first_[SlotOf(sorted_[i - 1].word)] = static_cast<uint16_t>(i);
  }
}

template <typename Entry>
const Entry* WordIndex<Entry>::Find(absl::string_view text) const {
  if (text.empty()) return nullptr;
  const std::size_t slot = SlotOf(text);
  if (first_[slot] == 0) return nullptr;
  for (std::size_t i = first_[slot] - 1U; i < sorted_.size(); ++i) {
    if (SlotOf(sorted_[i].word) != slot) return nullptr;
    if (absl::StartsWith(text, sorted_[i].word)) return &sorted_[i];
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
