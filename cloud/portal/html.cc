#include "cloud/portal/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace platen::portal {
namespace {

constexpr std::array<std::string_view, 5> void_tags = {"link", "meta", "input", "br", "hr"};

// RFC 3986 §2.3: unreserved characters stand for themselves, everything else is encoded.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

Url::Url(std::initializer_list<std::string_view> segments, const Parameters& parameters) {
  for (const std::string_view segment : segments) {
    const bool dots = segment.empty() || segment == "." || segment == "..";
    text_ += "/" + (dots ? "_" : percent_encoded(segment));
  }
  if (text_.empty()) text_ = "/";
  char before = '?';
  for (const auto& [name, value] : parameters) {
    text_ += before + percent_encoded(name) + "=" + percent_encoded(value);
    before = '&';
  }
}

Attribute::Attribute(AttributeName name, std::string_view value)
    : markup_(fmt::format(" {}=\"{}\"", name.name, for_html(value))) {}
Attribute href(const Url& url) { return Attribute(" href=\"" + for_html(url.text()) + "\""); }
Attribute href(const Fragment& place) { return Attribute(" href=\"" + for_html(place.text) + "\""); }
Attribute action(const Url& url) { return Attribute(" action=\"" + for_html(url.text()) + "\""); }

Html::Html(std::string_view text) : markup_(for_html(text)) {}

Html element(Tag tag, const Attributes& attributes, std::initializer_list<Html> parts) {
  std::string markup = "<" + std::string(tag.name);
  for (const Attribute& attribute : attributes) markup += attribute.markup();
  markup += '>';
  if (std::find(void_tags.begin(), void_tags.end(), tag.name) != void_tags.end())
    return {Html::Raw{}, std::move(markup)};
  for (const Html& part : parts) markup += part.markup();
  markup.append("</").append(tag.name).append(">");
  return {Html::Raw{}, std::move(markup)};
}

Html foreign(std::string_view text) { return element("bdi", {}, text); }

Html document(std::string_view language, const Html& head, const Html& body) {
  return {Html::Raw{}, fmt::format("<!DOCTYPE html>\n<html lang=\"{}\">{}{}</html>\n", for_html(language),
                                   head.markup(), body.markup())};
}

}  // namespace platen::portal
