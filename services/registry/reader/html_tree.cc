#include "services/registry/reader/html_tree.h"

#include <csetjmp>
#include <ctime>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "services/registry/domain/refusal.h"
#include "services/registry/reader/limits.h"

namespace minsheng::registry {

class PageMemory {
 public:
  // No more memory, or no more time: control goes back to where the parse began. Gumbo knows no
  // other way to stop.
  std::jmp_buf& exit() { return exit_; }

  void* Allocate(std::size_t size) {
    constexpr std::size_t kAlign = alignof(std::max_align_t);
    size = std::max(size + (kAlign - 1), kAlign) / kAlign * kAlign;
    if (size > kBlockBytes / 4) return NewBlock(size);
    if (left_ < size) {
      next_ = static_cast<char*>(NewBlock(kBlockBytes));
      left_ = kBlockBytes;
    }
    left_ -= size;
    return std::exchange(next_, next_ + size);
  }

  ~PageMemory() {
    for (void* block : blocks_) std::free(block);
  }

  PageMemory() : ends_(Clock() + kMaxPageSeconds) { blocks_.reserve(kMaxBlocks); }
  PageMemory(const PageMemory&) = delete;
  PageMemory& operator=(const PageMemory&) = delete;

  void CheckTime() {
    constexpr int kEvery = 128;
    if (++calls_ % kEvery == 0 && Clock() > ends_) std::longjmp(exit_, 1);
  }

 private:
  static constexpr std::size_t kBlockBytes = 256U << 10U;
  static constexpr std::size_t kMaxBlocks = kMaxPageMemoryBytes / (kBlockBytes / 4) + 1;

  static std::time_t Clock() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec;
  }

  void* NewBlock(std::size_t size) {
    if (bytes_ + size > kMaxPageMemoryBytes || blocks_.size() == kMaxBlocks) {
      std::longjmp(exit_, 1);
    }
    void* block = std::malloc(size);
    if (block == nullptr) std::longjmp(exit_, 1);
    bytes_ += size;
    blocks_.push_back(block);
    return block;
  }

  std::jmp_buf exit_;
  std::vector<void*> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t bytes_ = 0;
  std::time_t ends_;
  std::int64_t calls_ = 0;
};

namespace {

constexpr GumboVector kNoChildren = {nullptr, 0, 0};

void* AllocateFor(void* memory, std::size_t size) {
  auto* page = static_cast<PageMemory*>(memory);
  page->CheckTime();
  return page->Allocate(size);
}

void KeepUntilTheEnd(void* /*memory*/, void* /*block*/) {}

// Null when the page broke a bound.
GumboOutput* ParseWithin(PageMemory& memory, const std::string& text) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = AllocateFor;
  options.deallocator = KeepUntilTheEnd;
  options.userdata = &memory;
  options.max_errors = 0;
  if (setjmp(memory.exit()) != 0) return nullptr;
  return gumbo_parse_with_options(&options, text.data(), text.size());
}

absl::Status TooComplex(absl::string_view what) {
  return Refuse("TOO_LARGE", absl::StrCat("网页", what, "，不能读取。",
                                          "请把清单表格复制到Excel，保存为.xlsx后再导入"));
}

