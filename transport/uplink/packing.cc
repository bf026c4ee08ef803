#include "transport/uplink/packing.h"

#include <zstd.h>

#include <utility>

#include "base/handle.h"
#include "platen/v1/uplink.pb.h"

namespace platen::uplink {
namespace {
constexpr std::size_t worth_compressing = 1024;
constexpr int level = 1;
constexpr std::size_t most_base_octets = std::size_t{4} << 20U;
constexpr const char* withheld = "withheld";  // the kind of records that have no content any more
}  // namespace

struct Packer::Context {
  Handle<ZSTD_CCtx, ZSTD_freeCCtx> zstd{ZSTD_createCCtx()};
};

Packer::Packer() : context_(std::make_unique<Context>()) {}
Packer::~Packer() = default;

void Packer::put_octets(Outgoing& record, v1::Record& to) {
  if (record.series.empty() || record.hash.empty() || to.kind() == withheld)
    return to.set_octets(std::move(record.octets));
  if (base_octets_ > most_base_octets) bases_.clear(), base_octets_ = 0;  // these go whole once more
  Base& base = bases_[record.series];
  std::string patch = base.seq == 0 ? "" : make_patch_.make(base.octets, record.octets);
  base_octets_ += record.octets.size() - base.octets.size();
  const bool worth_it = !patch.empty() && patch.size() < record.octets.size() / 2;
  if (worth_it) to.set_base_seq(base.seq);
  base.seq = record.seq;
  to.set_octets(worth_it ? std::move(patch) : record.octets);
  base.octets = std::move(record.octets);
}

void Packer::pack(std::span<Outgoing> records, v1::Batch& batch) {
  v1::RecordList list;
  for (Outgoing& record : records) {
    v1::Record& to = *list.add_records();
    to.set_seq(record.seq);
    to.set_kind(std::move(record.kind));
    put_octets(record, to);
    if (to.kind() == withheld) {
      to.set_first_seq(record.first);
      to.set_link(record.hash);
    }
    if (!record.origins.empty() && !to.mutable_origins()->ParseFromString(record.origins)) to.clear_origins();
  }
  if (!records.empty()) batch.set_last_hash(records.back().hash);
  compress(list, batch);
}

void Packer::pack_preview(std::span<Outgoing> records, v1::Batch& batch) {
  v1::RecordList list;
  for (Outgoing& record : records) {
    v1::Record& to = *list.add_records();
    to.set_seq(record.seq);
    to.set_kind(std::move(record.kind));
    to.set_octets(std::move(record.octets));
  }
  compress(list, batch);
}

void Packer::compress(v1::RecordList& list, v1::Batch& batch) {
  if (list.ByteSizeLong() >= worth_compressing) {
    const std::string plain = list.SerializeAsString();
    std::string& packed = *batch.mutable_payload();
    packed.resize(ZSTD_compressBound(plain.size()));
    const std::size_t size =
        ZSTD_compressCCtx(context_->zstd.get(), packed.data(), packed.size(), plain.data(), plain.size(), level);
    if (ZSTD_isError(size) == 0 && size < plain.size()) {
      packed.resize(size);
      batch.set_encoding(v1::Batch::ZSTD);
      return;
    }
    batch.clear_payload();
  }
  batch.mutable_records()->Swap(list.mutable_records());
}

}  // namespace platen::uplink
