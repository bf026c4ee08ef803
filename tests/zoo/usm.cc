#include "tests/zoo/usm.h"

#include <algorithm>

#include "tests/zoo/usm_crypto.h"

namespace platen::zoo {
namespace {

using snmp::Auth;
using snmp::Priv;

constexpr std::uint8_t auth_flag = 1, priv_flag = 2, reportable_flag = 4;
constexpr std::uint32_t time_window = 150;  // seconds, RFC 3414 §2.2.3

// Last number of usmStats…: 1.3.6.1.6.3.15.1.1.N.0
enum class Refusal : std::uint32_t { none = 0, level = 1, time = 2, user = 3, engine = 4, digest = 5, decryption = 6 };

struct Header {  // what stands before the scoped PDU
  std::int64_t message_id = 0, max_size = 0, boots = 0, time = 0;
  std::uint8_t flags = 0;
  std::string_view engine_id, user, auth_params, priv_params, data;
  std::uint8_t data_tag = 0;
};

std::optional<Header> read_header(std::string_view datagram) {
  Header header;
  ber::Reader outer(datagram);
  ber::Reader body = outer.enter(ber::tag::sequence);
  if (body.integer() != 3) return std::nullopt;
  ber::Reader global = body.enter(ber::tag::sequence);
  header.message_id = global.integer();
  header.max_size = global.integer();
  const std::string_view flags = global.octets();
  if (global.integer() != 3 || !global.ok() || flags.size() != 1) return std::nullopt;  // 3: USM
  header.flags = static_cast<std::uint8_t>(flags.front());
  ber::Reader wrapped(body.octets());
  ber::Reader security = wrapped.enter(ber::tag::sequence);
  header.engine_id = security.octets();
  header.boots = security.integer();
  header.time = security.integer();
  header.user = security.octets();
  header.auth_params = security.octets();
  header.priv_params = security.octets();
  header.data_tag = body.peek();
  header.data = body.rest();
  if (!security.ok() || !body.ok() || header.data.empty()) return std::nullopt;
  return header;
}

const UsmKeys& keys_of(UsmEngine& engine, const UsmUser& user) {
  const auto [place, is_new] = engine.keys.try_emplace(&user);
  if (is_new) {
    const auto& [auth, priv] = std::pair(user.credential.auth, user.credential.priv);
    place->second.auth = localised(auth, user.auth_ku, engine.id);
    place->second.priv = privacy_key(auth, priv, localised(auth, user.priv_ku, engine.id));
  }
  return place->second;
}

std::string write_global(std::int64_t message_id, std::uint8_t flags) {
  std::string out;
  ber::Writer writer(out);
  const std::size_t global = writer.open(ber::tag::sequence);
  writer.integer(message_id);
  writer.integer(65507);
  writer.element(ber::tag::octets, {reinterpret_cast<const char*>(&flags), 1});
  writer.integer(3);
  writer.close(global);
  return out;
}

std::string write_scoped(std::string_view engine_id, std::string_view context, std::string_view pdu) {
  std::string out;
  ber::Writer writer(out);
  const std::size_t scoped = writer.open(ber::tag::sequence);
  writer.element(ber::tag::octets, engine_id);
  writer.element(ber::tag::octets, context);
  out += pdu;
  writer.close(scoped);
  return out;
}

struct Protection {
  std::uint8_t flags = 0;
  const UsmUser* user = nullptr;
};

std::string write_v3(UsmEngine& engine, std::int64_t message_id, Protection how, std::string_view user_name,
                     std::string_view scoped) {
  const bool with_auth = (how.flags & auth_flag) != 0, with_priv = (how.flags & priv_flag) != 0;
  std::string salt, data(scoped);
  if (with_priv) {
    for (int shift = 56; shift >= 0; shift -= 8) salt += static_cast<char>(engine.salt >> shift & 0xFFU);
    ++engine.salt;
    const PrivacyIv iv{engine.boots, engine.time, salt};
    data.clear();
    ber::Writer(data).element(ber::tag::octets,
                              encrypted(how.user->credential.priv, keys_of(engine, *how.user).priv, iv, scoped));
  }
  const std::size_t mac_length = with_auth ? digest_length(how.user->credential.auth) : 0;
  std::string out;
  ber::Writer writer(out);
  const std::size_t message = writer.open(ber::tag::sequence);
  writer.integer(3);
  out += write_global(message_id, how.flags);
  const std::size_t wrapped = writer.open(ber::tag::octets);
  const std::size_t security = writer.open(ber::tag::sequence);
  writer.element(ber::tag::octets, engine.id);
  writer.integer(engine.boots);
  writer.integer(engine.time);
  writer.element(ber::tag::octets, user_name);
  writer.element(ber::tag::octets, std::string(mac_length, '\0'));
  const std::size_t mac_at = out.size() - mac_length;
  writer.element(ber::tag::octets, salt);
  writer.close(security);
  writer.close(wrapped);
  out += data;
  writer.close(message);
  if (with_auth)
    out.replace(mac_at, mac_length, digest(how.user->credential.auth, keys_of(engine, *how.user).auth, out));
  return out;
}

std::string report_of(UsmEngine& engine, const Header& header, Refusal why, const UsmUser* user,
                      std::int32_t request_id) {
  if ((header.flags & reportable_flag) == 0) return {};
  std::string varbind;
  ber::Writer writer(varbind);
  const std::size_t opened = writer.open(ber::tag::sequence);
  const std::uint32_t name[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, static_cast<std::uint32_t>(why), 0};
  writer.oid(name);
  writer.unsigned_integer(1, ber::tag::counter32);
  writer.close(opened);
  const std::string pdu = write_pdu(ber::tag::report, request_id, 0, 0, varbind);
  // Only a wrong time is reported to somebody who has proved who he is (RFC 3414 §3.2 7b).
  const Protection how = why == Refusal::time ? Protection{auth_flag, user} : Protection{};
  return write_v3(engine, header.message_id, how, header.user, write_scoped(engine.id, "", pdu));
}

bool digest_is_right(UsmEngine& engine, const UsmUser& user, const Header& header, std::string_view datagram) {
  const Auth auth = user.credential.auth;
  if (header.auth_params.size() != digest_length(auth)) return false;
  std::string blanked(datagram);
  const auto at = static_cast<std::size_t>(header.auth_params.data() - datagram.data());
  std::fill_n(blanked.begin() + static_cast<std::ptrdiff_t>(at), header.auth_params.size(), '\0');
  return same_octets(digest(auth, keys_of(engine, user).auth, blanked), header.auth_params);
}

bool time_is_right(const UsmEngine& engine, const Header& header) {
  const std::int64_t apart = header.time - std::int64_t{engine.time};
  return header.boots == engine.boots && apart <= time_window && apart >= -std::int64_t{time_window};
}

// RFC 3414 §3.2, steps 3 to 7.
Refusal refusal(UsmEngine& engine, const UsmUser* user, const Header& header, std::string_view datagram) {
  if (header.engine_id != engine.id) return Refusal::engine;
  if (user == nullptr) return Refusal::user;
  const bool with_auth = (header.flags & auth_flag) != 0, with_priv = (header.flags & priv_flag) != 0;
  if ((with_priv && !with_auth) || (with_auth && user->credential.auth == Auth::none) ||
      (with_priv && user->credential.priv == Priv::none)) {
    return Refusal::level;
  }
  if (!with_auth) return Refusal::none;
  if (!digest_is_right(engine, *user, header, datagram)) return Refusal::digest;
  return time_is_right(engine, header) ? Refusal::none : Refusal::time;
}

// The scoped PDU in clear, "" when it cannot be had.
std::string plain_data(UsmEngine& engine, const UsmUser& user, const Header& header) {
  if ((header.flags & priv_flag) == 0) return std::string(header.data);
  ber::Reader reader(header.data);
  const std::string_view cipher = reader.octets();
  if (!reader.ok()) return {};
  const PrivacyIv iv{static_cast<std::uint32_t>(header.boots), static_cast<std::uint32_t>(header.time),
                     header.priv_params};
  return decrypted(user.credential.priv, keys_of(engine, user).priv, iv, cipher);
}

bool read_scoped(UsmQuestion& question) {
  ber::Reader outer(question.plain);
  ber::Reader scoped = outer.enter(ber::tag::sequence);
  static_cast<void>(scoped.octets());  // contextEngineID: always this one
  question.context_name = scoped.octets();
  question.pdu = scoped.ok() ? read_pdu(scoped) : std::nullopt;
  return question.pdu.has_value();
}

std::int32_t request_id_in_clear(const Header& header) {
  if ((header.flags & priv_flag) != 0) return 0;
  UsmQuestion peek;
  peek.plain = header.data;
  return read_scoped(peek) ? peek.pdu->request_id : 0;
}

}  // namespace

UsmUser::UsmUser(const snmp::Credential& from)
    : credential(from),
      auth_ku(key_of_pass_phrase(from.auth, from.auth_pass.reveal())),
      priv_ku(from.priv == Priv::none ? "" : key_of_pass_phrase(from.auth, from.priv_pass.reveal())) {}

UsmQuestion usm_open(UsmEngine& engine, const UsmUsers& users, std::string_view datagram) {
  UsmQuestion question;
  const auto header = read_header(datagram);
  if (!header) return question;
  const auto found =
      std::find_if(users.begin(), users.end(), [&](const auto& u) { return u->credential.user == header->user; });
  const UsmUser* user = found == users.end() ? nullptr : found->get();
  const Refusal why = refusal(engine, user, *header, datagram);
  if (why != Refusal::none) {
    question.report = report_of(engine, *header, why, user, request_id_in_clear(*header));
    return question;
  }
  question.user = user;
  question.message_id = header->message_id;
  question.max_size = header->max_size;
  question.flags = header->flags & (auth_flag | priv_flag);
  const bool want_auth = user->credential.auth != Auth::none, want_priv = user->credential.priv != Priv::none;
  question.full_level =
      want_auth == ((header->flags & auth_flag) != 0) && want_priv == ((header->flags & priv_flag) != 0);
  question.plain = plain_data(engine, *user, *header);
  if (!read_scoped(question) && (header->flags & priv_flag) != 0) {
    question.report = report_of(engine, *header, Refusal::decryption, user, 0);
  }
  return question;
}

std::size_t usm_overhead(const UsmEngine& engine, const UsmQuestion& question) {
  constexpr std::size_t fixed = 52;  // tags, lengths and numbers, each at its longest
  constexpr std::size_t salt = 8, block = 8;
  const snmp::Credential& credential = question.user->credential;
  const std::size_t mac = (question.flags & auth_flag) != 0 ? digest_length(credential.auth) : 0;
  const std::size_t privacy = (question.flags & priv_flag) == 0 ? 0 : salt + (credential.priv == Priv::des ? block : 0);
  return fixed + 2 * (2 + engine.id.size()) + 2 + credential.user.size() + 2 + mac + 2 + privacy + 2 +
         question.context_name.size();
}

std::string usm_seal(UsmEngine& engine, const UsmQuestion& question, std::string_view pdu) {
  return write_v3(engine, question.message_id, {question.flags, question.user}, question.user->credential.user,
                  write_scoped(engine.id, question.context_name, pdu));
}

}  // namespace platen::zoo
