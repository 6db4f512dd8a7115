// The findings of one reading, bounded in number. Not thread-safe.
#ifndef MINSHENG_SERVICES_REGISTRY_READER_NOTES_H_
#define MINSHENG_SERVICES_REGISTRY_READER_NOTES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "services/registry/domain/grid.h"

namespace minsheng::registry {

class Notes {
 public:
  void Add(ReadingNote note);
  // A warning about `words` in a row of the only grid; none when `words` are blank.
  void WarnOf(absl::string_view words, int row, absl::string_view code, absl::string_view message);
  // In the order of finding. Beyond kMaxNotesPerCode of one code, the last one tells how many more.
  std::vector<ReadingNote> Take();

 private:
  std::vector<ReadingNote> notes_;
  std::map<std::string, int> counts_;
};

// ENCODING_CONVERTED, told when `converted_from` is not "".
void NoteEncoding(absl::string_view converted_from, Notes& notes);

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_READER_NOTES_H_