// Elements whose end tags are commonly left out end each other, and do not nest by themselves.
bool EndsItself(absl::string_view name) {
  constexpr std::array<absl::string_view, 32> kNames = {
      "area",   "base", "br",    "col",    "colgroup", "dd",   "dt",    "embed",
      "hr",     "img",  "input", "li",     "link",     "meta", "o:p",   "optgroup",
      "option", "p",    "param", "source", "tbody",    "td",   "tfoot", "th",
      "thead",  "tr",   "track", "wbr",    "body",     "html", "head",  "basefont"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

absl::string_view TagName(absl::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && length < 32 &&
         (absl::ascii_isalnum(text[length]) || text[length] == ':' || text[length] == '-')) {
    ++length;
  }
  return text.substr(0, length);
}

// How many elements are open at once, counted by the tags: each name for itself, so that an end
// tag closes only its own.
bool HasTooManyOpen(absl::string_view text) {
  std::map<std::string, std::int64_t> open;
  std::int64_t all = 0;
  for (std::size_t at = text.find('<'); at != absl::string_view::npos;
       at = text.find('<', at + 1)) {
    if (text.substr(at, 4) == "<!--") at = std::min(text.find("-->", at + 4), text.size() - 1);
    const bool ends = text.substr(at + 1, 1) == "/";
    const absl::string_view tag = TagName(text.substr(at + (ends ? 2 : 1)));
    if (tag.empty()) continue;
    const std::string name = absl::AsciiStrToLower(tag);
    if (EndsItself(name)) continue;
    std::int64_t& count = open[name];
    if (ends && count == 0) continue;
    count += ends ? -1 : 1;
    all += ends ? -1 : 1;
    if (all > kMaxOpenTags) return true;
  }
  return false;
}

// A node, and how many elements and tables it is in.
struct Nested {
  const GumboNode* node;
  int depth;
  int tables;
};

absl::Status CheckDepth(const GumboNode* root) {
  std::vector<Nested> nodes = {{root, 0, 0}};
  while (!nodes.empty()) {
    const auto [node, depth, outer] = nodes.back();
    nodes.pop_back();
    const int tables = outer + (TagOf(node) == GUMBO_TAG_TABLE ? 1 : 0);
    if (depth > kMaxPageDepth) return TooComplex(absl::StrCat("嵌套超过", kMaxPageDepth, "层"));
    if (tables > kMaxTableNesting)
      return TooComplex(absl::StrCat("的表格嵌套超过", kMaxTableNesting, "层"));
    const GumboVector& children = ChildrenOf(node);
    for (unsigned i = 0; i < children.length; ++i) {
      nodes.push_back({ChildAt(children, i), depth + 1, tables});
    }
  }
  return absl::OkStatus();
}

}  // namespace

HtmlTree::HtmlTree() = default;
HtmlTree::HtmlTree(HtmlTree&&) noexcept = default;
HtmlTree& HtmlTree::operator=(HtmlTree&&) noexcept = default;
HtmlTree::~HtmlTree() = default;

absl::StatusOr<HtmlTree> HtmlTree::Parse(std::string text) {
  if (HasTooManyOpen(text))
    return TooComplex(absl::StrCat("有", kMaxOpenTags, "个以上没有结束的标记"));
  HtmlTree tree;
  tree.text_ = std::make_unique<std::string>(std::move(text));
  tree.memory_ = std::make_unique<PageMemory>();
  const GumboOutput* output = ParseWithin(*tree.memory_, *tree.text_);
  if (output == nullptr) return TooComplex("过于庞大或复杂");
  tree.root_ = output->document;
  if (absl::Status status = CheckDepth(tree.root_); !status.ok()) return status;
  return tree;
}

const GumboVector& ChildrenOf(const GumboNode* node) {
  if (node->type == GUMBO_NODE_DOCUMENT) return node->v.document.children;
  return node->type == GUMBO_NODE_ELEMENT ? node->v.element.children : kNoChildren;
}

GumboTag TagOf(const GumboNode* node) {
  return node->type == GUMBO_NODE_ELEMENT ? node->v.element.tag : GUMBO_TAG_UNKNOWN;
}

bool IsText(const GumboNode* node) {
  return node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
         node->type == GUMBO_NODE_CDATA;
}

absl::string_view HtmlAttribute(const GumboNode* node, const char* name) {
  if (node->type != GUMBO_NODE_ELEMENT) return "";
  const GumboAttribute* attribute = gumbo_get_attribute(&node->v.element.attributes, name);
  return attribute == nullptr ? "" : attribute->value;
}

bool HasHtmlAttribute(const GumboNode* node, const char* name) {
  return node->type == GUMBO_NODE_ELEMENT &&
         gumbo_get_attribute(&node->v.element.attributes, name) != nullptr;
}

std::int64_t HtmlNumber(const GumboNode* node, const char* name, std::int64_t fallback) {
  const absl::string_view value = absl::StripAsciiWhitespace(HtmlAttribute(node, name));
  const auto end = std::find_if_not(value.begin(), value.end(), absl::ascii_isdigit);
  const absl::string_view digits = value.substr(0, end - value.begin());
  std::int64_t number = 0;
  if (digits.size() > 18) return std::int64_t{1} << 60U;
  return absl::SimpleAtoi(digits, &number) ? number : fallback;
}

}  // namespace minsheng::registry
