#include "services/platform/testing/power_cut_disk.h"

#include <algorithm>

namespace minsheng::platform {
namespace {

using Kind = FileOperation::Kind;

constexpr int64_t kSectorBytes = 512;
// What a disk damages when a write is torn; the unit of today's flash and disks.
constexpr int64_t kDamagedBytes = 4096;

void WriteAt(std::string& content, int64_t offset, const std::string& bytes) {
  const size_t end = static_cast<size_t>(offset) + bytes.size();
  if (content.size() < end) content.resize(end, '\0');
  content.replace(static_cast<size_t>(offset), bytes.size(), bytes);
}

void Apply(std::string& content, const FileOperation& operation) {
  if (operation.kind == Kind::kTruncate) {
    content.resize(static_cast<size_t>(operation.offset), '\0');
  } else {
    WriteAt(content, operation.offset, operation.bytes);
  }
}

int64_t End(const FileOperation& write) {
  return write.offset + static_cast<int64_t>(write.bytes.size());
}

FileOperation Part(const FileOperation& write, int64_t from, int64_t to) {
  FileOperation part;
  part.kind = Kind::kWrite;
  part.offset = from;
  part.bytes =
      write.bytes.substr(static_cast<size_t>(from - write.offset), static_cast<size_t>(to - from));
  return part;
}

}  // namespace

const std::vector<World> kHonestWorlds = {World::kNothing, World::kAll,     World::kFiles,
                                          World::kWrites,  World::kSectors, World::kTorn,
                                          World::kGarbage};

const char* WorldName(World world) {
  static constexpr const char* kNames[] = {"nothing", "all",  "files",   "writes",
                                           "sectors", "torn", "garbage", "beside"};
  return kNames[static_cast<int>(world)];
}

PowerCutDisk::PowerCutDisk(const DiskImage& before) {
  for (const auto& [name, content] : before) {
    const int file = -static_cast<int>(names_.size()) - 1;
    names_[name] = file;
    files_[file].kept = content;
  }
}

void PowerCutDisk::Take(const FileOperation& operation) {
  last_write_ = operation.kind == Kind::kWrite ? &operation : nullptr;
  switch (operation.kind) {
    case Kind::kOpen:
      if (const auto known = names_.find(operation.name); known != names_.end()) {
        files_[operation.file] = std::move(files_[known->second]);
        known->second = operation.file;
      }
      break;
    case Kind::kCreate:
      files_[operation.file];
      pending_.push_back({operation.name, operation.file});
      break;
    case Kind::kDelete:
      pending_.push_back({operation.name, 0});
      break;
    case Kind::kWrite:
    case Kind::kTruncate:
      files_[operation.file].pending.push_back(&operation);
      break;
    case Kind::kSync: {
      File& file = files_[operation.file];
      for (const FileOperation* step : file.pending) Apply(file.kept, *step);
      file.pending.clear();
      break;
    }
    case Kind::kSyncFolder:
      for (const Renaming& renaming : pending_) names_[renaming.name] = renaming.file;
      pending_.clear();
      std::erase_if(names_, [](const auto& name) { return name.second == 0; });
      break;
    case Kind::kMark:
      break;
  }
}

// Decides what became of each pending step of one world.
class PowerCutDisk::Chooser {
 public:
  Chooser(World world, uint64_t seed) : world_(world), random_(seed) {}

  std::map<std::string, int> Names(std::map<std::string, int> names,
                                   const std::vector<Renaming>& pending) {
    if (world_ == World::kNothing) return names;
    const size_t done = IsWhole() ? pending.size() : Below(pending.size() + 1);
    const bool in_order = IsWhole() || Below(4) != 0;
    for (size_t i = 0; i < pending.size(); ++i) {
      if (in_order ? i < done : Coin()) names[pending[i].name] = pending[i].file;
    }
    return names;
  }

  std::string Content(const File& file, const FileOperation* last) {
    std::string content = file.kept;
    if (world_ == World::kNothing || (world_ == World::kFiles && Coin())) return content;
    for (const FileOperation* step : file.pending) Step(content, *step, step == last);
    return content;
  }

 private:
  bool IsWhole() const {
    return world_ == World::kAll || world_ == World::kTorn || world_ == World::kBeside;
  }
  size_t Below(size_t end) { return static_cast<size_t>(random_() % end); }
  bool Coin() { return Below(2) == 0; }

  void Step(std::string& content, const FileOperation& step, bool is_last) {
    if (world_ == World::kAll || world_ == World::kFiles || (IsWhole() && !is_last)) {
      return Apply(content, step);
    }
    if (step.kind == Kind::kTruncate || world_ == World::kWrites) {
      if (Coin()) Apply(content, step);
      return;
    }
    IsWhole() ? Tear(content, step) : Scatter(content, step);
  }

  // Keeps the part before a sector boundary or the part after it; not even that, perhaps.
  void Tear(std::string& content, const FileOperation& write) {
    const int64_t first = write.offset / kSectorBytes;
    const int64_t sectors = (End(write) + kSectorBytes - 1) / kSectorBytes - first;
    const int64_t boundary =
        (first + static_cast<int64_t>(Below(static_cast<size_t>(sectors) + 1))) * kSectorBytes;
    const int64_t tear = std::clamp(boundary, write.offset, End(write));
    Apply(content, Coin() ? Part(write, write.offset, tear) : Part(write, tear, End(write)));
    if (world_ == World::kBeside) Damage(content, std::min(tear, End(write) - 1));
  }

  // The whole sector of a byte that was being written.
  void Damage(std::string& content, int64_t byte) {
    const int64_t from = byte / kDamagedBytes * kDamagedBytes;
    const int64_t to = std::min(from + kDamagedBytes, static_cast<int64_t>(content.size()));
    for (int64_t at = from; at < to; ++at) content[static_cast<size_t>(at)] = Garbage();
  }

  void Scatter(std::string& content, const FileOperation& write) {
    for (int64_t from = write.offset; from < End(write);) {
      const int64_t to = std::min((from / kSectorBytes + 1) * kSectorBytes, End(write));
      Place(content, Part(write, from, to));
      from = to;
    }
  }

  void Place(std::string& content, FileOperation sector) {
    if (Coin()) return Apply(content, sector);
    if (world_ != World::kGarbage || Coin()) return;
    for (char& byte : sector.bytes) byte = Garbage();
    Apply(content, sector);
  }

  char Garbage() { return static_cast<char>(random_()); }

  const World world_;
  std::mt19937_64 random_;
};

DiskImage PowerCutDisk::Cut(World world, uint64_t seed) const {
  Chooser chooser(world, seed);
  DiskImage image;
  for (const auto& [name, file] : chooser.Names(names_, pending_)) {
    if (file != 0) image[name] = chooser.Content(files_.at(file), last_write_);
  }
  return image;
}

}  // namespace minsheng::platform
