#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"

namespace platen::portal {
namespace {

struct Frame {
  double width = 1000, height = 220, left = 96, right = 12, top = 14, bottom = 30;
  double first_time = 0, last_time = 0, lowest = 0, highest = 0;

  [[nodiscard]] double x(double time) const {
    return left +
           (width - left - right) * (last_time > first_time ? (time - first_time) / (last_time - first_time) : 0.5);
  }
  [[nodiscard]] double y(double total) const {
    return height - bottom - (height - top - bottom) * (highest > lowest ? (total - lowest) / (highest - lowest) : 0.5);
  }
};

double time_of(const cloud::HistoryPoint& point) {
  return static_cast<double>(point.read_at.time_since_epoch().count());
}

Frame frame_of(const std::vector<cloud::HistoryPoint>& said) {
  Frame frame;
  frame.lowest = frame.first_time = std::numeric_limits<double>::max();
  frame.last_time = std::numeric_limits<double>::lowest();
  for (const cloud::HistoryPoint& point : said) {
    frame.lowest = std::min(frame.lowest, static_cast<double>(*point.total));
    frame.highest = std::max(frame.highest, static_cast<double>(*point.total));
    frame.first_time = std::min(frame.first_time, time_of(point));
    frame.last_time = std::max(frame.last_time, time_of(point));
  }
  return frame;
}

Html label(double x, double y, std::string_view anchor, const std::string& text) {
  return element("text", {{"x", fmt::format("{:.1f}", x)}, {"y", fmt::format("{:.1f}", y)}, {"text-anchor", anchor}},
                 text);
}

}  // namespace

Html history_chart(const std::vector<cloud::HistoryPoint>& history) {
  std::vector<cloud::HistoryPoint> said;
  std::copy_if(history.rbegin(), history.rend(), std::back_inserter(said),
               [](const cloud::HistoryPoint& point) { return point.total.has_value(); });
  if (said.size() < 2) return {};
  const Frame frame = frame_of(said);
  std::string points;
  Html dots;
  for (const cloud::HistoryPoint& point : said) {
    const std::string x = fmt::format("{:.1f}", frame.x(time_of(point))),
                      y = fmt::format("{:.1f}", frame.y(static_cast<double>(*point.total)));
    points += x + "," + y + " ";
    if (said.size() <= 40) dots += element("circle", {{"cx", x}, {"cy", y}, {"r", "3"}});
  }
  points.pop_back();
  const auto& oldest = said.front();
  const auto& newest = said.back();
  const double base = frame.height - frame.bottom;
  const std::string summary =
      fmt::format("Total from {} on {} to {} on {}", grouped(*oldest.total), date_and_time(oldest.read_at),
                  grouped(*newest.total), date_and_time(newest.read_at));
  return element("svg",
                 {{"class", "chart"},
                  {"viewBox", fmt::format("0 0 {} {}", frame.width, frame.height)},
                  {"role", "img"},
                  {"aria-label", summary}},
                 element("line", {{"class", "axis"},
                                  {"x1", fmt::format("{}", frame.left)},
                                  {"x2", fmt::format("{}", frame.width - frame.right)},
                                  {"y1", fmt::format("{}", base)},
                                  {"y2", fmt::format("{}", base)}}),
                 element("polyline", {{"class", "line"}, {"points", points}}), dots,
                 label(frame.left - 10, frame.top + 5, "end", grouped(static_cast<std::uint64_t>(frame.highest))),
                 label(frame.left - 10, base + 5, "end",
                       frame.highest > frame.lowest ? grouped(static_cast<std::uint64_t>(frame.lowest)) : ""),
                 label(frame.left, frame.height - 8, "start", date_and_time(oldest.read_at)),
                 label(frame.width - frame.right, frame.height - 8, "end", date_and_time(newest.read_at)));
}

}  // namespace platen::portal
