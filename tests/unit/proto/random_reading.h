// Readings that nobody would write by hand, for properties: every optional there or not, every enum value, extreme
// numbers, text with multi-byte characters. The same generator state gives the same reading.
#pragma once

#include <random>

#include "base/reading/reading.h"

namespace platen::tests {

[[nodiscard]] Reading random_reading(std::mt19937_64& random);

}  // namespace platen::tests
