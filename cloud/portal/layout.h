// The frame of every page, and the parts that several pages share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cloud/portal/html.h"
#include "cloud/portal/http_server.h"
#include "cloud/portal/state.h"

namespace platen::portal {

struct Page {
  std::string title;
  std::string_view section;  // the entry of the menu that is current: "fleet", "agents" or ""
  Html body;
  bool looks_again = false;  // by itself, every few seconds: something is under way
};
[[nodiscard]] Response page(const Page& content, unsigned status = 200);
// 400, 404, 405, …: what happened and where to go on; `why` where more is known than the number says.
[[nodiscard]] Response plain_page(unsigned status, std::string_view why = "");

struct Heading {
  std::string_view label;
  bool number = false;
};
// A table that scrolls sideways by itself where it does not fit.
[[nodiscard]] Html table(std::string_view caption, const std::vector<Html>& headings, const Html& rows);
[[nodiscard]] std::vector<Html> headings(const std::vector<Heading>& labels);
[[nodiscard]] Html number_cell(const std::optional<std::uint64_t>& number);
[[nodiscard]] Html text_cell(const std::optional<std::string>& text);  // from a printer
[[nodiscard]] Html unsaid();  // a dash that a screen reader reads as "not said"

// A bar of `percent` with its words. `color` is a word of the style sheet: "cyan", "black", … or "".
[[nodiscard]] Html bar(double percent, std::string_view color, std::string_view words);

}  // namespace platen::portal
