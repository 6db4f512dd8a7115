// What many tasks have in common, kept once: sequences of numbers and names, each known by a small
// number. A million tasks then cost a few bytes each. Derived state, never stored. Not thread-safe:
// the caller guards it.
#ifndef MINSHENG_SERVICES_PROGRESS_DOMAIN_INTERNED_H_
#define MINSHENG_SERVICES_PROGRESS_DOMAIN_INTERNED_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

namespace minsheng::progress {

// Numbers from 0 that arrays are kept by.
using Id = uint32_t;
inline constexpr Id kNoId = std::numeric_limits<Id>::max();

// Equal sequences are one, for as long as someone holds it.
class Sequences {
 public:
  using Words = absl::Span<const uint32_t>;

  // The sequence's id, with one more holder; equal ids mean equal sequences.
  Id Hold(Words words);
  // One holder less; the last one's id may be given to another sequence. kNoId does nothing.
  void Drop(Id id);
  // Empty for kNoId. Valid until the sequence is dropped.
  Words operator[](Id id) const;
  // How many different ones are held.
  size_t size() const { return ids_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(Words words) const;
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(Words a, Words b) const { return a == b; }
  };
  struct Item {
    const std::vector<uint32_t>* words = nullptr;  // a key of ids_
    uint32_t holders = 0;
  };

  absl::node_hash_map<std::vector<uint32_t>, Id, Hash, Equal> ids_;
  std::vector<Item> items_;
  std::vector<Id> free_;
};

// Instants by number: the ends of months and due days, few and for ever.
class Instants {
 public:
  Id IdOf(absl::Time instant);
  absl::Time operator[](Id id) const { return instants_[id]; }

 private:
  absl::flat_hash_map<absl::Time, Id> ids_;
  std::vector<absl::Time> instants_;
};

// Names under a parent ("2" of a project), numbered from 0 in the order they came and never
// forgotten. Neither copied nor moved.
class Names {
 public:
  Names() : ids_(0, Hash{this}, Equal{this}) {}
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  Id IdOf(Id parent, absl::string_view text);
  std::optional<Id> Find(Id parent, absl::string_view text) const;
  absl::string_view Text(Id id) const;
  Id size() const { return static_cast<Id>(entries_.size()); }

 private:
  struct Entry {
    Id parent;
    uint32_t begin;  // in text_, up to the next entry's
  };
  struct Key {
    Id parent;
    absl::string_view text;
  };
  struct Hash {
    using is_transparent = void;
    const Names* names;
    size_t operator()(const Key& key) const;
    size_t operator()(Id id) const { return (*this)(names->KeyOf(id)); }
  };
  struct Equal {
    using is_transparent = void;
    const Names* names;
    bool operator()(Id a, Id b) const { return a == b; }
    bool operator()(Id a, const Key& b) const;
  };

  Key KeyOf(Id id) const { return {entries_[id].parent, Text(id)}; }

  std::string text_;
  std::vector<Entry> entries_;
  absl::flat_hash_set<Id, Hash, Equal> ids_;
};

}  // namespace minsheng::progress

#endif  // MINSHENG_SERVICES_PROGRESS_DOMAIN_INTERNED_H_
