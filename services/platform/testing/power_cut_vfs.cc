#include "services/platform/testing/power_cut_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <new>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace minsheng::platform {

using Kind = FileOperation::Kind;

// The operations of one folder. Each is carried out and noted under one lock, so that their order
// is the order in which they happened.
class FileLog {
 public:
  std::mutex& mutex() { return mutex_; }

  void Note(FileOperation operation) { operations_.push_back(std::move(operation)); }

  // The number of the file that `name` stands for, which is a new one unless it was `there`.
  int Opened(const std::string& name, bool there) {
    int& file = files_[name];
    if (there && file != 0) return file;
    file = ++last_file_;
    Note({there ? Kind::kOpen : Kind::kCreate, file, name, 0, ""});
    return file;
  }

  void Deleted(const std::string& name) {
    files_.erase(name);
    Note({Kind::kDelete, 0, name, 0, ""});
  }

  std::vector<FileOperation> Take() {
    std::lock_guard lock(mutex_);
    return std::move(operations_);
  }

 private:
  std::mutex mutex_;
  std::vector<FileOperation> operations_;
  std::map<std::string, int> files_;
  int last_file_ = 0;
};

namespace {

constexpr char kVfsName[] = "power-cut";

struct Shim {
  std::mutex mutex;
  sqlite3_vfs* unix_vfs = nullptr;
  sqlite3_vfs vfs = {};
  PowerCutSettings settings;
  std::map<std::string, std::weak_ptr<FileLog>> logs;
  int (*open_directory)(const char*, int*) = nullptr;
};

Shim& TheShim() {
  static auto* shim = new Shim;  // outlives every connection
  return *shim;
}

// SQLite opens a folder only to sync it.
thread_local bool folder_synced = false;
// The settings' own PRAGMA, which passes where the program's is swallowed.
thread_local bool forcing = false;
// The connection that this thread opened last.
thread_local sqlite3* opened = nullptr;

struct File : sqlite3_file {
  sqlite3_file* real = nullptr;  // in the memory behind this
  std::shared_ptr<FileLog> log;  // null: of no recorded folder
  int number = 0;
};

File& Of(sqlite3_file* file) { return *static_cast<File*>(file); }
sqlite3_file* Real(sqlite3_file* file) { return Of(file).real; }
const sqlite3_io_methods& Unix(sqlite3_file* file) { return *Real(file)->pMethods; }

int Close(sqlite3_file* file) {
  const int result = Unix(file).xClose(Real(file));
  Of(file).~File();
  return result;
}

int Read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  return Unix(file).xRead(Real(file), to, count, offset);
}

// Carries out and notes.
template <typename Carry>
int Noted(sqlite3_file* file, Carry carry, FileOperation operation) {
  if (Of(file).log == nullptr) return carry();
  std::lock_guard lock(Of(file).log->mutex());
  const int result = carry();
  operation.file = Of(file).number;
  if (result == SQLITE_OK) Of(file).log->Note(std::move(operation));
  return result;
}

int Write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  const auto carry = [&] { return Unix(file).xWrite(Real(file), from, count, offset); };
  if (Of(file).log == nullptr) return carry();
  return Noted(file, carry,
               {Kind::kWrite, 0, "", offset,
                std::string(static_cast<const char*>(from), static_cast<size_t>(count))});
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Noted(file, [&] { return Unix(file).xTruncate(Real(file), size); },
               {Kind::kTruncate, 0, "", size, ""});
}

int Sync(sqlite3_file* file, int flags) {
  FileLog* log = Of(file).log.get();
  if (log == nullptr) return SQLITE_OK;
  std::lock_guard lock(log->mutex());
  folder_synced = false;
  const int result = Unix(file).xSync(Real(file), flags);
  if (result == SQLITE_OK) log->Note({Kind::kSync, Of(file).number, "", 0, ""});
  if (folder_synced) log->Note({Kind::kSyncFolder, 0, "", 0, ""});
  return result;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Unix(file).xFileSize(Real(file), size);
}
int Lock(sqlite3_file* file, int level) { return Unix(file).xLock(Real(file), level); }
int Unlock(sqlite3_file* file, int level) { return Unix(file).xUnlock(Real(file), level); }
int CheckReservedLock(sqlite3_file* file, int* held) {
  return Unix(file).xCheckReservedLock(Real(file), held);
}

// SQLite sets its own limit after Configure; the first PRAGMA of a connection comes later.
void LimitWal() {
  const int pages = TheShim().settings.checkpoint_pages;
  if (opened != nullptr && pages > 0) sqlite3_wal_autocheckpoint(opened, pages);
  opened = nullptr;
}

bool IsReplaced(absl::string_view pragma) {
  return !forcing && absl::AsciiStrToLower(pragma) == "synchronous" &&
         !TheShim().settings.synchronous.empty();
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_PRAGMA) {
    const char* const* words = static_cast<char**>(argument);
    if (!forcing) LimitWal();
    if (IsReplaced(words[1])) return SQLITE_OK;
  }
  return Unix(file).xFileControl(Real(file), operation, argument);
}

int SectorSize(sqlite3_file* file) { return Unix(file).xSectorSize(Real(file)); }

