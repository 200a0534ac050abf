// The problem document (RFC 9457): how every refusal looks to its caller.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "wire/describe.hpp"

namespace slipway {

template <>
struct describe<Issue> {
  static constexpr std::string_view name = "Issue";
  static constexpr std::string_view doc = "One thing that is wrong with what was sent.";
  static constexpr std::array fields = {
      field<&Issue::pointer>("pointer", "JSON Pointer into the body, or a parameter's name"),
      field<&Issue::code>("code", "stable code, such as `field.unknown`"),
      field<&Issue::detail>("detail", "in words"),
      field<&Issue::suggestion>("suggestion", "the known name that was probably meant"),
  };
};

struct ProblemView {
  std::string type;
  std::string title;
  int64_t status = 0;
  std::string code;
  std::optional<std::string> detail;
  std::optional<std::vector<Issue>> errors;
  bool retryable = false;
  std::optional<std::string> next;
};
template <>
struct describe<ProblemView> {
  static constexpr std::string_view name = "Problem";
  static constexpr std::string_view doc = "Why a request was refused (RFC 9457).";
  static constexpr std::array fields = {
      field<&ProblemView::type>("type", "a URI that stands for the code"),
      field<&ProblemView::title>("title", "what is wrong, in general"),
      field<&ProblemView::status>("status", "HTTP status"),
      field<&ProblemView::code>("code", "stable dotted code"),
      field<&ProblemView::detail>("detail", "what happened this time"),
      field<&ProblemView::errors>("errors", "every single fault of what was sent"),
      field<&ProblemView::retryable>("retryable", "the same request may succeed later"),
      field<&ProblemView::next>("next", "the next step for a human"),
  };
};

/// The document for an error.
[[nodiscard]] ProblemView problem_of(const Error& error);

}  // namespace slipway
