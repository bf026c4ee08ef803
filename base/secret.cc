#include "base/secret.h"

#include <cstring>

namespace platen {

Secret::Secret(Secret&& other) noexcept : text_(other.text_) {
  other.wipe();
}  // a moved-from short string keeps its bytes

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
