#include "cloud/ingest/unpack.h"

#include <doctest/doctest.h>
#include <zstd.h>

#include "platen/v1/uplink.pb.h"
#include "proto/reading_codec.h"

using namespace platen;

namespace {

std::string zstd(const std::string& plain) {
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 1));
  return packed;
}

v1::RecordList list(std::initializer_list<std::uint64_t> seqs) {
  v1::RecordList made;
  for (const std::uint64_t seq : seqs) {
    v1::Record& record = *made.add_records();
    record.set_seq(seq);
    record.set_kind("note");
    record.set_octets("octets " + std::to_string(seq));
  }
  return made;
}

v1::Batch packed(const std::string& payload) {
  v1::Batch batch;
  batch.set_encoding(v1::Batch::ZSTD);
  batch.set_payload(payload);
  return batch;
}

v1::Batch plain(std::initializer_list<std::uint64_t> seqs) {
  v1::Batch batch;
  *batch.mutable_records() = list(seqs).records();
  return batch;
}

}  // namespace

TEST_CASE("records come out of either encoding") {
  for (v1::Batch batch : {plain({4, 5, 6}), packed(zstd(list({4, 5, 6}).SerializeAsString()))}) {
    const auto records = cloud::unpack(batch).value();
    REQUIRE(records.size() == 3);
    CHECK(records[0].seq == 4);
    CHECK(records[2].kind == "note");
    CHECK(records[2].octets == "octets 6");
  }
}

TEST_CASE("withheld records, origins and the last hash come out") {
  v1::Batch batch = plain({4, 9});
  v1::Record& withheld = *batch.mutable_records(1);
  withheld.set_kind("withheld");
  withheld.set_first_seq(5);
  withheld.set_link(std::string(32, 'l'));
  v1::Origin& origin = *batch.mutable_records(0)->mutable_origins()->add_origins();
  origin.set_epoch("e1");
  origin.set_seq(7);
  origin.set_hash(std::string(32, 'o'));
  const auto records = cloud::unpack(batch).value();
  REQUIRE(records.size() == 2);
  CHECK(records[0].origins == std::vector<wire::Origin>{{"e1", 7, std::string(32, 'o')}});
  CHECK(records[1].first == 5);
  CHECK(records[1].link == std::string(32, 'l'));
  v1::Batch hashed = plain({1, 2});
  hashed.set_last_hash(std::string(32, 'h'));
  const auto linked = cloud::unpack(hashed).value();
  CHECK(linked[0].link.empty());
  CHECK(linked[1].link == std::string(32, 'h'));
}

TEST_CASE("what a batch may not be") {
  const auto spoiled = [](void (*spoil)(v1::Record&)) {
    v1::Batch batch = plain({4, 5});
    spoil(*batch.mutable_records(1));
    return batch;
  };
  const std::string frame = zstd(list({1, 2, 3}).SerializeAsString());
  std::string flipped = frame;
  flipped.back() = static_cast<char>(flipped.back() ^ 0x55);
  v1::Batch tomorrow = plain({1});
  tomorrow.set_encoding(v1::Batch::Encoding(7));
  v1::RecordList many;
  for (std::uint64_t seq = 1; seq <= 16'385; ++seq) many.add_records()->set_seq(seq);
  std::string two_million;
  for (int i = 0; i < 2'000'000; ++i) two_million += std::string("\x0A\x00", 2);
  struct Row {
    const char* name;
    v1::Batch batch;
    const char* says;
  };
  const Row rows[] = {
      {"empty", plain({}), "0 records"},
      {"no frame", packed("hello"), "no zstd frame"},
      {"no payload", packed(""), "no zstd frame"},
      {"a frame of nothing", packed(zstd("")), "0 records"},
      {"cut frame", packed(frame.substr(0, frame.size() - 3)), "damaged"},
      {"a frame and more", packed(frame + "x"), "damaged"},
      {"two frames", packed(frame + frame), "damaged"},
      {"no list", packed(zstd("this is no list of records")), "RecordList"},
      {"a bomb: a gigabyte of zeros", packed(zstd(std::string(std::size_t{1} << 30U, '\0'))), "at most 4194304"},
      {"one octet too many", packed(zstd(std::string((4U << 20U) + 1, '\0'))), "at most 4194304"},
      {"two million empty records", packed(zstd(two_million)), "more than 16384 records"},
      {"a field of tomorrow in the list", packed(zstd(std::string("\x12\x00", 2))), "RecordList"},
      {"encoding of tomorrow", tomorrow, "encoding 7"},
      {"hole", plain({1, 3}), "record 3 stands where 2"},
      {"backwards", plain({2, 1}), "record 1 stands where 3"},
      {"twice", plain({2, 2}), "record 2 stands where 3"},
      {"number 0", plain({0}), "record 0"},
      {"a number no database holds", plain({~0ULL}), "record 1844"},
      {"withheld without a hash", spoiled([](v1::Record& r) { r.set_kind("withheld"); }), "withheld record has a hash"},
      {"a hash of its own without being withheld", spoiled([](v1::Record& r) { r.set_link(std::string(32, 'l')); }),
       "withheld record has a hash"},
      {"several numbers without being withheld", spoiled([](v1::Record& r) { r.set_first_seq(5), r.set_seq(6); }),
       "withheld record has a hash"},
      {"backwards numbers", spoiled([](v1::Record& r) { r.set_first_seq(5), r.set_seq(4); }),
       "record 5 stands where 5"},
      {"an origin without a hash", spoiled([](v1::Record& r) { r.mutable_origins()->add_origins(); }), "origin"},
      {"too many origins", spoiled([](v1::Record& r) {
         for (int i = 0; i < 9; ++i) r.mutable_origins()->add_origins()->set_hash(std::string(32, 'o'));
       }),
       "9 origins"},
      {"too many", packed(zstd(many.SerializeAsString())), "more than 16384 records"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    v1::Batch batch = row.batch;
    const auto records = cloud::unpack(batch);
    REQUIRE_FALSE(records);
    CHECK(records.error().code == Code::invalid);
    CHECK_MESSAGE(records.error().text.find(row.says) != std::string::npos, records.error().text);
  }
}

TEST_CASE("readings are decoded; what cannot be decoded stays as it came") {
  Reading reading;
  reading.address = "192.0.2.7";
  std::vector<cloud::StoredRecord> records = {{1, "reading", wire::encode_reading(reading), {}},
                                              {2, "reading", "\xFF\xFF poison", {}},
                                              {3, "scan", wire::encode_reading(reading), {}}};
  CHECK(cloud::decode_readings(records).find("record 2") == 0);
  CHECK(records[0].reading == reading);
  CHECK_FALSE(records[1].reading);
  CHECK(records[1].octets == "\xFF\xFF poison");
  CHECK_FALSE(records[2].reading);
}
