#include "proto/patch.h"

#include <zstd.h>

#include "base/handle.h"

namespace platen::wire {
namespace {

constexpr std::size_t most_octets = std::size_t{1} << 20U;
constexpr int level = 3;

}  // namespace

struct PatchMaker::Context {
  Handle<ZSTD_CCtx, ZSTD_freeCCtx> zstd{ZSTD_createCCtx()};
};
struct Patcher::Context {
  Handle<ZSTD_DCtx, ZSTD_freeDCtx> zstd{ZSTD_createDCtx()};
};

PatchMaker::PatchMaker() : context_(std::make_unique<Context>()) {
  ZSTD_CCtx_setParameter(context_->zstd.get(), ZSTD_c_compressionLevel, level);
}
PatchMaker::~PatchMaker() = default;
Patcher::Patcher() : context_(std::make_unique<Context>()) {}
Patcher::~Patcher() = default;

std::string PatchMaker::make(std::string_view base, std::string_view content) {
  ZSTD_CCtx* const zstd = context_->zstd.get();
  if (base.size() > most_octets || content.size() > most_octets) return {};
  if (ZSTD_isError(ZSTD_CCtx_refPrefix(zstd, base.data(), base.size())) != 0) return {};
  std::string patch(ZSTD_compressBound(content.size()), '\0');
  const std::size_t size = ZSTD_compress2(zstd, patch.data(), patch.size(), content.data(), content.size());
  if (ZSTD_isError(size) != 0 || size >= content.size()) return {};
  patch.resize(size);
  return patch;
}

Expected<std::string> Patcher::apply(std::string_view base, std::string_view patch) {
  ZSTD_DCtx* const zstd = context_->zstd.get();
  const unsigned long long size = ZSTD_getFrameContentSize(patch.data(), patch.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > most_octets ||
      base.size() > most_octets)
    return fail(Code::corrupt, "a patch that is none, or does not say its size");
  if (ZSTD_isError(ZSTD_DCtx_refPrefix(zstd, base.data(), base.size())) != 0)
    return fail(Code::corrupt, "a base that cannot be used");
  std::string content(size, '\0');  // zstd writes no further than this
  const std::size_t got = ZSTD_decompressDCtx(zstd, content.data(), content.size(), patch.data(), patch.size());
  if (ZSTD_isError(got) != 0 || got != size) return fail(Code::corrupt, "a damaged patch, or one of another base");
  return content;
}

}  // namespace platen::wire
