// A batch of a hostile agent. The first octet says what the rest is: 'b' a Batch, 'f' a zstd frame, 'l' a RecordList (packed
// here, so that the fuzzer need not find out how zstd works).
#include <zstd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "cloud/ingest/unpack.h"
#include "platen/v1/uplink.pb.h"

using namespace platen;

namespace {

std::string packed(const std::string& plain) {
  std::string frame(ZSTD_compressBound(plain.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), plain.data(), plain.size(), 1));
  return frame;
}

bool make(char what, const std::string& rest, v1::Batch& batch) {
  if (what == 'b') return batch.ParseFromString(rest);
  batch.set_encoding(v1::Batch::ZSTD);
  batch.set_payload(what == 'f' ? rest : packed(rest));
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  v1::Batch batch;
  if (!make(static_cast<char>(data[0]), std::string(data + 1, data + size), batch)) return 0;
  auto records = cloud::unpack(batch);
  if (!records) return records.error().text.empty() ? std::abort(), 0 : 0;
  std::uint64_t last = 0;
  for (const cloud::StoredRecord& record : *records) {
    const std::uint64_t first = record.first == 0 ? record.seq : record.first;
    if (first == 0 || record.seq < first || (last != 0 && first != last + 1)) std::abort();
    last = record.seq;
  }
  if (records->empty() || records->size() > 16'384) std::abort();
  std::ignore = cloud::decode_readings(*records);
  return 0;
}
