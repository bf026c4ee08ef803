#include "agent/identity/openssl.h"

#include <algorithm>
#include <array>

namespace platen::identity {

Bio memory() { return Bio(BIO_new(BIO_s_secmem())); }
Bio memory(std::string_view octets) { return Bio(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size()))); }

std::string content(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string openssl_says() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown reason" : reason;
}

int no_pass_phrase(char*, int, int, void*) { return -1; }

Key key_from(std::string_view pem) {
  return Key(PEM_read_bio_PrivateKey(memory(pem).get(), nullptr, no_pass_phrase, nullptr));
}

std::string common_name(X509_NAME* subject) {
  std::array<char, 65> name{};
  const int size = X509_NAME_get_text_by_NID(subject, NID_commonName, name.data(), name.size());
  const std::string text(name.data(), static_cast<std::size_t>(std::max(size, 0)));
  const bool fine = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  return fine ? text : "";
}

std::string organisation(X509_NAME* subject) {
  const int at = X509_NAME_get_index_by_NID(subject, NID_organizationName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_organizationName, at) >= 0) return "";
  unsigned char* made = nullptr;
  const int size = ASN1_STRING_to_UTF8(&made, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size < 0) return "";
  std::string text(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return text;
}

WallTime time_of(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  const std::chrono::sys_days day = std::chrono::year(parts.tm_year + 1900) /
                                    std::chrono::month(static_cast<unsigned>(parts.tm_mon + 1)) /
                                    std::chrono::day(static_cast<unsigned>(parts.tm_mday));
  return day + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

Expected<Secret> new_key() {
  const Key key(EVP_EC_gen("P-256"));
  const Bio out = memory();
  if (key == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return fail(Code::bug, "cannot make a P-256 key: " + openssl_says());
  }
  return Secret(content(out.get()));
}

Certificate certificate_from(std::string_view pem) {
  return Certificate(PEM_read_bio_X509(memory(pem).get(), nullptr, no_pass_phrase, nullptr));
}

}  // namespace platen::identity
