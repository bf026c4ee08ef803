// One printer, one record: which printer does a reading belong to? Pure rules, shared by every store.
//
//   Rules    1. Who is who decides base/reading/same_printer.h: serial, then MAC, then engine id, with the model as a
//               check. Of several with one serial it is the one with the MAC, else the one at that place.
//            2. One serial, another network card and another agent: two machines, for who moves takes his card along.
//            3. A serial never seen before takes over the record that had only its MAC until now.
//            4. With neither, an address is a place, not an identity: a full reading goes to the nameless device of that
//               place, a status reading to whoever was last read there in full. A reused address never feeds another
//               device's record.
//            5. Only a full reading makes a new record; an incomplete, nameless one does not where a named device
//               stands.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/reading/same_printer.h"

namespace platen::cloud {

struct IdentityKeys : Likeness {
  std::string place = {};  // agent|address
  Reading::Kind kind = Reading::Kind::full;
  bool complete = true;
  friend bool operator==(const IdentityKeys&, const IdentityKeys&) = default;
};

struct KnownPrinter {
  std::int64_t number = 0;  // the store's own
  std::string serial = {}, mac = {}, model = {}, place = {};
};

[[nodiscard]] IdentityKeys keys_of(const std::string& agent, const Reading& reading);

struct Match {
  enum class Is { known, fresh, nobody } is = Is::nobody;
  std::int64_t number = 0;  // meaningful only when known
  friend bool operator==(const Match&, const Match&) = default;
};
// `candidates`: every known printer that shares the serial, the MAC or the place.
[[nodiscard]] Match match_printer(const IdentityKeys& keys, std::span<const KnownPrinter> candidates);

// The id of a fresh printer, for URLs and exports: "s-VNB3K12345", "m-0A1B2C3D4E5F", "a-agent-1-192.0.2.7". The store
// appends
// "-2", "-3", … when it is taken. An id never changes afterwards.
[[nodiscard]] std::string fresh_id(const IdentityKeys& keys);

}  // namespace platen::cloud
