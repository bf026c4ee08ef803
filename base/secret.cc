#include "base/secret.h"

#include <cstring>

namespace platen {

// Copies, then wipes: moving a short string leaves its bytes behind in the old object.
Secret::Secret(Secret&& other) noexcept : text_(other.text_) {  // NOLINT(performance-move-constructor-init)
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = other.text_;
    other.wipe();
  }
  return *this;
}

void Secret::wipe() noexcept {
  ::explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace platen
