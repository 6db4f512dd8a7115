#include "services/registry/reader/notes.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "services/registry/domain/text.h"
#include "services/registry/reader/limits.h"
#include "services/registry/reader/rich_text.h"

namespace minsheng::registry {

void Notes::Add(ReadingNote note) {
  if (++counts_[note.code] <= kMaxNotesPerCode) notes_.push_back(std::move(note));
}

void Notes::WarnOf(absl::string_view words, int row, absl::string_view code,
                   absl::string_view message) {
  if (IsBlank(words)) return;
  ReadingNote note;
  note.severity = ReadingNote::kWarning;
  note.code = std::string(code);
  note.row = row;
  note.words = ShortWords(words);
  note.message = std::string(message);
  Add(std::move(note));
}

std::vector<ReadingNote> Notes::Take() {
  for (const auto& [code, count] : counts_) {
    if (count <= kMaxNotesPerCode) continue;
    for (auto note = notes_.rbegin(); note != notes_.rend(); ++note) {
      if (note->code != code) continue;
      absl::StrAppend(&note->message, "（另有", count - kMaxNotesPerCode, "处相同，不再列出）");
      break;
    }
  }
  counts_.clear();
  return std::move(notes_);
}

void NoteEncoding(absl::string_view converted_from, Notes& notes) {
  if (converted_from.empty()) return;
  ReadingNote note;
  note.code = "ENCODING_CONVERTED";
  note.message = absl::StrCat("文件编码是", converted_from, "，已转换为UTF-8");
  notes.Add(std::move(note));
}

}  // namespace minsheng::registry
