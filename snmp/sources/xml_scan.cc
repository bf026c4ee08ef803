#include "snmp/sources/xml_scan.h"

#include <string>
#include <vector>

namespace platen::snmp {
namespace {

constexpr std::size_t most_octets = 64U << 10U, most_elements = 1'000, most_levels = 32;
constexpr std::string_view blanks = " \t\r\n", byte_order_mark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view local(std::string_view name) { return name.substr(name.find(':') + 1); }

class Scan {
 public:
  Scan(std::string_view rest, const std::function<void(const XmlElement&)>& told) : rest_(rest), told_(told) {}

  bool run() {
    while (!rest_.empty()) {
      const std::size_t open = rest_.find('<');
      const std::string_view text = rest_.substr(0, open);
      if (open_.empty() && !trimmed(text).empty()) return false;
      if (open == rest_.npos) break;
      rest_.remove_prefix(open);
      if (!take_markup(text)) return false;
    }
    return open_.empty() && elements_ > 0;
  }

 private:
  bool take_markup(std::string_view text_before) {
    if (rest_.starts_with("<!--")) return skip_past("-->");
    if (rest_.starts_with("<?")) return skip_past("?>");
    if (rest_.starts_with("<!")) return false;
    const std::size_t close = end_of_tag();
    if (close == rest_.npos) return false;
    const std::string_view tag = rest_.substr(1, close - 1);
    rest_.remove_prefix(close + 1);
    return tag.starts_with('/') ? end(trimmed(tag.substr(1)), text_before) : begin(tag);
  }

  bool skip_past(std::string_view mark) {
    const std::size_t at = rest_.find(mark);
    if (at == rest_.npos) return false;
    rest_.remove_prefix(at + mark.size());
    return true;
  }

  // A '>' in an attribute's value ends nothing.
  [[nodiscard]] std::size_t end_of_tag() const {
    char quote = 0;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i;
      } else if (c == '<') {
        break;
      }
    }
    return rest_.npos;
  }

  bool begin(std::string_view tag) {
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    const std::string_view name = tag.substr(0, tag.find_first_of(blanks));
    const bool second_root = open_.empty() && elements_ > 0;
    if (local(name).empty() || second_root || open_.size() == most_levels || ++elements_ > most_elements) return false;
    open_.push_back({name, path_.size()});
    path_.append(path_.empty() ? "" : "/").append(local(name));
    leaf_ = true;
    return !empty || end(name, {});
  }

  bool end(std::string_view name, std::string_view text) {
    if (open_.empty() || open_.back().name != name) return false;
    told_({path_, leaf_ ? trimmed(text) : std::string_view()});
    path_.resize(open_.back().parent);
    open_.pop_back();
    leaf_ = false;
    return true;
  }

  struct Open {
    std::string_view name;
    std::size_t parent;  // length of its path
  };
  std::string_view rest_;
  const std::function<void(const XmlElement&)>& told_;
  std::vector<Open> open_;
  std::string path_;
  std::size_t elements_ = 0;
  bool leaf_ = false;  // nothing but text since the last start tag
};

}  // namespace

bool scan_xml(std::string_view document, const std::function<void(const XmlElement&)>& told) {
  if (document.size() > most_octets) return false;
  if (document.starts_with(byte_order_mark)) document.remove_prefix(byte_order_mark.size());
  return Scan(document, told).run();
}

}  // namespace platen::snmp
