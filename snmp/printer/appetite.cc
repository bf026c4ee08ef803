#include "snmp/printer/appetite.h"

#include <algorithm>

namespace platen::snmp {
namespace {

constexpr std::size_t kHeader = 44;         // message and PDU around the varbinds
constexpr std::size_t kHeaderV3 = 130;      // with engine ids, user and digest, in most cases
constexpr std::size_t kFewestOctets = 120;  // an answer of two or three varbinds
constexpr std::size_t kMostVarbinds = 120;
constexpr std::size_t kUsualOctets = 1400;
constexpr std::size_t kNear = 64;
constexpr std::size_t kExactOctets = 1450;   // where the size of an answer is known beforehand
constexpr std::size_t kToldOctets = 1472;    // SNMPv3 tells the agent what we take: it cuts by itself
constexpr std::size_t kBeyond = 64;          // then what is too much is only left out
constexpr std::size_t kSmallestLimit = 484;  // RFC 3411 §5: no engine takes or sends less
constexpr std::size_t kCutByRows = 400;      // octets; an answer that ends before was cut for another reason
constexpr std::size_t kCutBySize = 1000;     // one that ends here was cut for its size
constexpr std::size_t kCareful = 5;          // varbinds that nobody has ever found too many

}  // namespace

Appetite::Appetite(Version version, const Tolerance& tolerance)
    : tolerance_(tolerance),
      header_(version == Version::v3 ? kHeaderV3 : kHeader),
      told_(version == Version::v3),
      octets_each_(tolerance.octets < kUsualOctets ? 34 : 26),
      octets_in_runs_(tolerance.octets < kUsualOctets ? 34 : 23),
      may_grow_(tolerance.octets >= kUsualOctets || (tolerance.guessed && tolerance.rest == 0)),
      undoubted_(tolerance.octets) {
  if (version == Version::v1) tolerance_.bulk = false;
  const auto repetitions = static_cast<std::size_t>(std::max(tolerance.repetitions, 1));
  size_ = std::clamp<std::size_t>(tolerance_.bulk ? repetitions : tolerance.names, 1, kMostVarbinds);
}

std::size_t Appetite::fits() const {
  const std::size_t most = !told_ ? kUsualOctets : in_run_ && over_asks() ? kToldOctets + 2 * kBeyond : kToldOctets;
  const std::size_t limit = tolerance_.octets >= kUsualOctets ? most : tolerance_.octets;
  const std::size_t room = limit - std::min(limit, header_);
  return static_cast<std::size_t>(static_cast<double>(room) / octets_each());
}

std::size_t Appetite::octets_for(std::size_t varbinds) const {
  return header_ + static_cast<std::size_t>(static_cast<double>(varbinds) * octets_each());
}

std::size_t Appetite::most_octets() const {
  const std::size_t exact = over_asks() && bulk() ? kToldOctets + kBeyond : kExactOctets;
  const std::size_t limit = tolerance_.octets >= kUsualOctets ? exact : tolerance_.octets;
  const std::size_t octets = limit - std::min(limit, header_);
  return static_cast<std::size_t>(static_cast<double>(octets) * squeeze_);
}

std::size_t Appetite::most_names() const { return silences_ >= 2 ? 1 : size_; }

// Net-SNMP's agent says genErr instead of cutting: more than fits is asked for only where an agent has been seen to cut.
bool Appetite::over_asks() const { return told_ && tolerance_.cuts && tolerance_.octets >= kUsualOctets; }

std::size_t Appetite::spare_rows() const { return over_asks() ? 2 : 0; }

bool Appetite::bulk() const { return tolerance_.bulk && !doubted_ && silences_ < 2; }

std::size_t Appetite::varbinds() const {
  if (silences_ >= 2) return 1;
  return std::clamp<std::size_t>(std::min(size_, fits()), 1, kMostVarbinds);
}

Tolerance Appetite::tolerance() const {
  Tolerance learned = tolerance_;
  learned.names = size_;
  if (before_growth_) learned.octets = *before_growth_;
  // GETBULK is cut to what the agent can send; a GETNEXT that needs more is an error. Far below what every agent must
  // be able to send it was the number of rows.
  if (!cuts_rows_ && cut_ >= kCutByRows && cut_ * 4 < learned.octets * 3) {
    learned.octets = std::min(learned.octets, std::max(cut_, kSmallestLimit));
    learned.guessed = false;
  }
  learned.repetitions = static_cast<std::int32_t>(learned.names);
  learned.held = std::max(largest_, tolerance_.held);
  rest(learned);
  return learned;
}

void Appetite::cut_short(std::size_t varbinds, std::size_t octets) {
  cuts_rows_ = cuts_rows_ || (varbinds == cut_varbinds_ && octets < kCutByRows);
  cut_varbinds_ = varbinds;
  cut_ = std::max(cut_, octets);
  tolerance_.cuts = tolerance_.cuts || octets >= kCutBySize;
}

void Appetite::answered(PduType type, std::size_t varbinds, std::size_t octets) {
  silences_ = 0;
  squeeze_ = std::min(1.0, squeeze_ * 1.2);
  if (type == PduType::get_bulk) {
    proven_ = true;
    before_errors_.reset();
    trial_ = false;
  } else if (doubted_) {
    doubted_ = false;
    trial_ = true;
  }
  if (varbinds == 0) return;
  if (octets > header_) {
    grow_once(octets);
    largest_ = std::max(largest_, octets);
    // An error costs little: halfway to what was refused may still be possible.
    if (refused_ > tolerance_.octets + kNear && octets * 5 > tolerance_.octets * 4)
      tolerance_.octets = std::min(kUsualOctets, tolerance_.octets + (refused_ - tolerance_.octets) / 2);
    const double each = static_cast<double>(octets - header_) / static_cast<double>(varbinds);
    // Where a wrong guess costs a silence, guesses sink slowly.
    double& known = in_run_ ? octets_in_runs_ : octets_each_;
    const double trust = tolerance_.octets >= kUsualOctets ? 0.5 : each > known ? 1.0 : 0.25;
    known = std::clamp(known + (each - known) * trust, 12.0, 400.0);
  }
  size_ = std::clamp(varbinds * 2, size_, kMostVarbinds);
}

void Appetite::shrink(std::size_t asked_for) {
  size_ = std::max<std::size_t>(1, std::min(size_, asked_for) / 2);
  const std::size_t half = std::min(tolerance_.octets, octets_for(asked_for)) / 2;
  tolerance_.octets = std::max({kFewestOctets, half, std::min(largest_, tolerance_.octets * 9 / 10)});
}

void Appetite::grow_once(std::size_t octets) {
  if (before_growth_ && octets > *before_growth_) before_growth_.reset();  // it holds
  if (!may_grow_ || octets * 5 < tolerance_.octets * 4) return;
  const std::size_t again = undoubted_ < kUsualOctets ? tolerance_.octets * 2 : 0;
  const std::size_t more = silent_at_ > 0 ? (tolerance_.octets + silent_at_) / 2 : again;
  if (std::min(more, kUsualOctets) < tolerance_.octets + kNear) return;
  may_grow_ = false;
  before_growth_ = tolerance_.octets;
  tolerance_.octets = std::min(more, kUsualOctets);
}

bool Appetite::growth_failed() {
  if (!before_growth_) return false;
  tolerance_.octets = *before_growth_;
  before_growth_.reset();
  failed_to_grow_ = true;
  return true;
}

// When to try more again.
void Appetite::rest(Tolerance& learned) const {
  constexpr std::uint32_t longest = 512;
  const bool less = failed_to_grow_ || before_growth_ || learned.octets < undoubted_;
  if (!learned.guessed || learned.octets >= kUsualOctets) {
    learned.guessed = false;
    learned.rest = 0;
    learned.next_rest = Tolerance::kFirstRest;
  } else if (less) {
    learned.rest = learned.next_rest;
    learned.next_rest = std::min(longest, learned.next_rest * 2);
  } else if (learned.rest > 0) {
    --learned.rest;
  }
}

Appetite::Then Appetite::outgrown(std::size_t asked_for) {
  silences_ = 0;
  if (asked_for <= 1) return Then::skip;
  if (growth_failed()) return Then::again;
  squeeze_ *= 0.75;
  if (squeeze_ > 0.4) return Then::again;
  squeeze_ = 1;
  return too_big(asked_for);
}

void Appetite::measure(std::size_t varbinds, std::size_t least, std::size_t octets) {
  constexpr std::size_t enough = 8, most = 80;
  if (varbinds < enough) return;
  header_ = std::min(header_, octets - std::min(octets, least));  // most agents write the shortest lengths
  const std::size_t more = octets - std::min(octets, least + header_);
  tolerance_.padding = std::clamp((10 * more + varbinds - 1) / varbinds, tolerance_.padding, most);
}

Appetite::Then Appetite::too_big(std::size_t asked_for) {
  silences_ = 0;
  if (asked_for <= 1) return Then::skip;
  if (growth_failed()) return Then::again;
  tolerance_.guessed = false;
  const std::size_t asked = octets_for(asked_for);
  refused_ = refused_ == 0 ? asked : std::min({refused_, asked, tolerance_.octets});
  shrink(asked_for);
  return Then::again;
}

bool Appetite::halves_on_error(std::size_t asked_for) {
  if (asked_for > kCareful) {
    if (!before_errors_) before_errors_ = Size{size_, tolerance_.octets};
    shrink(asked_for);
    return true;
  }
  if (before_errors_) {
    size_ = before_errors_->varbinds;
    tolerance_.octets = before_errors_->octets;
    before_errors_.reset();
  }
  return false;
}

// The same again where it once held; twice smaller, then one single name; then that name is left out; then nobody is there.
Appetite::Then Appetite::silent(PduType type, std::size_t asked_for, std::size_t expected) {
  if (type == PduType::get_bulk && trial_) {  // small things are answered, a small GETBULK is not
    trial_ = false;
    tolerance_.bulk = false;
    tolerance_.octets = undoubted_;  // it was not the size
    silent_at_ = 0;
    return Then::again;
  }
  if (growth_failed()) return Then::again;
  if (silences_ == 0 && expected > 0 && expected <= tolerance_.held) {
    ++silences_;  // rather lost than too large: as much was answered before
    return Then::again;
  }
  if (asked_for > 1) tolerance_.held = 0;
  if (asked_for > 1) silent_at_ = std::min(silent_at_ == 0 ? octets_for(asked_for) : silent_at_, octets_for(asked_for));
  if (type == PduType::get_bulk && !proven_) doubted_ = true;
  ++silences_;
  if (asked_for > 1) {
    shrink(asked_for);
    tolerance_.guessed = refused_ == 0;
  }
  if (doubted_) size_ = std::min(size_, kCareful);
  if (silences_ <= 2) return Then::again;
  return silences_ == 3 ? Then::skip : Then::give_up;
}

}  // namespace platen::snmp
