// The one vocabulary for things that can go wrong.
//
//   Source   TartanLlama's tl::expected (Debian's libexpected-dev), the shape of C++23's std::expected.
//   Errors   `Code` is for programs (retry? alert?), `text` for the person who reads it: what, where, what to do.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace platen {

enum class Code { invalid, not_found, denied, timeout, unavailable, corrupt, conflict, cancelled, bug };

[[nodiscard]] std::string_view name_of(Code code);  // "invalid", "not_found", …

struct Error {
  Code code = Code::bug;
  std::string text;  // "walk prtMarkerSuppliesTable on 192.0.2.7: no reply in 2 s"
  [[nodiscard]] Error in(std::string_view doing) const { return {code, std::string(doing) + ": " + text}; }
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T, class E = Error>
using Expected = tl::expected<T, E>;

template <class E>
[[nodiscard]] tl::unexpected<E> fail(E error) {
  return tl::unexpected<E>(std::move(error));
}
[[nodiscard]] inline tl::unexpected<Error> fail(Code code, std::string text) {
  return tl::unexpected<Error>(Error{code, std::move(text)});
}

}  // namespace platen
