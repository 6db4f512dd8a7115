#include "services/progress/domain/interned.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace minsheng::progress {
namespace {

using Words = std::vector<uint32_t>;

Words At(const Sequences& sequences, Id id) {
  return Words(sequences[id].begin(), sequences[id].end());
}

TEST(SequencesTest, EqualOnesAreOne) {
  Sequences sequences;
  const Id a = sequences.Hold(Words{1, 2, 3});
  const Id b = sequences.Hold(Words{1, 2});
  EXPECT_NE(a, b);
  EXPECT_EQ(sequences.Hold(Words{1, 2, 3}), a);
  EXPECT_EQ(sequences.size(), 2u);
  EXPECT_EQ(At(sequences, a), (Words{1, 2, 3}));
  EXPECT_EQ(At(sequences, b), (Words{1, 2}));
  EXPECT_TRUE(sequences[kNoId].empty());
}

TEST(SequencesTest, TheLastHolderFrees) {
  Sequences sequences;
  const Id a = sequences.Hold(Words{1});
  sequences.Hold(Words{1});
  sequences.Drop(a);
  EXPECT_EQ(At(sequences, a), Words{1});
  sequences.Drop(a);
  EXPECT_EQ(sequences.size(), 0u);
  EXPECT_EQ(sequences.Hold(Words{2}), a);
  EXPECT_EQ(At(sequences, a), Words{2});
  sequences.Drop(kNoId);
}

TEST(InstantsTest, NumbersAreOfInstants) {
  Instants instants;
  const Id never = instants.IdOf(absl::InfiniteFuture());
  const Id epoch = instants.IdOf(absl::UnixEpoch());
  EXPECT_NE(never, epoch);
  EXPECT_EQ(instants.IdOf(absl::UnixEpoch()), epoch);
  EXPECT_EQ(instants[never], absl::InfiniteFuture());
  EXPECT_EQ(instants[epoch], absl::UnixEpoch());
}

TEST(NamesTest, AreKnownUnderTheirParent) {
  Names names;
  EXPECT_EQ(names.IdOf(1, "a"), 0u);
  EXPECT_EQ(names.IdOf(2, "a"), 1u);
  EXPECT_EQ(names.IdOf(1, "ab"), 2u);
  EXPECT_EQ(names.IdOf(1, ""), 3u);
  EXPECT_EQ(names.IdOf(1, "a"), 0u);
  EXPECT_EQ(names.Find(2, "a"), 1u);
  EXPECT_EQ(names.Find(2, "ab"), std::nullopt);
  EXPECT_EQ(names.Text(2), "ab");
  EXPECT_EQ(names.Text(3), "");
  EXPECT_EQ(names.size(), 4u);
}

TEST(NamesTest, ManyAreFoundAgain) {
  Names names;
  for (Id i = 0; i < 5000; ++i) ASSERT_EQ(names.IdOf(i % 7, absl::StrCat("name-", i)), i);
  for (Id i = 0; i < 5000; ++i) {
    ASSERT_EQ(names.Find(i % 7, absl::StrCat("name-", i)), i);
    ASSERT_EQ(names.Find((i + 1) % 7, absl::StrCat("name-", i)), std::nullopt);
  }
}

}  // namespace
}  // namespace minsheng::progress
