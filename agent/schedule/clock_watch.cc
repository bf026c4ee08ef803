#include "agent/schedule/clock_watch.h"

namespace platen::schedule {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds tolerated = 5min, jump = 1min, heard_lately = 30min, remembered = 24h;

bool further_than(std::chrono::milliseconds distance, std::chrono::milliseconds limit) {
  return distance > limit || distance < -limit;
}

}  // namespace

ClockState ClockWatch::look(WallTime wall, MonotonicTime now, const std::optional<CloudTime>& cloud) {
  const std::chrono::milliseconds difference = wall.time_since_epoch() - now.time_since_epoch();
  if (difference_ && further_than(difference - *difference_, jump)) jumped_at_ = now;
  difference_ = difference;
  if (cloud && now >= cloud->heard && now - cloud->heard <= heard_lately) {
    const std::chrono::milliseconds offset = cloud->said + (now - cloud->heard) - wall;
    const bool off = further_than(offset, tolerated);
    if (!off) jumped_at_.reset();
    return {.suspect_because = off ? "off-the-cloud" : "", .cloud_offset = offset};
  }
  if (built_ && wall < *built_) return {.suspect_because = "before-build", .cloud_offset = {}};
  const bool jumped = jumped_at_ && now - *jumped_at_ <= remembered;
  return {.suspect_because = jumped ? "jumped" : "", .cloud_offset = {}};
}

}  // namespace platen::schedule
