#include "services/platform/identity/http_get.h"

#include <curl/curl.h>

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/platform/base/error.h"

namespace minsheng::platform {
namespace {

constexpr long kTimeoutMs = 5000;

void StartLibrary() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

struct Body {
  std::string bytes;
  size_t bytes_max;
};

size_t Append(char* data, size_t, size_t size, void* to) {
  auto& body = *static_cast<Body*>(to);
  if (body.bytes.size() + size > body.bytes_max) return 0;  // ends the transfer
  body.bytes.append(data, size);
  return size;
}

int Stops(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stopping)->load() ? 1 : 0;
}

std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

}  // namespace

bool MayBeAsked(const std::string& url) {
  StartLibrary();
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return false;
  const std::string scheme = PartOf(parsed.get(), CURLUPART_SCHEME);
  const std::string host = PartOf(parsed.get(), CURLUPART_HOST);
  const bool loopback = host == "127.0.0.1" || host == "[::1]" || host == "localhost";
  return scheme == "https" || (scheme == "http" && loopback);
}

absl::StatusOr<std::string> HttpGet(const std::string& url, const std::string& ca_file,
                                    size_t bytes_max, const std::atomic<bool>& stopping) {
  StartLibrary();
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  CURL* curl = easy.get();
  Body body{"", bytes_max};
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &Stops);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stopping);
  if (!ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file.c_str());
  const CURLcode result = curl_easy_perform(curl);
  long code = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  if (result == CURLE_OK && code == 200) return std::move(body.bytes);
  return Error(
      absl::StatusCode::kUnavailable, "KEYS_UNREADABLE",
      absl::StrCat("the key set's URL gave none: ",
                   result == CURLE_OK ? absl::StrCat("HTTP ", code) : curl_easy_strerror(result)));
}

}  // namespace minsheng::platform
