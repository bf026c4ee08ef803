#include "cloud/store/row_memory.h"

namespace platen::cloud {
namespace {

constexpr std::size_t most_printers = 4096;

FleetRow row_of(Reading reading) {
  PrinterRow printer;
  printer.latest = std::move(reading);
  return fleet_row(printer);
}

}  // namespace

RowMemory::Printer& RowMemory::of(std::int64_t printer) {
  if (printers_.size() >= most_printers && !printers_.contains(printer)) printers_.clear();
  return printers_[printer];
}

void RowMemory::Printer::take_full(std::int64_t record, const Reading& full) {
  full_record_ = record;
  of_full_ = row_of(full);
  full_ = {};
  full_.address = full.address, full_.complete = full.complete;
  full_.identity = full.identity, full_.system = full.system, full_.status = full.status;
  full_.supplies = full.supplies, full_.alerts = full.alerts;
}

FleetRow RowMemory::Printer::row(const Reading* status) const {
  if (status == nullptr) return of_full_;
  FleetRow row = row_of(with_status(full_, *status));
  row.total = of_full_.total, row.mono = of_full_.mono, row.color = of_full_.color;  // a status leaves counters alone
  return row;
}

}  // namespace platen::cloud
