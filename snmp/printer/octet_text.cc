#include "snmp/printer/octet_text.h"

#include <iconv.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace platen::snmp {
namespace {

constexpr Charset kCharsets[] = {{3, "ascii", "ASCII"},
                                 {4, "iso8859-1", "ISO-8859-1"},
                                 {5, "iso8859-2", "ISO-8859-2"},
                                 {6, "iso8859-3", "ISO-8859-3"},
                                 {7, "iso8859-4", "ISO-8859-4"},
                                 {8, "iso8859-5", "ISO-8859-5"},
                                 {9, "iso8859-6", "ISO-8859-6"},
                                 {10, "iso8859-7", "ISO-8859-7"},
                                 {11, "iso8859-8", "ISO-8859-8"},
                                 {12, "iso8859-9", "ISO-8859-9"},
                                 {13, "iso8859-10", "ISO-8859-10"},
                                 {17, "shift_jis", "SHIFT_JIS"},
                                 {18, "euc_jp", "EUC-JP"},
                                 {36, "cp949", "CP949"},
                                 {38, "euc_kr", "EUC-KR"},
                                 {106, "utf-8", "UTF-8"},
                                 {109, "iso8859-13", "ISO-8859-13"},
                                 {111, "iso8859-15", "ISO-8859-15"},
                                 {112, "iso8859-16", "ISO-8859-16"},
                                 {113, "gbk", "GBK"},
                                 {114, "gb18030", "GB18030"},
                                 {2004, "hp-roman8", "HP-ROMAN8"},
                                 {2009, "cp850", "CP850"},
                                 {2010, "cp852", "CP852"},
                                 {2011, "cp437", "CP437"},
                                 {2025, "gb2312", "GB2312"},
                                 {2026, "big5", "BIG5"},
                                 {2084, "koi8_r", "KOI8-R"},
                                 {2086, "cp866", "CP866"},
                                 {2088, "koi8_u", "KOI8-U"},
                                 {2109, "cp874", "CP874"},
                                 {2250, "cp1250", "CP1250"},
                                 {2251, "cp1251", "CP1251"},
                                 {2252, "cp1252", "CP1252"},
                                 {2253, "cp1253", "CP1253"},
                                 {2254, "cp1254", "CP1254"},
                                 {2255, "cp1255", "CP1255"},
                                 {2256, "cp1256", "CP1256"},
                                 {2257, "cp1257", "CP1257"},
                                 {2258, "cp1258", "CP1258"}};

constexpr std::int32_t kUtf8 = 106;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

// The octets that a character cut off at the end left behind: 0..3. "Kopi\xC3" leaves 1.
std::size_t torn_tail(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const char lead = text[text.size() - back];
    if (is_continuation(lead)) continue;
    const auto octet = static_cast<unsigned char>(lead);
    const std::size_t length = octet >= 0xF0 ? 4U : octet >= 0xE0 ? 3U : octet >= 0xC2 ? 2U : 1U;
    return length > back ? back : 0;
  }
  return 0;
}

bool has_multibyte(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// As UTF-8 when it is that, or was before somebody cut it. A lone torn tail proves nothing unless UTF-8 was announced:
// "Caf\xE9" is Latin-1.
std::optional<std::string_view> as_utf8(std::string_view text, const Charset* named) {
  if (is_utf8(text)) return text;
  const std::string_view whole = text.substr(0, text.size() - torn_tail(text));
  const bool announced = named != nullptr && named->mib_enum == kUtf8;
  if (whole.size() < text.size() && is_utf8(whole) && (announced || has_multibyte(whole))) return whole;
  return std::nullopt;
}

// iconv(3) behind one call; nullopt when the text is not of that set.
std::optional<std::string> converted(std::string_view text, const char* from) {
  const iconv_t how = iconv_open("UTF-8", from);
  if (how == iconv_t(-1)) return std::nullopt;  // NOLINT: the C library's own error value
  std::string in(text);
  std::string out(4 * text.size() + 16, '\0');
  char* read = in.data();
  char* written = out.data();
  std::size_t left = in.size();
  std::size_t room = out.size();
  const bool done = iconv(how, &read, &left, &written, &room) != static_cast<std::size_t>(-1) && left == 0;
  iconv_close(how);
  if (!done) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (octet >> 6U));
      out += static_cast<char>(0x80U | (octet & 0x3FU));
    }
  }
  return out;
}

std::string to_utf8(std::string_view text, const Charset* named) {
  if (const auto utf8 = as_utf8(text, named)) return std::string(*utf8);
  if (named != nullptr && named->mib_enum != kUtf8) {
    if (auto text_in_set = converted(text, named->iconv_name)) return std::move(*text_in_set);
  }
  return from_latin1(text);
}

}  // namespace

const Charset* charset_of(std::int32_t mib_enum) {
  const auto* const at = std::find_if(std::begin(kCharsets), std::end(kCharsets),
                                      [&](const Charset& set) { return set.mib_enum == mib_enum; });
  return at == std::end(kCharsets) ? nullptr : at;
}

std::string octet_text(std::string_view octets, const Charset* named, std::size_t limit) {
  std::string text = to_utf8(octets.substr(0, std::min(octets.find('\0'), limit)), named);
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

}  // namespace platen::snmp
