// The input is a page or a mail with pages.
#include "services/registry/fuzz/fuzzer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace minsheng::registry;
  Expect(ReadHtml(absl::string_view(reinterpret_cast<const char*>(data), size)));
  return 0;
}
