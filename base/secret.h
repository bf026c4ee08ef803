// Text that must never be seen: communities, pass phrases, keys. Prints as <secret>, is wiped when it goes.
//
//   Effects  reveal() is the only way to the text, so that `grep reveal` lists every place where a secret is used.
#pragma once

#include <string>
#include <string_view>

namespace platen {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  [[nodiscard]] const std::string& reveal() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  void wipe() noexcept;
  std::string text_;
};

[[nodiscard]] constexpr std::string_view to_text(const Secret&) { return "<secret>"; }

}  // namespace platen
