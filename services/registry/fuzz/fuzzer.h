// What the fuzzers share. The first byte of an input chooses what the rest is.
#ifndef MINSHENG_SERVICES_REGISTRY_FUZZ_FUZZER_H_
#define MINSHENG_SERVICES_REGISTRY_FUZZ_FUZZER_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "services/registry/reader/package_testing.h"
#include "services/registry/reader/reader.h"

namespace minsheng::registry {

struct FuzzInput {
  unsigned mode = 0;
  std::string rest;
};

inline FuzzInput TakeMode(const std::uint8_t* data, std::size_t size, unsigned modes) {
  if (size == 0) return {};
  return {data[0] % modes, std::string(reinterpret_cast<const char*>(data) + 1, size - 1)};
}

// The parts of a package with one of them replaced.
inline std::string With(Parts parts, const std::string& name, const std::string& content) {
  for (auto& [part, old] : parts) {
    if (part == name) old = content;
  }
  return Zip(parts, false);
}

inline void Expect(const absl::StatusOr<Document>& read) {
  const std::string complaint = Complaint(read);
  if (complaint.empty()) return;
  std::fprintf(stderr, "%s\n", complaint.c_str());
  std::abort();
}

}  // namespace minsheng::registry

#endif  // MINSHENG_SERVICES_REGISTRY_FUZZ_FUZZER_H_
