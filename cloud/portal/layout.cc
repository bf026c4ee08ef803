#include "cloud/portal/layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "cloud/portal/assets.h"

namespace platen::portal {
namespace {

struct Entry {
  std::string_view section, label, path;  // path "" is the root
};
constexpr Entry menu[] = {{"fleet", "Fleet", ""}, {"agents", "Agents", "agents"}, {"enroll", "Enrol", "enroll"}};

Url url_of(const Entry& entry) { return entry.path.empty() ? Url({}) : Url({entry.path}); }

constexpr const char* look_again_s = "3";

Html head(const Page& content) {
  const Html again =
      content.looks_again ? element("meta", {{"http-equiv", "refresh"}, {"content", look_again_s}}) : Html();
  return element(
      "head", {}, again, element("meta", {{"charset", "utf-8"}}), element("title", {}, content.title + " · Platen"),
      element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}),
      element("meta", {{"name", "color-scheme"}, {"content", "light dark"}}),
      element("link", {{"rel", "stylesheet"}, href(Url({"assets", asset("portal.css").served_as}))}),
      element("link",
              {{"rel", "icon"}, {"type", "image/svg+xml"}, href(Url({"assets", asset("mark.svg").served_as}))}));
}

Html navigation(std::string_view current) {
  Html links;
  for (const Entry& entry : menu) {
    Attributes attributes = {href(url_of(entry))};
    if (entry.section == current) attributes.push_back({"aria-current", "page"});
    links += element("li", {}, element("a", attributes, entry.label));
  }
  return element("header", {{"class", "top"}},
                 element("a", {{"class", "brand"}, href(Url({}))},
                         element("span", {{"class", "mark"}, {"aria-hidden", "true"}}, ""), "Platen"),
                 element("nav", {{"aria-label", "Main"}}, element("ul", {}, links)));
}

struct Trouble {
  unsigned status;
  std::string_view title, text;
};
constexpr Trouble unknown_trouble = {500, "That went wrong here",
                                     "The fault is the portal's. The log says what happened."};
constexpr Trouble troubles[] = {
    {400, "This request cannot be read", "The address or the request is damaged. Start again from the fleet."},
    {403, "Not from there", "Codes and tasks are made on the cloud's own host only, by its own forms."},
    {404, "Nothing is here",
     "The page or the printer is not known. It may have been typed wrongly, or the printer has not been read yet."},
    {405, "Only reading here", "These pages answer GET and HEAD, nothing else."},
    {413, "Too much was sent", "These pages take no request body."},
    {409, "Not any more", "What was asked is not possible any more. Load the page again."},
    {421, "Not this host",
     "This portal was asked under a name that it does not know. Use its address, or start it with --name."},
    {429, "Too often", "Too much was asked. Try again in a minute."},
    {431, "Too large a header", "The request's header is larger than 8 KiB. Clearing this site's cookies may help."},
    {503, "The store does not answer", "The data cannot be read at the moment. The log says why."},
};

}  // namespace

Response page(const Page& content, unsigned status) {
  const Html body =
      element("body", {}, element("a", {{"class", "skip"}, href(Fragment("main"))}, "Skip to the content"),
              navigation(content.section), element("main", {{"id", "main"}, {"tabindex", "-1"}}, content.body),
              element("footer", {}, "Platen " PLATEN_VERSION));
  Response response;
  response.status = status;
  response.body = document("en", head(content), body).markup();
  return response;
}

Response plain_page(unsigned status, std::string_view why) {
  const auto* found =
      std::find_if(std::begin(troubles), std::end(troubles), [&](const Trouble& one) { return one.status == status; });
  const Trouble& trouble = found == std::end(troubles) ? unknown_trouble : *found;
  const Html body =
      element("section", {{"class", "trouble"}}, element("p", {{"class", "code"}}, std::to_string(status)),
              element("h1", {}, trouble.title), element("p", {}, why.empty() ? trouble.text : why),
              element("p", {}, element("a", {{"class", "button"}, href(Url({}))}, "To the fleet")));
  return page({.title = std::string(trouble.title), .section = "", .body = body}, status);
}

Html table(std::string_view caption, const std::vector<Html>& headings, const Html& rows) {
  Html cells;
  for (const Html& heading : headings) cells += heading;
  return element("div", {{"class", "scroll"}, {"role", "region"}, {"aria-label", caption}, {"tabindex", "0"}},
                 element("table", {}, element("caption", {}, caption), element("thead", {}, element("tr", {}, cells)),
                         element("tbody", {}, rows)));
}

std::vector<Html> headings(const std::vector<Heading>& labels) {
  std::vector<Html> cells;
  cells.reserve(labels.size());
  for (const Heading& label : labels) {
    cells.push_back(element("th", {{"scope", "col"}, {"class", label.number ? "number" : "words"}}, label.label));
  }
  return cells;
}

Html unsaid() {
  return element("span", {{"class", "unsaid"}}, element("span", {{"aria-hidden", "true"}}, "–"),
                 element("span", {{"class", "aloud"}}, "not said"));
}

Html number_cell(const std::optional<std::uint64_t>& number) {
  return element("td", {{"class", "number"}}, number ? Html(grouped(*number)) : unsaid());
}

Html text_cell(const std::optional<std::string>& text) {
  return element("td", {}, text && !text->empty() ? foreign(*text) : unsaid());
}

Html bar(double percent, std::string_view color, std::string_view words) {
  const double width = std::clamp(percent, 0.0, 100.0);
  const Html fill = element(
      "rect", {{"class", "fill " + std::string(color)}, {"width", fmt::format("{:.1f}", width)}, {"height", "8"}});
  return element(
      "span", {{"class", "level"}},
      element("svg",
              {{"class", "bar"}, {"viewBox", "0 0 100 8"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}},
              element("rect", {{"class", "track"}, {"width", "100"}, {"height", "8"}}), fill),
      element("span", {}, words));
}

}  // namespace platen::portal
