#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

std::string with_word(std::string_view pattern, std::string_view word) {
  const std::size_t at = pattern.find("{}");
  if (at == std::string_view::npos) return std::string(pattern);
  return std::string(pattern.substr(0, at)) + std::string(word) + std::string(pattern.substr(at + 2));
}

template <class Part>
void number(std::vector<Part>& parts) {
  std::uint32_t last = 0;
  for (Part& part : parts) {
    if (part.index == 0) part.index = last + 1;
    last = part.index;
  }
}

}  // namespace

snmp::Oid enterprise_oid(std::uint32_t enterprise, std::initializer_list<std::uint32_t> tail) {
  return snmp::Oid{1, 3, 6, 1, 4, 1, enterprise} + std::span(tail.begin(), tail.size());
}

Model printer(const Maker& maker, std::string_view model, Can can) {
  Model m;
  m.maker = maker.name;
  m.model = model;
  m.sys_object_id = enterprise_oid(maker.enterprise, {1});
  m.sys_descr = m.hr_descr = m.port_name = "{maker} {model}";
  m.printer_name = "{model}";
  m.device_id = "MFG:{maker};CMD:PJL,PCL,PCLXL,POSTSCRIPT;MDL:{model};CLS:PRINTER;DES:{maker} {model};SN:{serial};";
  m.serial_pattern = maker.serial_pattern;
  m.oui = maker.oui;
  m.words = &english;
  m.has_color = can.color;
  m.has_copier = can.copy;
  m.has_fax = can.fax;
  m.colorants =
      can.color ? std::vector<std::string>{"black", "cyan", "magenta", "yellow"} : std::vector<std::string>{"black"};
  m.trays = {{"Tray 1", "Multi-purpose tray", "Plain", 100, 5}, {"Tray 2", "Paper cassette", "A4", 500}};
  m.bins = {{"Standard bin", "Standard output bin", 250}};
  m.covers = {"Front cover"};
  return m;
}

void add_colors(Model& model, const ColorSet& set) {
  constexpr std::array<std::size_t, 4> kcmy{0, 1, 2, 3}, cmyk{1, 2, 3, 0};
  const std::size_t count = model.has_color ? 4 : 1;
  if (model.has_color && set.like.colorant >= 0) {
    const bool black_first = set.order == Order::kcmy;
    model.colorants = black_first ? std::vector<std::string>{"black", "cyan", "magenta", "yellow"}
                                  : std::vector<std::string>{"cyan", "magenta", "yellow", "black"};
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t which = count == 1 ? 0 : (set.order == Order::cmyk ? cmyk : kcmy)[i];
    Supply supply = set.like;
    supply.name = with_word(set.name, set.words[which]);
    if (supply.colorant >= 0) supply.colorant = static_cast<std::int32_t>(i + 1);
    if (supply.colorant < 0) {  // -1 in the pattern: the row is tied to no colorant, its name says the colour
      supply.colorant = 0;
      supply.color = std::array{"black", "cyan", "magenta", "yellow"}[which];
    }
    model.supplies.push_back(std::move(supply));
  }
}

void speaks(Model& model, const Words& words, Charset charset, std::uint32_t localizations) {
  model.words = &words;
  model.charset = charset;
  model.localizations = localizations;
}

Model numbered(Model model) {
  number(model.supplies);
  number(model.trays);
  number(model.bins);
  return model;
}

}  // namespace platen::zoo
