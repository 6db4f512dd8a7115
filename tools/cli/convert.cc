#include "tools/cli/convert.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/platform/base/status_macros.h"
#include "tools/cli/errors.h"
#include "tools/cli/files.h"

namespace minsheng::cli {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kOldHead("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
constexpr absl::Duration kConversionMax = absl::Minutes(1);
constexpr absl::Duration kPause = absl::Milliseconds(50);

// Gone with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "minsheng-convert-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

bool IsWorkbook(const std::string& path) {
  const std::string ending = absl::AsciiStrToLower(fs::path(path).extension().string());
  return ending == ".xls" || ending == ".xlt" || ending == ".et";
}

// The exit code, or nullopt when the program is not done in time; then it is ended.
absl::StatusOr<int> Run(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;  // a group of its own: soffice is a script that starts the program
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int failed =
      posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return Failure("CONVERTER_MISSING",
                   "这是旧格式文件（.doc、.xls、.wps），本机没有安装LibreOffice，不能转换。"
                   "请另存为.docx或.xlsx后再导入，或安装LibreOffice（命令soffice）");
  }
  const absl::Time end = absl::Now() + kConversionMax;
  int state = 0;
  while (waitpid(pid, &state, WNOHANG) == 0) {
    if (absl::Now() > end) {
      kill(-pid, SIGKILL);
      waitpid(pid, &state, 0);
      return -1;
    }
    absl::SleepFor(kPause);
  }
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

}  // namespace

bool IsOldDocument(absl::string_view bytes) { return absl::StartsWith(bytes, kOldHead); }

absl::StatusOr<std::string> ConvertDocument(const std::string& path) {
  const ScratchFolder scratch;
  const std::string form = IsWorkbook(path) ? "xlsx" : "docx";
  ASSIGN_OR_RETURN(
      const int code,
      Run({"soffice", "--headless", "--norestore",
           absl::StrCat("-env:UserInstallation=file://", scratch.path(), "/profile"),
           "--convert-to", form, "--outdir", scratch.path(), fs::absolute(path).string()}));
  const fs::path converted = fs::path(scratch.path()) / fs::path(path).stem().concat("." + form);
  if (code == 0 && fs::exists(converted)) return ReadFile(converted.string());
  return Failure("CONVERSION_FAILED",
                 absl::StrCat("LibreOffice没有能转换", path,
                              "（文件可能加密或损坏）。请用办公软件打开，另存为.docx或.xlsx"));
}

}  // namespace minsheng::cli
