// The input is any file: what is no other form is text or CSV.
#include "services/registry/fuzz/fuzzer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace minsheng::registry;
  Expect(ReadDocument(absl::string_view(reinterpret_cast<const char*>(data), size)));
  return 0;
}
