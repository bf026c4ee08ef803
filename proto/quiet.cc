#include "proto/quiet.h"

#include <google/protobuf/stubs/logging.h>

namespace platen::wire {

struct Quiet::Silence {
  google::protobuf::LogSilencer silencer;
};

Quiet::Quiet() : silence_(std::make_unique<Silence>()) {}
Quiet::~Quiet() = default;

}  // namespace platen::wire
