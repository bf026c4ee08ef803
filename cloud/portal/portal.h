// The portal: which page answers which address. The store is asked for each page; nothing is kept.
//
//   Errors   every answer is a page; 503 when the store does not answer (and a line in the log).
//   Threads  Callable from several threads at once, as the store is.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "cloud/portal/http_server.h"
#include "cloud/store/meter_book.h"
#include "cloud/store/store.h"

namespace platen::portal {

struct RequestTarget;

class Portal {
 public:
  // `host_names`: under which the portal may be asked besides its addresses and localhost; lower case.
  // Without a book of meters no page speaks of their epochs.
  Portal(cloud::Store& store, const Clock& clock, std::vector<std::string> host_names,
         cloud::MeterBook* meters = nullptr)
      : store_(store), clock_(clock), host_names_(std::move(host_names)), meters_(meters) {}

  [[nodiscard]] Response answer(const Request& request);
  [[nodiscard]] static Response refuse(unsigned status);

 private:
  [[nodiscard]] Response fleet(const RequestTarget& target);
  [[nodiscard]] Response printer(const std::string& id);
  [[nodiscard]] Response agents();
  [[nodiscard]] Response health();

  cloud::Store& store_;
  const Clock& clock_;
  const std::vector<std::string> host_names_;
  cloud::MeterBook* const meters_;
};

}  // namespace platen::portal
