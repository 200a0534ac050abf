// The door of the benchmark's module: single pieces of the core, bytes in and bytes out, with the
// mechanics of bindings/c/door.cpp. What ships has none of this.
#include "c/heap.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "app/problem.hpp"
#include "domain/config.hpp"
#include "upstream/github.hpp"
#include "upstream/pages.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

namespace slipway::bench {

/// What is wrong with a document, as the benchmark shows it.
struct Faults {
  std::vector<Issue> issues;
};

/// The parameters of `pages::create_project`.
struct ProjectWish {
  std::string credential;
  std::string account_id;
  std::string project;
  std::string site;
};

/// The request that `pages::create_project` makes.
struct ProjectRequest {
  std::string method;
  std::string path;
  Raw body;
};

}  // namespace slipway::bench

namespace slipway {

template <>
struct describe<bench::Faults> {
  static constexpr std::string_view name = "BenchFaults";
  static constexpr std::string_view doc = "What is wrong with a document.";
  static constexpr std::array fields = {field<&bench::Faults::issues>("issues", "every fault")};
};
template <>
struct describe<bench::ProjectWish> {
  static constexpr std::string_view name = "BenchProjectWish";
  static constexpr std::string_view doc = "A Pages project to ask for.";
  static constexpr std::array fields = {
      field<&bench::ProjectWish::credential>("credential", "name of the credential"),
      field<&bench::ProjectWish::account_id>("accountId", "the account's id at Cloudflare"),
      field<&bench::ProjectWish::project>("project", "the project's name"),
      field<&bench::ProjectWish::site>("site", "the site's id"),
  };
};
template <>
struct describe<bench::ProjectRequest> {
  static constexpr std::string_view name = "BenchProjectRequest";
  static constexpr std::string_view doc = "A request as it is sent.";
  static constexpr std::array fields = {
      field<&bench::ProjectRequest::method>("method", "HTTP method"),
      field<&bench::ProjectRequest::path>("path", "below the base URL"),
      field<&bench::ProjectRequest::body>("body", "JSON"),
  };
};

namespace bench {
namespace {

/// The cases in the order of their numbers (core_module.ts).
enum class Case : uint32_t {
  config_validate,
  github_runs,
  pages_deployments,
  pages_create_project
};

std::string faults(std::vector<Issue> issues) { return to_json(Faults{std::move(issues)}); }

std::string faults(ReadOutcome outcome) {
  if (!outcome.malformed) return faults(std::move(outcome.issues));
  return faults({{"", "json.malformed", "is not JSON"}});
}

std::string config_validate(PaddedView input) {
  JsonReader reader;
  ConfigDocuments documents;
  ReadOutcome outcome = reader.read(input, Strictness::strict, documents);
  if (!outcome.ok()) return faults(std::move(outcome));
  auto issues = validate(documents, "");
  return issues.empty() ? to_json(documents) : faults(std::move(issues));
}

/// An upstream's answer as the core keeps it; `null` where it does not have the shape.
template <class T>
std::string kept(PaddedView input) {
  JsonReader reader;
  T answer;
  if (!reader.read(input, Strictness::lenient, answer).ok()) return "null";
  return to_json(answer);
}

std::string create_project(PaddedView input) {
  JsonReader reader;
  ProjectWish wish;
  ReadOutcome outcome = reader.read(input, Strictness::strict, wish);
  if (!outcome.ok()) return faults(std::move(outcome));
  Request request =
      pages::create_project({wish.credential, wish.account_id, "shared"}, wish.project, wish.site);
  return to_json(ProjectRequest{std::move(request.method), std::move(request.path),
                                Raw{std::move(request.body).value_or("null")}});
}

std::string run(uint32_t which, PaddedView input) {
  switch (static_cast<Case>(which)) {
    case Case::config_validate:
      return config_validate(input);
    case Case::github_runs:
      return kept<github::RunPage>(input);
    case Case::pages_deployments:
      return kept<pages::DeploymentsEnvelope>(input);
    case Case::pages_create_project:
      return create_project(input);
  }
  __builtin_trap();
}

/// What one exchange holds on to, as in the core's own door.
struct Exchange {
  std::unique_ptr<char[]> input;
  uint32_t input_size = 0;
  std::string output;
};

Exchange* current = nullptr;

}  // namespace
}  // namespace bench
}  // namespace slipway

extern "C" {

/// Room for an input of `size` bytes. Valid until the next bench_* call.
__attribute__((export_name("bench_input"))) uint8_t* bench_input(uint32_t size) {
  using slipway::bench::current;
  delete current;
  heap_begin_call();
  current = new slipway::bench::Exchange();
  current->input.reset(new char[size + slipway::json_padding]);
  current->input_size = size;
  std::memset(current->input.get() + size, 0, slipway::json_padding);
  return reinterpret_cast<uint8_t*>(current->input.get());
}

/// Runs the case of that number over the input of `size` bytes; returns the output's size. Traps
/// for a number that no case has.
__attribute__((export_name("bench_run"))) uint32_t bench_run(uint32_t which, uint32_t size) {
  using slipway::bench::current;
  if (current == nullptr || current->input_size != size) __builtin_trap();
  current->output = slipway::bench::run(which, {{current->input.get(), size}});
  return static_cast<uint32_t>(current->output.size());
}

/// The output of the last bench_run. Valid until the next bench_* call.
__attribute__((export_name("bench_output"))) const uint8_t* bench_output(void) {
  using slipway::bench::current;
  if (current == nullptr) __builtin_trap();
  return reinterpret_cast<const uint8_t*>(current->output.data());
}
}
