#include "cloud/ingest/unpack.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <zstd.h>

#include <algorithm>
#include <utility>

#include "platen/v1/uplink.pb.h"
#include "proto/ledger_codec.h"
#include "proto/reading_codec.h"

namespace platen::cloud {
namespace {

constexpr std::size_t most_octets = std::size_t{4} << 20U;
constexpr int most_records = 16'384;
constexpr std::uint32_t record_tag = 1U << 3U | 2U;  // field 1, length-delimited: RecordList.records
constexpr std::size_t hash_octets = 32, longest_epoch = 64;

// Counted before anything is made of it: four MiB of empty records would become a hundred MiB of messages.
Expected<void> check_count(const std::string& list) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(list.data()),
                                            static_cast<int>(list.size()));
  int records = 0;
  while (const std::uint32_t tag = in.ReadTag()) {
    std::uint32_t size = 0;
    const bool is_record = tag == record_tag && in.ReadVarint32(&size) && in.Skip(static_cast<int>(size));
    if (!is_record) return fail(Code::invalid, "the payload is no platen.v1.RecordList");
    if (++records > most_records)
      return fail(Code::invalid, fmt::format("a batch of more than {} records", most_records));
  }
  return {};
}

Expected<v1::RecordList> inflate(const std::string& payload) {
  const unsigned long long size = ZSTD_getFrameContentSize(payload.data(), payload.size());
  if (size == ZSTD_CONTENTSIZE_ERROR) return fail(Code::invalid, "the payload is no zstd frame");
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size > most_octets)
    return fail(Code::invalid,
                fmt::format("the payload does not say that it unpacks to at most {} octets", most_octets));
  std::string plain(size, '\0');  // zstd writes no further than this
  const std::size_t got = ZSTD_decompress(plain.data(), plain.size(), payload.data(), payload.size());
  if (ZSTD_isError(got) != 0 || got != size) return fail(Code::invalid, "the payload is a damaged zstd frame");
  if (auto counted = check_count(plain); !counted) return fail(counted.error());
  v1::RecordList list;
  if (!list.ParseFromString(plain)) return fail(Code::invalid, "the payload is no platen.v1.RecordList");
  return list;
}

Expected<StoredRecord> take(v1::Record& from) {
  StoredRecord record{from.seq(), std::move(*from.mutable_kind()), std::move(*from.mutable_octets()), {}};
  const bool withheld = record.kind == wire::withheld_kind;
  if (withheld != (from.link().size() == hash_octets) || (from.first_seq() != 0 && !withheld))
    return fail(Code::invalid, fmt::format("record {}: a withheld record has a hash, and no other has", record.seq));
  if (from.origins().origins_size() > wire::most_origins)
    return fail(Code::invalid, fmt::format("record {} has {} origins; at most {} are allowed", record.seq,
                                           from.origins().origins_size(), wire::most_origins));
  if (from.base_seq() != 0 && (withheld || from.base_seq() >= record.seq))
    return fail(Code::invalid, fmt::format("record {} cannot lean on record {}", record.seq, from.base_seq()));
  record.base = from.base_seq();
  record.first = from.first_seq();
  record.link = std::move(*from.mutable_link());
  for (const v1::Origin& origin : from.origins().origins()) {
    if (origin.seq() > INT64_MAX || origin.hash().size() != hash_octets || origin.epoch().size() > longest_epoch)
      return fail(Code::invalid, fmt::format("record {} has an origin that cannot be", record.seq));
    record.origins.push_back({origin.epoch(), origin.seq(), origin.hash()});
  }
  return record;
}

Expected<v1::RecordList> list_of(v1::Batch& batch) {
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
  return list;
}

}  // namespace

Expected<std::vector<StoredRecord>> unpack(v1::Batch& batch) {
  auto list = list_of(batch);
  if (!list) return fail(list.error());
  std::vector<StoredRecord> records;
  records.reserve(static_cast<std::size_t>(list->records_size()));
  for (v1::Record& record : *list->mutable_records()) {
    const std::uint64_t first = record.first_seq() == 0 ? record.seq() : record.first_seq();
    const std::uint64_t due = records.empty() ? first : records.back().seq + 1;
    if (first != due || due == 0 || record.seq() < first || record.seq() > INT64_MAX)
      return fail(Code::invalid, fmt::format("record {} stands where {} is due", first, due));
    auto taken = take(record);
    if (!taken) return fail(taken.error());
    records.push_back(*std::move(taken));
  }
  if (records.back().link.empty()) records.back().link = batch.last_hash();
  const bool patched =
      std::any_of(records.begin(), records.end(), [](const StoredRecord& record) { return record.base != 0; });
  if (patched && records.back().link.empty())
    return fail(Code::invalid, "a batch with differences, and no hash to prove what they make");
  if (const std::size_t size = records.back().link.size(); size != 0 && size != hash_octets)
    return fail(Code::invalid, fmt::format("a hash of {} octets", size));
  return records;
}

namespace {

void take_gap(StoredRecord& record) {
  if (auto gap = wire::decode_gap(record.octets)) record.gap = *std::move(gap);
}

}  // namespace

std::string decode_readings(std::vector<StoredRecord>& records) {
  std::string first;
  for (StoredRecord& record : records) {
    if (record.kind == wire::gap_kind || record.kind == wire::withheld_kind) take_gap(record);
    if (record.kind != wire::reading_kind) continue;
    auto reading = wire::decode_reading(record.octets);
    if (reading) {
      record.reading = *std::move(reading);
    } else if (first.empty()) {
      first = fmt::format("record {}: {}", record.seq, reading.error().text);
    }
  }
  return first;
}

Expected<std::vector<StoredRecord>> unpack_preview(v1::Batch& batch) {
  auto list = list_of(batch);
  if (!list) return fail(list.error());
  std::vector<StoredRecord> records;
  for (v1::Record& record : *list->mutable_records()) {
    if (record.base_seq() != 0 || record.seq() == 0 || record.seq() > INT64_MAX) continue;
    records.push_back({record.seq(), std::move(*record.mutable_kind()), std::move(*record.mutable_octets()), {}});
  }
  std::ignore = decode_readings(records);
  std::erase_if(records, [](const StoredRecord& record) { return !record.reading; });
  return records;
}

}  // namespace platen::cloud
