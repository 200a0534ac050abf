#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Call follow(std::string accept = "text/event-stream") {
  return {.operation = "platform_read",
          .params = {{"platformId", "acme"}},
          .headers = {{"accept", std::move(accept)}}};
}

/// The next look of a stream after `first`.
Call again(Call call, const Ended& first, int64_t received_ago_ms) {
  call.held = first.hold->token;
  call.received_ago_ms = received_ago_ms;
  return call;
}

}  // namespace

TEST_CASE("following: the present state at once, then what changes, until it rests") {
  World world;
  (void)create_platform(world);
  const Ended first = world.call(follow());
  CHECK(first.status == 200);
  CHECK(first.header("content-type") == "text/event-stream");
  REQUIRE(first.hold.has_value());
  CHECK(first.body.starts_with(concat("retry: 2000\n\nid: ", first.hold->token, "\nevent: state\n",
                                      R"(data: {"platformId":"acme")")));
  CHECK(first.body.ends_with("}\n\n"));
  const Ended same = world.call(again(follow(), first, 1'000));
  CHECK(same.body.empty());
  CHECK(same.hold->token == first.hold->token);
  world.answers["look:project"] = project();
  place_sites(world);
  (void)world.perform(std::string(site_key));
  const Ended changed = world.call(again(follow(), first, 2'000));
  CHECK(changed.body.starts_with("id: "));
  CHECK(changed.says(R"("state":"ready")"));
  CHECK(to_number(changed.hold->token) > to_number(first.hold->token));
}

TEST_CASE("following: looks become rarer, and after five minutes the stream ends") {
  World world;
  (void)create_platform(world);
  const Ended first = world.call(follow());
  CHECK(first.hold->again_after_ms == 500);
  const std::pair<int64_t, int64_t> looks[] = {
      {10'000, 500}, {20'000, 1'000}, {100'000, 5'000}, {200'000, 5'000}, {299'000, 1'000}};
  for (const auto& [age_ms, wait_ms] : looks) {
    CAPTURE(age_ms);
    CHECK(world.call(again(follow(), first, age_ms)).hold->again_after_ms == wait_ms);
  }
  const Ended over = world.call(again(follow(), first, 300'000));
  CHECK_FALSE(over.hold.has_value());
  CHECK(over.body == "event: close\ndata: {\"reason\":\"time\"}\n\n");
}

TEST_CASE("following: only who names the media type is answered with a stream") {
  World world;
  (void)create_platform(world);
  for (const char* yes : {"text/event-stream", "TEXT/EVENT-STREAM", " text/event-stream ; q=1",
                          "text/html,text/event-stream", ",,text/event-stream,"}) {
    CAPTURE(yes);
    CHECK(world.call(follow(yes)).hold.has_value());
  }
  for (const char* no : {"", ",", ";", "*/*", "text/*", "text/event-streams", "text/event-strea",
                         "application/json;x=text/event-stream"}) {
    CAPTURE(no);
    const Ended plain = world.call(follow(no));
    CHECK(plain.header("content-type") == "application/json");
    CHECK_FALSE(plain.hold.has_value());
  }
}

TEST_CASE("following: who has the present state is told nothing before it changes") {
  World world;
  (void)create_platform(world);
  const std::string id = world.call(follow()).hold->token;
  const auto from = [&](std::string last) {
    Call call = follow();
    call.headers.emplace_back("last-event-id", std::move(last));
    return world.call(call).body;
  };
  CHECK(from(id) == "retry: 2000\n\n");
  for (const std::string& other : {std::string(), concat("0", id), concat(id, "0")}) {
    CAPTURE(other);
    CHECK(from(other).find("event: state") != std::string::npos);
  }
}
