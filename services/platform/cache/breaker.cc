#include "services/platform/cache/breaker.h"

#include <algorithm>
#include <utility>

namespace minsheng::platform {

Breaker::Breaker(int failures_max, absl::Duration pause, std::function<void(bool)> on_change)
    : failures_max_(std::max(failures_max, 1)),
      pause_(absl::ToChronoNanoseconds(pause)),
      on_change_(std::move(on_change)) {}

Breaker::Pass Breaker::Enter(Instant now) {
  const std::lock_guard lock(mutex_);
  if (!open_) return Pass::kNormal;
  if (probing_ || now < next_probe_) return Pass::kRefused;
  probing_ = true;
  return Pass::kProbe;
}

void Breaker::Leave(Pass pass, bool succeeded, Instant now) {
  const std::lock_guard lock(mutex_);
  if (pass == Pass::kProbe) {
    probing_ = false;
    return succeeded ? Close() : Open(now);
  }
  if (open_) return;
  failures_ = succeeded ? 0 : failures_ + 1;
  if (failures_ >= failures_max_) Open(now);
}

void Breaker::Open(Instant now) {
  next_probe_ = now + pause_;
  open_ = true;
  on_change_(true);
}

void Breaker::Close() {
  failures_ = 0;
  open_ = false;
  on_change_(false);
}

}  // namespace minsheng::platform
