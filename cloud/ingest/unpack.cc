#include "cloud/ingest/unpack.h"

#include <fmt/format.h>
#include <zstd.h>

#include <utility>

#include "platen/v1/uplink.pb.h"
#include "proto/reading_codec.h"

namespace platen::cloud {
namespace {

constexpr std::size_t most_octets = std::size_t{4} << 20U;
constexpr int most_records = 16'384;

Expected<v1::RecordList> inflate(const std::string& payload) {
  const unsigned long long size = ZSTD_getFrameContentSize(payload.data(), payload.size());
  if (size == ZSTD_CONTENTSIZE_ERROR) return fail(Code::invalid, "the payload is no zstd frame");
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size > most_octets)
    return fail(Code::invalid,
                fmt::format("the payload does not say that it unpacks to at most {} octets", most_octets));
  std::string plain(size, '\0');  // zstd writes no further than this
  const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), payload.data(), payload.size());
  if (ZSTD_isError(got) != 0 || got != size) return fail(Code::invalid, "the payload is a damaged zstd frame");
  v1::RecordList list;
  if (!list.ParseFromString(plain)) return fail(Code::invalid, "the payload is no platen.v1.RecordList");
  return list;
}

}  // namespace

Expected<std::vector<StoredRecord>> unpack(v1::Batch& batch) {
  v1::RecordList list;
  if (batch.encoding() == v1::Batch::ZSTD) {
    auto inflated = inflate(batch.payload());
    if (!inflated) return fail(inflated.error());
    list = *std::move(inflated);
  } else if (batch.encoding() == v1::Batch::PLAIN) {
    list.mutable_records()->Swap(batch.mutable_records());
  } else {
    return fail(Code::invalid, fmt::format("encoding {} is not known here", static_cast<int>(batch.encoding())));
  }
  if (list.records_size() == 0 || list.records_size() > most_records)
    return fail(Code::invalid,
                fmt::format("a batch of {} records; 1 to {} are allowed", list.records_size(), most_records));

  std::vector<StoredRecord> records;
  records.reserve(static_cast<std::size_t>(list.records_size()));
  for (v1::Record& record : *list.mutable_records()) {
    const std::uint64_t due = records.empty() ? record.seq() : records.back().seq + 1;
    if (record.seq() != due || due == 0 || due > INT64_MAX)
      return fail(Code::invalid, fmt::format("record {} stands where {} is due", record.seq(), due));
    records.push_back({record.seq(), std::move(*record.mutable_kind()), std::move(*record.mutable_octets()), {}});
  }
  return records;
}

std::string decode_readings(std::vector<StoredRecord>& records) {
  std::string first;
  for (StoredRecord& record : records) {
    if (record.kind != "reading") continue;
    auto reading = wire::decode_reading(record.octets);
    if (reading) {
      record.reading = *std::move(reading);
    } else if (first.empty()) {
      first = fmt::format("record {}: {}", record.seq, reading.error().text);
    }
  }
  return first;
}

}  // namespace platen::cloud
