#include "upstream/github.hpp"

#include <doctest/doctest.h>

using namespace slipway;

namespace {

const github::Builder builder = {"neutrino-io", "nno-platform-builder", "build.yml", "main"};
constexpr std::string_view key = "01KAKX3G2M0000000000000000";

std::string header(const Request& request, std::string_view name) {
  for (const auto& [key_, value] : request.headers.members) {
    if (key_ == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("a dispatch: path, version, body, byte for byte") {
  const Request request = github::dispatch(builder, key, "main", Environment::stg, 3);
  CHECK(request.target == Target::github);
  CHECK(request.credential == "github");
  CHECK(request.method == "POST");
  CHECK(request.path ==
        "/repos/neutrino-io/nno-platform-builder/actions/workflows/build.yml/dispatches");
  CHECK(header(request, "x-github-api-version") == "2026-03-10");
  CHECK(header(request, "content-type") == "application/json");
  CHECK(request.body == R"({"ref":"main","inputs":{"dispatchKey":"01KAKX3G2M0000000000000000",)"
                        R"("env":"stg","account":"main","shards":"[0,1,2]"}})");
  CHECK(github::dispatch(builder, key, "main", Environment::dev, 1)
            .body->ends_with(R"("shards":"[0]"}})"));
}

TEST_CASE("a list of runs: dispatched ones from the floor on") {
  const Request request = github::list_runs(builder, 1'795'279'428'404);
  CHECK(request.method == "GET");
  CHECK(request.path ==
        "/repos/neutrino-io/nno-platform-builder/actions/workflows/build.yml/runs"
        "?event=workflow_dispatch&per_page=100&created=%3E%3D2026-11-21T16%3A43%3A48Z");
  CHECK_FALSE(request.body.has_value());
  CHECK(header(request, "if-none-match").empty());
  CHECK(header(github::list_runs(builder, 0, "\"etag\""), "if-none-match") == "\"etag\"");
}

TEST_CASE("settings cannot reach another path") {
  const github::Builder odd = {"a/../b", "c?d", "e#f", "\"x"};
  CHECK(github::get_run(odd, "1/2").path == "/repos/a%2F..%2Fb/c%3Fd/actions/runs/1%2F2");
  CHECK(github::dispatch(odd, key, "m", Environment::dev, 1)
            .body->starts_with("{\"ref\":\"\\\"x\","));
}

TEST_CASE("a limit that only the words tell") {
  CHECK(github::is_limit({"API rate limit exceeded for installation ID 1."}));
  CHECK(github::is_limit({"You have exceeded a secondary rate limit."}));
  CHECK_FALSE(github::is_limit({"Resource not accessible by integration"}));
}

TEST_CASE("a run has the key when its title begins with it, as a word") {
  const auto has = [](std::string title) {
    return github::has_key({1, std::move(title), "queued", {}, ""}, key);
  };
  const std::string text(key);
  CHECK(has(text));
  CHECK(has(text + " dev main"));
  CHECK_FALSE(has(text + "0"));
  CHECK_FALSE(has("x " + text));
  CHECK_FALSE(has(text.substr(0, 25)));
  CHECK_FALSE(has(" " + text));
  CHECK_FALSE(has(""));
}
