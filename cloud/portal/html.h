// HTML as a type: text becomes markup only by being escaped, so there is no escaping to forget (docs/adr/0008).
//
//   Use      element("td", {{"class", "number"}}, printed)     parts are Html or text; text is escaped
//   Rules    Names of tags and attributes are literals of this program, checked when it is compiled: no raw text
//   elements
//            (script, style, …), no event handlers, no style, and what holds a URL (href, action, src) takes a Url
//            only.
//   Errors   none.  Effects  none.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace platen::portal {

// A path of this site and a query, percent-encoded: there is no way to a scheme, a host or a "..".
class Url {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;
  // Each segment is encoded whole; those that are empty, "." or ".." become "_".
  explicit Url(std::initializer_list<std::string_view> segments, const Parameters& parameters = {});
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// A place on the same page: "#main".
struct Fragment {
  explicit Fragment(std::string_view id) : text("#" + Url({id}).text().substr(1)) {}
  std::string text;
};

class Html;

namespace detail {
consteval bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  for (const std::string_view one : names) {
    if (one == name) return true;
  }
  return false;
}
consteval bool is_name(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return !name.empty();
}
}  // namespace detail

struct Tag {
  consteval Tag(const char* literal) : name(literal) {  // NOLINT(google-explicit-constructor): element("td", …)
    if (!detail::is_name(name)) throw "not a tag";
    if (detail::is_one_of(name,
                          {"script", "style", "iframe", "object", "embed", "base", "template", "noscript", "textarea"}))
      throw "not a tag for us";
  }
  std::string_view name;
};

struct AttributeName {
  consteval AttributeName(const char* literal) : name(literal) {  // NOLINT(google-explicit-constructor)
    if (!detail::is_name(name)) throw "not an attribute";
    if (name.starts_with("on") || detail::is_one_of(name, {"style", "href", "src", "action", "formaction", "srcdoc"}))
      throw "use Url, or a class";
  }
  std::string_view name;
};

class Attribute {
 public:
  Attribute(AttributeName name, std::string_view value);
  [[nodiscard]] const std::string& markup() const { return markup_; }

 private:
  friend Attribute href(const Url& url);
  friend Attribute href(const Fragment& place);
  friend Attribute action(const Url& url);
  explicit Attribute(std::string markup) : markup_(std::move(markup)) {}
  std::string markup_;  // " name=\"value\""
};
[[nodiscard]] Attribute href(const Url& url);
[[nodiscard]] Attribute href(const Fragment& place);
[[nodiscard]] Attribute action(const Url& url);
using Attributes = std::vector<Attribute>;

// A finished piece of markup.
class Html {
 public:
  Html() = default;
  Html(std::string_view text);  // NOLINT(google-explicit-constructor): text is escaped, always
  Html(const std::string& text) : Html(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
  Html(const char* text) : Html(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)
  Html& operator+=(const Html& more) { return markup_ += more.markup_, *this; }
  friend Html operator+(Html first, const Html& second) { return first += second, first; }
  [[nodiscard]] const std::string& markup() const { return markup_; }
  [[nodiscard]] bool empty() const { return markup_.empty(); }

 private:
  friend Html element(Tag tag, const Attributes& attributes, std::initializer_list<Html> parts);
  friend Html document(std::string_view language, const Html& head, const Html& body);
  struct Raw {};
  Html(Raw, std::string markup) : markup_(std::move(markup)) {}
  std::string markup_;
};

[[nodiscard]] Html element(Tag tag, const Attributes& attributes, std::initializer_list<Html> parts);
template <class... Parts>
[[nodiscard]] Html element(Tag tag, const Attributes& attributes, const Parts&... parts) {
  return element(tag, attributes, {Html(parts)...});
}
// <bdi>: what a printer wrote, kept apart so that its direction does not turn the words around it.
[[nodiscard]] Html foreign(std::string_view text);
[[nodiscard]] Html document(std::string_view language, const Html& head, const Html& body);

}  // namespace platen::portal
