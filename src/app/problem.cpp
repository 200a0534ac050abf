#include "app/problem.hpp"

#include "base/text.hpp"

namespace slipway {

ProblemView problem_of(const Error& error) {
  const ErrorInfo& about = info(error.code);
  ProblemView out;
  out.type = concat("urn:slipway:", about.name);
  out.title = std::string(about.title);
  out.status = about.status;
  out.code = std::string(about.name);
  if (!error.detail.empty()) out.detail = error.detail;
  if (!error.issues.empty()) out.errors = error.issues;
  out.retryable = about.retryable;
  if (!about.next.empty()) out.next = std::string(about.next);
  return out;
}

}  // namespace slipway
