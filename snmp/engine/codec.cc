#include "snmp/engine/codec.h"

#include <net-snmp/net-snmp-config.h>
// net-snmp-config.h must come first
#include <net-snmp/net-snmp-includes.h>
// macros of the above for errstat and errindex; ours are members of Ask
#undef non_repeaters
#undef max_repetitions

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

namespace platen::snmp::codec {
namespace {

// The one session, never opened, that snmp_build and snmp_parse want as a parameter, and the buffer that they build in.
struct Library {
  netsnmp_session session{};
  std::string no_context;
  u_char* buffer = nullptr;  // snmp_build reallocates it
  std::size_t capacity = 2048;
  std::vector<u_char> scratch;  // snmp_parse writes into what it reads

  Library() {
    ::setenv("MIBS", "", 1);  // the only way to load no MIB files at all
    ::netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
    ::netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
    ::netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);  // hostile datagrams must not write our log
    ::init_snmp("platen");
    ::snmp_sess_init(&session);
    session.version = SNMP_DEFAULT_VERSION;
    session.securityModel = SNMP_SEC_MODEL_USM;
    session.isAuthoritative = SNMP_SESS_NONAUTHORITATIVE;
    session.contextName = no_context.data();
    session.rcvMsgMaxSize = max_size_asked;
    buffer = static_cast<u_char*>(std::malloc(capacity));
  }
};

Library& library() {
  static Library& only = *new Library;  // Net-SNMP's own state lives as long as the process
  return only;
}

// A PDU whose texts and engine ids belong to somebody else.
struct BorrowingDelete {
  void operator()(netsnmp_pdu* pdu) const {
    pdu->community = pdu->contextEngineID = pdu->securityEngineID = nullptr;
    pdu->contextName = pdu->securityName = nullptr;
    ::snmp_free_pdu(pdu);
  }
};
using OutPdu = std::unique_ptr<netsnmp_pdu, BorrowingDelete>;

struct ParsedDelete {
  void operator()(netsnmp_pdu* pdu) const {
    if (pdu->securityStateRef != nullptr) {
      const auto* module = ::find_sec_mod(SNMP_SEC_MODEL_USM);
      module->pdu_free_state_ref(pdu->securityStateRef);
      pdu->securityStateRef = nullptr;
    }
    ::snmp_free_pdu(pdu);
  }
};
using InPdu = std::unique_ptr<netsnmp_pdu, ParsedDelete>;

char* borrowed(std::string_view text) { return const_cast<char*>(text.data()); }
u_char* borrowed_octets(std::string_view text) { return reinterpret_cast<u_char*>(borrowed(text)); }

int command_of(PduType type) {
  switch (type) {
    case PduType::get: return SNMP_MSG_GET;
    case PduType::get_next: return SNMP_MSG_GETNEXT;
    case PduType::get_bulk: return SNMP_MSG_GETBULK;
  }
  return SNMP_MSG_GET;
}

std::string said_by_library() { return ::snmp_api_errstring(library().session.s_snmp_errno); }

Expected<OutPdu> pdu_of(const Ask& ask, std::uint32_t id) {
  OutPdu pdu(::snmp_pdu_create(command_of(ask.type)));
  if (pdu == nullptr) std::abort();  // out of memory
  pdu->reqid = id;
  pdu->msgid = id;
  const bool bulk = ask.type == PduType::get_bulk;
  pdu->errstat = bulk ? ask.non_repeaters : 0;  // GETBULK keeps its two numbers in these places (RFC 3416 §3)
  pdu->errindex = bulk ? ask.max_repetitions : 0;
  std::array<oid, Oid::max_length> name{};
  for (const Oid& asked : ask.names) {
    if (asked.size() < 2 || asked.size() > name.size()) {
      return fail(Code::invalid, "'" + asked.text() + "' cannot be asked for: an OID has 2 to 128 numbers");
    }
    std::ranges::copy(asked.ids(), name.begin());
    if (::snmp_add_null_var(pdu.get(), name.data(), asked.size()) == nullptr) std::abort();
  }
  return pdu;
}

Expected<void> build(netsnmp_pdu& pdu, std::vector<std::uint8_t>& out) {
  Library& lib = library();
  std::size_t length = 0;
  lib.session.s_snmp_errno = 0;
  if (::snmp_build(&lib.buffer, &lib.capacity, &length, &lib.session, &pdu) != SNMPERR_SUCCESS) {
    return fail(Code::invalid, "the SNMP question cannot be encoded: " + said_by_library());
  }
  if (length > max_datagram)
    return fail(Code::invalid, "the SNMP question is larger than a datagram: ask for fewer names");
  const u_char* end = lib.buffer + lib.capacity;  // built backwards
  out.insert(out.end(), end - length, end);
  return {};
}

int level_of(const Credential& credential) {
  if (credential.auth == Auth::none) return SNMP_SEC_LEVEL_NOAUTH;
  return credential.priv == Priv::none ? SNMP_SEC_LEVEL_AUTHNOPRIV : SNMP_SEC_LEVEL_AUTHPRIV;
}

void address_v3(netsnmp_pdu& pdu, std::string_view user, std::string_view engine_id, std::string_view context,
                int level) {
  pdu.version = SNMP_VERSION_3;
  pdu.securityModel = SNMP_SEC_MODEL_USM;
  pdu.securityLevel = level;
  pdu.securityName = borrowed(user);
  pdu.securityNameLen = user.size();
  pdu.contextName = borrowed(context);
  pdu.contextNameLen = context.size();
  pdu.securityEngineID = pdu.contextEngineID = borrowed_octets(engine_id);
  pdu.securityEngineIDLen = pdu.contextEngineIDLen = engine_id.size();
}

Expected<Oid> oid_of(const oid* ids, std::size_t length) {
  if (length > Oid::max_length) return fail(Code::corrupt, "an OID of more than 128 numbers");
  std::array<std::uint32_t, Oid::max_length> narrow{};
  for (std::size_t i = 0; i < length; ++i) {
    if (ids[i] > UINT32_MAX) return fail(Code::corrupt, "an OID with a number above 4294967295");
    narrow[i] = static_cast<std::uint32_t>(ids[i]);
  }
  return Oid(std::span<const std::uint32_t>(narrow.data(), length));
}

std::uint64_t wide(const counter64& value) { return (value.high & 0xFFFFFFFFU) << 32U | (value.low & 0xFFFFFFFFU); }

Value octets_of(const netsnmp_variable_list& var, Type type) {
  if (var.val.string == nullptr) return Value::octets({}, type);
  return Value::octets({reinterpret_cast<const char*>(var.val.string), var.val_len}, type);
}

Value unsigned_of(const netsnmp_variable_list& var, Type type) {
  return Value::integer(static_cast<std::uint32_t>(*var.val.integer), type);
}

Expected<Value> object_of(const netsnmp_variable_list& var) {
  auto name = oid_of(var.val.objid, var.val_len / sizeof(oid));
  if (!name) return fail(name.error());
  return Value::oid(*std::move(name));
}

// Net-SNMP has refused tags that no RFC knows; what it lets through and we do not know stays Opaque, without meaning.
Expected<Value> value_of(const netsnmp_variable_list& var) {
  switch (var.type) {
    case SNMP_NOSUCHOBJECT: return Value::exception(Type::no_such_object);
    case SNMP_NOSUCHINSTANCE: return Value::exception(Type::no_such_instance);
    case SNMP_ENDOFMIBVIEW: return Value::exception(Type::end_of_mib_view);
    case ASN_NULL: return Value{};
    case ASN_OCTET_STR: return octets_of(var, Type::octets);
    case ASN_IPADDRESS: return octets_of(var, Type::ip_address);
    case ASN_OBJECT_ID: return object_of(var);
    default: break;
  }
  if (var.val.string == nullptr) return Value::exception(Type::null);
  switch (var.type) {
    case ASN_INTEGER: return Value::integer(*var.val.integer);
    case ASN_COUNTER: return unsigned_of(var, Type::counter32);
    case ASN_GAUGE:
    case ASN_UINTEGER: return unsigned_of(var, Type::gauge32);
    case ASN_TIMETICKS: return unsigned_of(var, Type::time_ticks);
    case ASN_COUNTER64:
    case ASN_OPAQUE_COUNTER64:
    case ASN_OPAQUE_U64: return Value::counter64(wide(*var.val.counter64));
    case ASN_OPAQUE_I64: return Value::integer(static_cast<std::int64_t>(wide(*var.val.counter64)));
    default: return octets_of(var, Type::opaque);
  }
}

Expected<VarBinds> varbinds_of(const netsnmp_pdu& pdu) {
  VarBinds out;
  for (const netsnmp_variable_list* var = pdu.variables; var != nullptr; var = var->next_variable) {
    auto name = oid_of(var->name, var->name_length);
    if (!name) return fail(name.error());
    auto value = value_of(*var);
    if (!value) return fail(value.error());
    out.push_back({*std::move(name), *std::move(value)});
  }
  return out;
}

// usmStats (RFC 3414 §5), 1.3.6.1.6.3.15.1.1.N
Answer::Report report_of(const VarBinds& varbinds) {
  static const Oid usm_stats{1, 3, 6, 1, 6, 3, 15, 1, 1};
  constexpr std::array reports{Answer::Report::unsupported_level, Answer::Report::not_in_time_window,
                               Answer::Report::unknown_user,      Answer::Report::unknown_engine,
                               Answer::Report::wrong_digest,      Answer::Report::decryption};
  const auto counter = varbinds.empty() ? std::span<const std::uint32_t>{} : varbinds.front().name.after(usm_stats);
  if (counter.empty() || counter[0] == 0 || counter[0] > reports.size()) return Answer::Report::other;
  return reports[counter[0] - 1];
}

Expected<InPdu> parse(std::span<const std::uint8_t> octets) {
  Library& lib = library();
  lib.scratch.assign(octets.begin(), octets.end());
  InPdu pdu(static_cast<netsnmp_pdu*>(std::calloc(1, sizeof(netsnmp_pdu))));
  if (pdu == nullptr) std::abort();
  lib.session.s_snmp_errno = 0;
  if (::snmp_parse(nullptr, &lib.session, pdu.get(), lib.scratch.data(), lib.scratch.size()) != SNMPERR_SUCCESS) {
    return fail(Code::corrupt, "the answer cannot be decoded: " + said_by_library());
  }
  return pdu;
}

Expected<Message> message_of(const netsnmp_pdu& pdu) {
  if (pdu.command != SNMP_MSG_RESPONSE && pdu.command != SNMP_MSG_REPORT) {
    return fail(Code::corrupt, "the answer is no Response: PDU type " + std::to_string(pdu.command));
  }
  auto varbinds = varbinds_of(pdu);
  if (!varbinds) return fail(varbinds.error());
  Message message;
  message.is_report = pdu.command == SNMP_MSG_REPORT;
  message.is_authentic = pdu.version == SNMP_VERSION_3 && pdu.securityLevel >= SNMP_SEC_LEVEL_AUTHNOPRIV;
  message.request_id = static_cast<std::int32_t>(pdu.reqid);
  message.error_status = static_cast<std::int32_t>(pdu.errstat);
  message.error_index = static_cast<std::int32_t>(pdu.errindex);
  if (message.is_report) message.report = report_of(*varbinds);
  message.varbinds = *std::move(varbinds);
  return message;
}

bool same(const void* octets, std::size_t length, std::string_view wanted) {
  return std::string_view(static_cast<const char*>(octets), octets == nullptr ? 0 : length) == wanted;
}

bool comes_from(const netsnmp_pdu& pdu, const Login& login, const Authority& authority) {
  const Credential& credential = login.credential;
  return pdu.securityLevel == level_of(credential) && same(pdu.securityName, pdu.securityNameLen, credential.user) &&
         same(pdu.securityEngineID, pdu.securityEngineIDLen, authority.engine_id()) &&
         same(pdu.contextEngineID, pdu.contextEngineIDLen, authority.engine_id()) &&
         same(pdu.contextName, pdu.contextNameLen, credential.context);
}

std::string_view text_of(std::span<const std::uint8_t> octets) {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

UsmScope::User nobody_at(const Peek& seen) {
  return {text_of(seen.engine_id), std::string(text_of(seen.user)), nullptr};
}

}  // namespace

void start() { library(); }

Expected<void> encode(const Ask& ask, const Credential& credential, std::uint32_t id, std::vector<std::uint8_t>& out) {
  start();
  if (credential.version == Version::v1 && ask.type == PduType::get_bulk) {
    return fail(Code::invalid, "SNMPv1 has no GETBULK: ask by GETNEXT");
  }
  auto pdu = pdu_of(ask, id);
  if (!pdu) return fail(pdu.error());
  const std::string& community = credential.community.reveal();
  (*pdu)->version = credential.version == Version::v1 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
  (*pdu)->community = borrowed_octets(community);
  (*pdu)->community_len = community.size();
  return build(**pdu, out);
}

Expected<void> encode(const Ask& ask, const Login& login, Authority& authority, MonotonicTime now, std::uint32_t id,
                      std::vector<std::uint8_t>& out) {
  start();
  const Credential& credential = login.credential;
  auto keys = authority.keys(login);
  if (!keys) return fail(keys.error());
  auto pdu = pdu_of(ask, id);
  if (!pdu) return fail(pdu.error());
  address_v3(**pdu, credential.user, authority.engine_id(), credential.context, level_of(credential));
  const UsmScope scope({authority.engine_id(), credential.user, *keys},
                       UsmScope::Time{authority.boots(), authority.time(now)});
  return build(**pdu, out);
}

Expected<void> encode_discovery(std::uint32_t id, std::vector<std::uint8_t>& out) {
  start();
  auto pdu = pdu_of({}, id);
  if (!pdu) return fail(pdu.error());
  address_v3(**pdu, "", "", "", SNMP_SEC_LEVEL_NOAUTH);
  const UsmScope scope({"", "", nullptr}, std::nullopt);
  return build(**pdu, out);
}

Expected<Message> decode(std::span<const std::uint8_t> octets) {
  start();
  const auto pdu = parse(octets);
  if (!pdu) return fail(pdu.error());
  return message_of(**pdu);
}

Expected<Message> decode(std::span<const std::uint8_t> octets, const Peek& seen, const Login& login,
                         Authority& authority) {
  start();
  auto keys = authority.keys(login);
  if (!keys) return fail(keys.error());
  const bool claims_auth = (seen.flags & Peek::auth_flag) != 0;
  const UsmScope scope(
      claims_auth ? UsmScope::User{authority.engine_id(), login.credential.user, *keys} : nobody_at(seen),
      std::nullopt);
  const auto pdu = parse(octets);
  if (!pdu) return fail(pdu.error());
  auto message = message_of(**pdu);
  if (message && !message->is_report && !comes_from(**pdu, login, authority)) {
    return fail(Code::corrupt, "the answer comes from another user, engine or context, or at another security level");
  }
  return message;
}

Expected<Message> decode_discovery(std::span<const std::uint8_t> octets, const Peek& seen) {
  start();
  const UsmScope scope(nobody_at(seen), std::nullopt);
  const auto pdu = parse(octets);
  if (!pdu) return fail(pdu.error());
  return message_of(**pdu);
}

}  // namespace platen::snmp::codec
