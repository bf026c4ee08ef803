// The store for looking, and the book of meters beside it.
#pragma once

#include <memory>

#include "base/command/command.h"
#include "cloud/store/meter_book.h"

namespace platen::cloud {

struct Desk {
  std::unique_ptr<Store> store;
  std::unique_ptr<MeterBook> book;
};
[[nodiscard]] Expected<Desk> open_desk(const command::Arguments& arguments);

}  // namespace platen::cloud
