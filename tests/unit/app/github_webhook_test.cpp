// GitHub's hints: the next look comes sooner, or nothing happens.
#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

std::string event(std::string_view action, std::string_view title, std::string_view run_id = "42",
                  std::string_view repository = "neutrino-io/nno-platform-builder") {
  return concat(R"({"action":")", action, R"(","sender":{"login":"x"},"workflow_run":{"id":)",
                run_id, R"(,"display_title":")", title, R"(","conclusion":null,"actor":{}},)",
                R"("repository":{"full_name":")", repository, "\"}}");
}

Ended hint(World& world, std::string body) {
  return world.call({.operation = "github_webhook",
                     .body = std::move(body),
                     .principal = PrincipalKind::webhook});
}

std::string title_of(World& world) {
  return batch_of(world).dispatch_key.value_or("none") + " main-dev";
}

/// Whether the hint brought the look at the batch forward.
bool is_followed(World& world, const std::string& body) {
  const Ended ended = hint(world, body);
  CHECK(ended.status == 204);
  CHECK(ended.body.empty());
  CHECK(world.folds());
  return ended.committed && world.stored.due_in(batch_key(world), world.now_ms) == 0;
}

}  // namespace

TEST_CASE("the end of a run is looked at now, once for each event") {
  World world;
  make_dispatched(world);
  const std::string body = event("completed", title_of(world));
  CHECK(is_followed(world, body));
  CHECK_FALSE(is_followed(world, body));
  world.answers["look:run"] = {.body = R"({"id":42,"status":"in_progress"})"};
  (void)world.perform(batch_key(world));
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) > 0);
  CHECK_FALSE(hint(world, body).committed);
  CHECK(is_followed(world, body + " "));
}

TEST_CASE("a dispatch that is on its way is left alone; one that was lost is looked for") {
  World world;
  make_ready(world);
  world.stop_after_commit = true;
  (void)world.perform(batch_key(world));
  world.stop_after_commit = false;
  REQUIRE(batch_of(world).state == BatchState::dispatching);
  for (const std::string_view action : {"requested", "in_progress", "completed"}) {
    CHECK_FALSE(hint(world, event(action, title_of(world))).committed);
  }
  world.answers["look:runs"] = {.body = R"({"workflow_runs":[]})"};
  (void)world.perform(batch_key(world));
  REQUIRE(batch_of(world).state == BatchState::unknown);
  CHECK(is_followed(world, event("requested", title_of(world))));
}

TEST_CASE("what is about nothing that waits changes nothing") {
  World world;
  make_dispatched(world);
  const std::string title = title_of(world);
  for (const std::string& body :
       {event("requested", title), event("in_progress", title), event("created", title),
        event("completed", title, "43"), event("completed", "manual main-dev acme"),
        event("completed", ""), event("completed", title.substr(1)),
        event("completed", title, "42", "evil/nno-platform-builder"),
        std::string(R"({"zen":"Keep it logically awesome."})"), std::string("[]"), std::string("{"),
        std::string(R"({"action":7})"), std::string()}) {
    CAPTURE(body);
    const Ended ended = hint(world, body);
    CHECK(ended.status == 204);
    CHECK_FALSE(ended.committed);
  }
}

TEST_CASE("nobody gives hints but who has signed them") {
  World world;
  make_dispatched(world);
  const std::string body = event("completed", title_of(world));
  for (const PrincipalKind kind : {PrincipalKind::none, PrincipalKind::internal}) {
    const Ended ended =
        world.call({.operation = "github_webhook", .body = body, .principal = kind});
    CHECK(ended.status == (kind == PrincipalKind::none ? 401 : 403));
    CHECK_FALSE(ended.committed);
  }
}
