// How far long work is, on standard error: a bar that is drawn over itself on a terminal; elsewhere
// lines, of which there are few.
#ifndef MINSHENG_TOOLS_CLI_PROGRESS_BAR_H_
#define MINSHENG_TOOLS_CLI_PROGRESS_BAR_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace minsheng::cli {

// Not thread-safe.
class ProgressBar {
 public:
  // A quiet one shows nothing.
  explicit ProgressBar(bool quiet);
  ~ProgressBar() { End(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // `label` stands beside the bar. Where there is no terminal, a line appears whenever `chapter`
  // changes, and at the end.
  void Show(int64_t done, int64_t total, const std::string& label, const std::string& chapter);
  // Takes the bar away.
  void End();

 private:
  const bool quiet_;
  const bool terminal_;
  bool drawn_ = false;
  std::string chapter_;
};

}  // namespace minsheng::cli

#endif  // MINSHENG_TOOLS_CLI_PROGRESS_BAR_H_
