// A store and the book of meters beside it, in a folder of their own, and printers that are read once a minute.
#pragma once

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>

#include "cloud/store/meter_book.h"
#include "tests/contract/store_contract.h"

namespace platen::cloud {

class MeterHouse {
 public:
  MeterHouse() {
    std::string name = (std::filesystem::temp_directory_path() / "platen-book.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    store = open_sqlite_store(file("cloud.db")).value();
  }
  ~MeterHouse() { std::filesystem::remove_all(path_); }
  MeterHouse(const MeterHouse&) = delete;
  MeterHouse& operator=(const MeterHouse&) = delete;

  [[nodiscard]] std::string file(const std::string& name = "meters.db") const { return path_ + "/" + name; }
  [[nodiscard]] std::unique_ptr<MeterBook> book() const { return MeterBook::open(file(), *store).value(); }
  // One reading a minute with these totals.
  void read(const std::string& serial, std::initializer_list<std::uint64_t> totals, const std::string& mac = "") {
    for (const std::uint64_t total : totals) {
      contract::Said said{.serial = serial, .mac = mac, .total = total, .minute = minute_};
      contract::put_readings(*store, "a", {contract::reading(said)}, minute_++);
    }
  }

  // While nobody has them open, as a backup and its restoring are.
  void back_up() {
    store.reset();
    for (const char* name : {"cloud.db", "meters.db"}) std::filesystem::copy_file(file(name), file(old(name)));
    store = open_sqlite_store(file("cloud.db")).value();
  }
  void put_back(std::initializer_list<const char*> names) {
    store.reset();
    for (const char* name : names)
      std::filesystem::copy_file(file(old(name)), file(name), std::filesystem::copy_options::overwrite_existing);
    store = open_sqlite_store(file("cloud.db")).value();
  }
  void remove(const char* name) {
    store.reset();
    std::filesystem::remove(file(name));
    store = open_sqlite_store(file("cloud.db")).value();
  }

  std::unique_ptr<Store> store;

 private:
  static std::string old(const std::string& name) { return "old-" + name; }

  std::string path_;
  int minute_ = 0;
};

inline const WallTime dawn = contract::noon, dusk = contract::noon + std::chrono::hours(8);

inline meter::Usage usage(MeterBook& book, const std::string& printer = "s-SERIAL1") {
  const auto rows = book.usage(printer, dawn, dusk, false).value();
  REQUIRE(rows.size() == 1);
  return rows[0].usage;
}

}  // namespace platen::cloud
