// Runners that are woken by a deploy hook, which says nothing about what they will do.
#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

/// A batch that is to be built by whoever the hook wakes.
World hooked() {
  World world;
  world.settings.members.emplace_back("BUILDER_WAKE", "deploy_hook");
  world.credentials.emplace_back("builder_hook");
  make_ready(world);
  return world;
}

std::optional<int64_t> due(World& world) {
  return world.stored.due_in(batch_key(world), world.now_ms);
}

}  // namespace

TEST_CASE("a runner is woken once, and again only after ten minutes without a claim") {
  World world = hooked();
  world.answers["act:wake"] = {.status = 200, .body = R"({"success":true})"};
  (void)world.perform(batch_key(world));
  CHECK(world.last_sent("act:wake")->request.path == "/workers/builds/deploy_hooks/{credential}");
  CHECK(batch_of(world).state == BatchState::planned);
  CHECK(due(world) == limits::wake_again_ms);
  const size_t acts = world.acts();
  (void)world.perform(batch_key(world));
  CHECK(world.acts() == acts + 1);
  const Call next = {.operation = "batch_claim",
                     .body = R"({"account":"main","runId":"7","runAttempt":1})",
                     .principal = PrincipalKind::internal};
  CHECK(world.call(next).status == 200);
  CHECK(batch_of(world).run_id == "7");
  (void)world.perform(batch_key(world));
  CHECK(world.acts() == acts + 1);
  CHECK(world.folds());
}

TEST_CASE("a hook that is refused ends the attempt; a limit and silence make it wait") {
  World refused = hooked();
  refused.answers["act:wake"] = {.status = 404, .body = "{}"};
  (void)refused.perform(batch_key(refused));
  CHECK(batch_of(refused).state == BatchState::closed);
  CHECK(site_of(refused).last->failure->code == "dispatch.rejected");
  CHECK(refused.folds());
  World limited = hooked();
  limited.answers["act:wake"] = {.status = 429, .headers = {{"retry-after", "75"}}};
  (void)limited.perform(batch_key(limited));
  CHECK(due(limited) == 75'000);
  World silent = hooked();
  silent.answers["act:wake"] = lost();
  (void)silent.perform(batch_key(silent));
  CHECK(due(silent) == 60'000);
  CHECK(batch_of(silent).state == BatchState::planned);
}

TEST_CASE("the Worker ends before it is answered: the hook rests for the lease") {
  World world = hooked();
  world.stop_after_commit = true;
  CHECK(world.perform(batch_key(world)).stopped);
  CHECK(due(world) == limits::act_lease_ms);
}

TEST_CASE("without the hook the deployment fails with its next step") {
  World world = hooked();
  world.credentials = {"cloudflare:main"};
  (void)world.perform(batch_key(world));
  CHECK(site_of(world).last->failure->code == "credential.missing");
  CHECK(site_of(world).last->failure->detail == "builder_hook");
  CHECK(world.folds());
}
