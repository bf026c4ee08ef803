#include "tests/zoo/charset.h"

#include <iconv.h>

#include <memory>
#include <stdexcept>

namespace platen::zoo {
namespace {

const char* iconv_name(Charset charset) {
  switch (charset) {
    case Charset::ascii: return "ASCII";
    case Charset::latin1: return "ISO-8859-1";
    case Charset::latin2: return "ISO-8859-2";
    case Charset::shift_jis: return "SHIFT_JIS";
    case Charset::hp_roman8: return "HP-ROMAN8";
    case Charset::windows1252: return "WINDOWS-1252";
    case Charset::utf8: break;
  }
  return "UTF-8";
}

struct Closer {
  using pointer = iconv_t;
  void operator()(iconv_t open) const { iconv_close(open); }
};

}  // namespace

std::string in_charset(Charset charset, std::string_view text) {
  if (charset == Charset::utf8) return std::string(text);
  const iconv_t opened = iconv_open(iconv_name(charset), "UTF-8");
  // NOLINTNEXTLINE(performance-no-int-to-ptr): POSIX says that this is how iconv_open fails
  if (opened == iconv_t(-1)) throw std::invalid_argument(std::string("no converter for ") + iconv_name(charset));
  const std::unique_ptr<iconv_t, Closer> converter(opened);
  std::string from(text), out(2 * text.size() + 8, '\0');
  char* in = from.data();
  char* to = out.data();
  std::size_t in_left = from.size(), out_left = out.size();
  if (iconv(converter.get(), &in, &in_left, &to, &out_left) != 0) {
    throw std::invalid_argument("'" + from + "' cannot be written in " + iconv_name(charset));
  }
  out.resize(out.size() - out_left);
  return out;
}

}  // namespace platen::zoo
