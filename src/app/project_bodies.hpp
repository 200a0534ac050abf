// What users send about the Pages projects of their sites.
#pragma once

#include <array>
#include <string>

#include "wire/describe.hpp"

namespace slipway {

struct AdoptBody {
  std::string confirm;
};
template <>
struct describe<AdoptBody> {
  static constexpr std::string_view name = "Adopt";
  static constexpr std::string_view doc = "An existing Pages project to take over.";
  static constexpr std::array fields = {
      field<&AdoptBody::confirm>("confirm", "the project's name, as a confirmation"),
  };
};

}  // namespace slipway