// Nothing is promised but what SQLite believes of every disk.
int DeviceCharacteristics(sqlite3_file* file) {
  if (!TheShim().settings.powersafe_overwrite) return 0;
  return Unix(file).xDeviceCharacteristics(Real(file)) & SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return Unix(file).xShmMap(Real(file), page, size, extend, memory);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Unix(file).xShmLock(Real(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { Unix(file).xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) { return Unix(file).xShmUnmap(Real(file), remove); }

// Version 2: without reading through a mapping.
constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

std::shared_ptr<FileLog> LogOf(const std::filesystem::path& path) {
  Shim& shim = TheShim();
  std::lock_guard lock(shim.mutex);
  const auto found = shim.logs.find(path.parent_path().string());
  return found == shim.logs.end() ? nullptr : found->second.lock();
}

int OpenUnix(sqlite3_filename name, File& file, int flags, int* out_flags) {
  sqlite3_vfs* vfs = TheShim().unix_vfs;
  const int result = vfs->xOpen(vfs, name, file.real, flags, out_flags);
  if (result == SQLITE_OK) file.pMethods = &kMethods;
  return result;
}

int OpenNoted(sqlite3_filename name, File& file, int flags, int* out_flags) {
  std::lock_guard lock(file.log->mutex());
  const bool there = std::filesystem::exists(name);
  const int result = OpenUnix(name, file, flags, out_flags);
  if (result != SQLITE_OK) return result;
  file.number = file.log->Opened(std::filesystem::path(name).filename().string(), there);
  return result;
}

int Open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* memory, int flags, int* out_flags) {
  File& file = *new (memory) File{};
  file.pMethods = nullptr;
  file.real = reinterpret_cast<sqlite3_file*>(&file + 1);
  std::memset(file.real, 0, static_cast<size_t>(TheShim().unix_vfs->szOsFile));
  if (name != nullptr) file.log = LogOf(name);
  const int result =
      file.log ? OpenNoted(name, file, flags, out_flags) : OpenUnix(name, file, flags, out_flags);
  if (result != SQLITE_OK) file.~File();
  return result;
}

int Delete(sqlite3_vfs*, const char* name, int sync_folder) {
  sqlite3_vfs* vfs = TheShim().unix_vfs;
  const std::shared_ptr<FileLog> log = LogOf(name);
  if (log == nullptr) return vfs->xDelete(vfs, name, 0);
  std::lock_guard lock(log->mutex());
  folder_synced = false;
  const int result = vfs->xDelete(vfs, name, sync_folder);
  if (result == SQLITE_OK) log->Deleted(std::filesystem::path(name).filename().string());
  if (folder_synced) log->Note({Kind::kSyncFolder, 0, "", 0, ""});
  return result;
}

int OpenDirectory(const char* path, int* fd) {
  folder_synced = true;
  return TheShim().open_directory(path, fd);
}

int Configure(sqlite3* connection, char**, const sqlite3_api_routines*) {
  const PowerCutSettings& settings = TheShim().settings;
  opened = connection;
  if (settings.synchronous.empty()) return SQLITE_OK;
  forcing = true;
  const std::string pragma = absl::StrCat("PRAGMA synchronous=", settings.synchronous);
  const int result = sqlite3_exec(connection, pragma.c_str(), nullptr, nullptr, nullptr);
  forcing = false;
  return result;
}

absl::Status Install(Shim& shim) {
  sqlite3_vfs* vfs = sqlite3_vfs_find("unix");
  if (vfs == nullptr || vfs->iVersion < 3) {
    return absl::FailedPreconditionError("this SQLite has no unix VFS to put the shim over");
  }
  shim.unix_vfs = vfs;
  shim.open_directory =
      reinterpret_cast<int (*)(const char*, int*)>(vfs->xGetSystemCall(vfs, "openDirectory"));
  vfs->xSetSystemCall(vfs, "openDirectory", reinterpret_cast<sqlite3_syscall_ptr>(OpenDirectory));
  shim.vfs = *vfs;
  shim.vfs.pNext = nullptr;
  shim.vfs.zName = kVfsName;
  shim.vfs.szOsFile = static_cast<int>(sizeof(File)) + vfs->szOsFile;
  shim.vfs.xOpen = Open;
  shim.vfs.xDelete = Delete;
  sqlite3_vfs_register(&shim.vfs, 1);
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(Configure));
  return absl::OkStatus();
}

}  // namespace

absl::Status InstallPowerCutVfs(const PowerCutSettings& settings) {
  Shim& shim = TheShim();
  std::lock_guard lock(shim.mutex);
  shim.settings = settings;
  return shim.unix_vfs == nullptr ? Install(shim) : absl::OkStatus();
}

absl::Status CheckpointSqlite(const std::string& path, bool truncate) {
  sqlite3* connection = nullptr;
  int result = sqlite3_open_v2(path.c_str(), &connection, SQLITE_OPEN_READWRITE, nullptr);
  if (result == SQLITE_OK) {
    const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    result = sqlite3_wal_checkpoint_v2(connection, nullptr, mode, nullptr, nullptr);
  }
  sqlite3_close(connection);
  if (result == SQLITE_OK) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("no checkpoint: ", sqlite3_errstr(result)));
}

Recording::Recording(const std::string& folder)
    : folder_(std::filesystem::canonical(folder).string()), log_(std::make_shared<FileLog>()) {
  Shim& shim = TheShim();
  std::lock_guard lock(shim.mutex);
  shim.logs[folder_] = log_;
}

Recording::~Recording() {
  Shim& shim = TheShim();
  std::lock_guard lock(shim.mutex);
  shim.logs.erase(folder_);
}

void Recording::Mark(const std::string& what, int64_t value) {
  std::lock_guard lock(log_->mutex());
  log_->Note({Kind::kMark, 0, what, value, ""});
}

std::vector<FileOperation> Recording::Take() { return log_->Take(); }

}  // namespace minsheng::platform
