#include "services/progress/domain/interned.h"

#include <utility>

#include "absl/hash/hash.h"

namespace minsheng::progress {

size_t Sequences::Hash::operator()(Words words) const { return absl::HashOf(words); }

Id Sequences::Hold(Words words) {
  const auto found = ids_.find(words);
  if (found != ids_.end()) {
    ++items_[found->second].holders;
    return found->second;
  }
  Id id = static_cast<Id>(items_.size());
  if (free_.empty()) {
    items_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  const auto added = ids_.emplace(std::vector<uint32_t>(words.begin(), words.end()), id).first;
  items_[id] = {&added->first, 1};
  return id;
}

void Sequences::Drop(Id id) {
  if (id == kNoId || --items_[id].holders > 0) return;
  ids_.erase(ids_.find(Words(*items_[id].words)));
  items_[id].words = nullptr;
  free_.push_back(id);
}

Sequences::Words Sequences::operator[](Id id) const {
  return id == kNoId ? Words() : Words(*items_[id].words);
}

Id Instants::IdOf(absl::Time instant) {
  const auto [found, is_new] = ids_.try_emplace(instant, static_cast<Id>(instants_.size()));
  if (is_new) instants_.push_back(instant);
  return found->second;
}

size_t Names::Hash::operator()(const Key& key) const { return absl::HashOf(key.parent, key.text); }

bool Names::Equal::operator()(Id a, const Key& b) const {
  const Key key = names->KeyOf(a);
  return key.parent == b.parent && key.text == b.text;
}

Id Names::IdOf(Id parent, absl::string_view text) {
  if (const auto found = Find(parent, text)) return *found;
  const Id id = size();
  entries_.push_back({parent, static_cast<uint32_t>(text_.size())});
  text_.append(text.data(), text.size());
  ids_.insert(id);
  return id;
}

std::optional<Id> Names::Find(Id parent, absl::string_view text) const {
  const auto found = ids_.find(Key{parent, text});
  return found == ids_.end() ? std::nullopt : std::optional<Id>(*found);
}

absl::string_view Names::Text(Id id) const {
  const size_t begin = entries_[id].begin;
  const size_t end = id + 1 < size() ? entries_[id + 1].begin : text_.size();
  return absl::string_view(text_).substr(begin, end - begin);
}

}  // namespace minsheng::progress
