// A C library's object, freed when its owner goes: Handle<X509, X509_free>.
#pragma once

#include <memory>

namespace platen {

template <auto free_it>
struct FreeWith {
  template <class Object>
  void operator()(Object* object) const {
    free_it(object);
  }
};
template <class Object, auto free_it>
using Handle = std::unique_ptr<Object, FreeWith<free_it>>;

}  // namespace platen
