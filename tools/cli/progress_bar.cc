#include "tools/cli/progress_bar.h"

#include <unistd.h>

#include <iostream>

#include "tools/cli/text.h"

namespace minsheng::cli {
namespace {

constexpr int kBarWidth = 30;
constexpr int kLabelWidth = 60;

}  // namespace

ProgressBar::ProgressBar(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressBar::Show(int64_t done, int64_t total, const std::string& label,
                       const std::string& chapter) {
  if (quiet_) return;
  if (!terminal_) {
    if (chapter == chapter_ && done != total) return;
    chapter_ = chapter;
    std::cerr << chapter << "  " << done << '/' << total << '\n';
    return;
  }
  const int64_t filled = total == 0 ? kBarWidth : done * kBarWidth / total;
  std::cerr << "\r\x1b[K[" << std::string(static_cast<size_t>(filled), '#')
            << std::string(static_cast<size_t>(kBarWidth - filled), '.') << "] " << done << '/'
            << total << "  " << Elide(label, kLabelWidth) << std::flush;
  drawn_ = true;
}

void ProgressBar::End() {
  if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace minsheng::cli
