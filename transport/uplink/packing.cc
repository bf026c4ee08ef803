#include "transport/uplink/packing.h"

#include <zstd.h>

#include <utility>

#include "platen/v1/uplink.pb.h"

namespace platen::uplink {
namespace {
constexpr std::size_t worth_compressing = 1024;
constexpr int level = 1;
constexpr const char* withheld = "withheld";  // the kind of records that have no content any more
}  // namespace

struct Packer::Context {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> zstd{ZSTD_createCCtx()};
};

Packer::Packer() : context_(std::make_unique<Context>()) {}
Packer::~Packer() = default;

void Packer::pack(const std::string& epoch, std::span<Outgoing> records, v1::Batch& batch) {
  v1::RecordList list;
  for (Outgoing& record : records) {
    v1::Record& to = *list.add_records();
    to.set_seq(record.seq);
    to.set_kind(std::move(record.kind));
    to.set_octets(std::move(record.octets));
    if (to.kind() == withheld) {
      to.set_first_seq(record.first);
      to.set_link(record.hash);
    }
    if (!record.origins.empty() && !to.mutable_origins()->ParseFromString(record.origins)) to.clear_origins();
  }
  batch.set_epoch(epoch);
  if (!records.empty()) batch.set_last_hash(records.back().hash);
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
