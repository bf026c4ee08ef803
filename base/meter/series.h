// One meter of one device, reading by reading: its epochs. Values in, decisions out.
//
//   Rules    Order is the ledger's, never a clock's. What leaps (leap.h) begins a new epoch: proposed, and quarantined
//            until a person confirms it (counting goes on with its carry) or rejects it (its values are somebody else's
//            or nonsense). A counter that comes back to where the trusted one stood withdraws what was proposed in
//            between: a device that says 0 while it starts needs nobody. Within an epoch values never fall.
//   Shapes   An epoch's name is the order of its first sample: the same whichever way the samples arrived.
//   Errors   none: what cannot be decided stays proposed.
//   Effects  none.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/meter/leap.h"

namespace platen::meter {

using Order = std::uint64_t;

struct Sample {
  Order order = 0;
  Value value;
  Who who;
};

struct Decision {
  Order epoch = 0;
  bool confirmed = false;             // false: rejected
  std::optional<std::int64_t> carry;  // instead of the proposed one
};

enum class Standing { trusted, proposed, rejected, withdrawn };
[[nodiscard]] std::string_view word_of(Standing standing);

struct Epoch {
  Order began = 0;
  Reason reason = Reason::first;
  Standing standing = Standing::trusted;
  std::optional<std::size_t> parent;  // the epoch that it goes on from; nothing for the first
  std::uint64_t before = 0;           // the parent's last count when it began
  std::int64_t carry = 0;             // on top of the parent's
  Value first, last;
  Order ended = 0;  // of its last sample
  Who who;
};

// Would counting on with `carry` be no step back?
[[nodiscard]] bool acceptable(const Epoch& epoch, std::int64_t carry);

class Series {
 public:
  Series() = default;
  explicit Series(std::vector<Decision> decisions) : decisions_(std::move(decisions)) {}

  // `late`: its place is before what was taken already; nothing changed, replay() everything.
  enum class Took { ran_on, leapt, came_back, twice, late };
  Took take(const Sample& sample);

  [[nodiscard]] const std::vector<Epoch>& epochs() const { return epochs_; }
  [[nodiscard]] std::optional<std::size_t> current() const { return current_; }  // nothing before the first sample
  // What must be added to a raw value of this epoch to go on from `since`, an ancestor or itself; nothing when
  // something unconfirmed lies between.
  [[nodiscard]] std::optional<std::int64_t> carry_since(std::size_t since, std::size_t epoch) const;

 private:
  void begin(const Sample& sample, std::optional<std::size_t> parent, const Leap& leap);
  Took come_back(std::size_t to, const Sample& sample);
  [[nodiscard]] std::optional<std::size_t> ancestor(std::size_t from, bool (*wanted)(Standing)) const;
  [[nodiscard]] bool fits_again(const Epoch& old, const Sample& sample) const;

  std::vector<Decision> decisions_;
  std::vector<Epoch> epochs_;
  std::optional<std::size_t> current_;
  Order last_ = 0;
};

struct Placed {
  Sample sample;
  std::size_t epoch = 0;  // index in Series::epochs()
};
// The samples in their order, each once, and the epochs they make. Arrival order and doubles change nothing.
struct History {
  Series series;
  std::vector<Placed> samples;
};
[[nodiscard]] History replay(std::span<const Sample> samples, std::vector<Decision> decisions);

}  // namespace platen::meter
