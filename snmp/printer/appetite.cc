#include "snmp/printer/appetite.h"

#include <algorithm>

namespace platen::snmp {
namespace {

constexpr std::size_t kHeader = 44;         // message and PDU around the varbinds
constexpr std::size_t kFewestOctets = 120;  // an answer of two or three varbinds
constexpr std::size_t kMostVarbinds = 120;
constexpr std::size_t kUsualOctets = 1400;
constexpr std::size_t kCareful = 5;  // varbinds that nobody has ever found too many

}  // namespace

Appetite::Appetite(Version version, const Tolerance& tolerance)
    : tolerance_(tolerance), octets_each_(tolerance.octets < kUsualOctets ? 34 : 26), undoubted_(tolerance.octets) {
  if (version == Version::v1) tolerance_.bulk = false;
  const auto repetitions = static_cast<std::size_t>(std::max(tolerance.repetitions, 1));
  size_ = std::clamp<std::size_t>(tolerance_.bulk ? repetitions : tolerance.names, 1, kMostVarbinds);
}

std::size_t Appetite::fits() const {
  const std::size_t room = tolerance_.octets - std::min(tolerance_.octets, kHeader);
  return static_cast<std::size_t>(static_cast<double>(room) / octets_each_);
}

bool Appetite::bulk() const { return tolerance_.bulk && !doubted_ && silences_ < 2; }

std::size_t Appetite::varbinds() const {
  if (silences_ >= 2) return 1;
  return std::clamp<std::size_t>(std::min(size_, fits()), 1, kMostVarbinds);
}

Tolerance Appetite::tolerance() const {
  Tolerance learned = tolerance_;
  learned.names = std::max<std::size_t>(1, std::min(size_, fits()));
  learned.repetitions = static_cast<std::int32_t>(learned.names);
  return learned;
}

void Appetite::answered(PduType type, std::size_t varbinds, std::size_t octets) {
  silences_ = 0;
  if (type == PduType::get_bulk) {
    proven_ = true;
    before_errors_.reset();
    trial_ = false;
  } else if (doubted_) {
    doubted_ = false;
    trial_ = true;
  }
  if (varbinds == 0) return;
  if (octets > kHeader) {
    largest_ = std::max(largest_, octets);
    const double each = static_cast<double>(octets - kHeader) / static_cast<double>(varbinds);
    // Where a wrong guess costs a silence, guesses sink slowly.
    const double trust = tolerance_.octets >= kUsualOctets ? 0.5 : each > octets_each_ ? 1.0 : 0.25;
    octets_each_ = std::clamp(octets_each_ + (each - octets_each_) * trust, 12.0, 400.0);
  }
  size_ = std::clamp(varbinds * 2, size_, kMostVarbinds);
}

void Appetite::shrink(std::size_t asked_for) {
  size_ = std::max<std::size_t>(1, std::min(size_, asked_for) / 2);
  const auto expected = kHeader + static_cast<std::size_t>(static_cast<double>(asked_for) * octets_each_);
  const std::size_t half = std::min(tolerance_.octets, expected) / 2;
  tolerance_.octets = std::max({kFewestOctets, half, std::min(largest_, tolerance_.octets * 9 / 10)});
}

Appetite::Then Appetite::too_big(std::size_t asked_for) {
  silences_ = 0;
  if (asked_for <= 1) return Then::skip;
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

// Twice smaller, then one single name; then that name is left out; then nobody is there.
Appetite::Then Appetite::silent(PduType type, std::size_t asked_for) {
  if (type == PduType::get_bulk && trial_) {  // small things are answered, a small GETBULK is not
    trial_ = false;
    tolerance_.bulk = false;
    tolerance_.octets = undoubted_;  // it was not the size
    return Then::again;
  }
  if (type == PduType::get_bulk && !proven_) doubted_ = true;
  ++silences_;
  if (asked_for > 1) shrink(asked_for);
  if (doubted_) size_ = std::min(size_, kCareful);
  if (silences_ <= 2) return Then::again;
  return silences_ == 3 ? Then::skip : Then::give_up;
}

}  // namespace platen::snmp
