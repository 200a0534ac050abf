#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Call by_hand(std::string_view run_id, std::string_view platform = "acme",
             std::string_view environment = "dev", int64_t attempt = 1) {
  return {.operation = "batch_claim",
          .body = concat(R"({"platformId":")", platform, R"(","env":")", environment,
                         R"(","runId":")", run_id, R"(","runAttempt":)", to_text(attempt), "}"),
          .principal = PrincipalKind::internal};
}

/// A site that was deployed and rests: nothing is under way.
void make_idle(World& world) {
  make_ready(world);
  world.answers["act:dispatch"] = {.status = 422, .body = "{}"};
  (void)world.perform(batch_key(world));
  REQUIRE_FALSE(site_of(world).active.has_value());
}

}  // namespace

TEST_CASE("a run claims its batch and is told what to build") {
  World world;
  make_dispatched(world);
  const Ended ended = world.call(claim(world, "42"));
  CHECK(ended.status == 200);
  const BatchRow batch = batch_of(world);
  CHECK(ended.body ==
        concat(R"({"batchId":")", batch.id, R"(","account":"main","environment":"dev",)",
               R"("shard":0,"shards":1,"deployments":[{"deploymentId":")",
               batch.members[0].deployment_id,
               R"(","platformId":"acme","environment":"dev","projectName":"acme-dev-portal",)",
               R"("branch":"main","configVersion":1,"shellSha":""}]})"));
  CHECK(batch.state == BatchState::claimed);
  CHECK(site_of(world).active->state == DeploymentState::running);
  CHECK(world.stored.due_in(batch_key(world), world.now_ms) == limits::batch_look_ms);
  CHECK(world.folds());
}

TEST_CASE("the same run claiming again gets the same answer with another token") {
  World world;
  make_dispatched(world);
  const Ended first = world.call(claim(world, "42"));
  const Ended second = world.call(claim(world, "42"));
  CHECK(second.body == first.body);
  CHECK(second.secret_member == "token");
  CHECK(world.stored.tables["build_token"].size() == 2);
  CHECK(world.stored.events(batch_key(world)) ==
        "batch_planned batch_dispatch_started batch_dispatched batch_claimed");
}

TEST_CASE("a later attempt of the run takes over; an earlier one is fenced") {
  World world;
  make_claimed(world);
  CHECK(world.call(claim(world, "42", 2)).status == 200);
  CHECK(batch_of(world).run_attempt == 2);
  const Ended late = world.call(claim(world, "42", 1));
  CHECK(late.status == 409);
  CHECK(late.says("claim.fenced"));
  CHECK(world.folds());
}

TEST_CASE("another run, an unknown key and a key that was given up are fenced") {
  World world;
  make_dispatched(world);
  for (const Call& call :
       {claim(world, "43"),
        Call{.operation = "batch_claim",
             .body = R"({"dispatchKey":"01KAKX3G2M0000000000000000","runId":"42","runAttempt":1})",
             .principal = PrincipalKind::internal}}) {
    const Ended ended = world.call(call);
    CHECK(ended.status == 409);
    CHECK(ended.says("claim.fenced"));
    CHECK_FALSE(ended.committed);
  }
  World deferred;
  make_ready(deferred);
  deferred.answers["act:dispatch"] = {.status = 429};
  deferred.stop_after_commit = true;
  (void)deferred.perform(batch_key(deferred));
  const Call late = claim(deferred, "42");
  BatchRow batch = batch_of(deferred);
  batch.dispatch_key.reset();
  deferred.stored.put("batch", batch.id, batch);
  CHECK(deferred.call(late).says("claim.fenced"));
}

TEST_CASE("a run may claim before its dispatch's answer is known; the answer then loses the race") {
  World world;
  make_ready(world);
  world.stop_after_commit = true;
  (void)world.perform(batch_key(world));
  CHECK(world.call(claim(world, "42")).status == 200);
  CHECK(batch_of(world).state == BatchState::claimed);
  CHECK(batch_of(world).run_id == "42");
  CHECK(world.call(claim(world, "43")).says("claim.fenced"));
  CHECK(world.folds());
}

TEST_CASE("a closed batch is fenced") {
  World world;
  make_claimed(world);
  CHECK(world.call(report(world, R"("outcome":"failed","reason":"build_failed")")).status == 200);
  (void)world.perform(batch_key(world));
  REQUIRE(batch_of(world).state == BatchState::closed);
  CHECK(world.call(claim(world, "42")).says("claim.fenced"));
}

TEST_CASE("by hand: an idle site is built by the run that asks") {
  World world;
  make_idle(world);
  const Ended ended = world.call(by_hand("99"));
  CHECK(ended.status == 200);
  CHECK(ended.says(R"("projectName":"acme-dev-portal")"));
  const BatchRow batch = batch_of(world);
  CHECK(batch.origin == Origin::manual);
  CHECK(batch.state == BatchState::claimed);
  CHECK(batch.run_id == "99");
  CHECK(site_of(world).active->state == DeploymentState::running);
  CHECK(site_of(world).active->reasons == std::vector<std::string>{"builder started by hand"});
  const Ended again = world.call(by_hand("99"));
  CHECK(again.body == ended.body);
  CHECK(world.stored.tables["batch"].size() == 2);
  CHECK(world.call(by_hand("100")).says("claim.nothing_to_build"));
  CHECK(world.folds());
}

TEST_CASE("by hand: what cannot be served is told apart") {
  World world;
  (void)create_platform(world);
  struct Row {
    Call call;
    int64_t status;
    std::string_view code;
  };
  const Row rows[] = {{by_hand("9", "nobody"), 404, "platform.unknown"},
                      {by_hand("9", "acme", "prod"), 404, "environment.unknown"},
                      {by_hand("9"), 409, "claim.nothing_to_build"}};
  for (const Row& row : rows) {
    const Ended ended = world.call(row.call);
    CHECK(ended.status == row.status);
    CHECK(ended.says(row.code));
    CHECK_FALSE(ended.committed);
  }
  World running;
  make_dispatched(running);
  CHECK(running.call(by_hand("9")).says("claim.nothing_to_build"));
}

TEST_CASE("a claim names its batch in one of four ways, not in two and not in none") {
  World world;
  for (const char* members :
       {R"("dispatchKey":"01KAKX3G2M0000000000000000","platformId":"acme","env":"dev",)",
        R"("dispatchKey":"01KAKX3G2M0000000000000000","env":"dev",)", R"("platformId":"acme",)",
        R"("env":"dev",)", "", R"("dispatchKey":"01kakx",)",
        R"("account":"main","platformId":"acme","env":"dev",)",
        R"("account":"main","dispatchKey":"01KAKX3G2M0000000000000000",)",
        R"("batchId":"bat_1","account":"main",)", R"("batchId":"bat_1","env":"dev",)",
        R"("account":"main","env":"test",)"}) {
    CAPTURE(members);
    const Ended ended = world.call({.operation = "batch_claim",
                                    .body = concat("{", members, R"("runId":"1","runAttempt":1})"),
                                    .principal = PrincipalKind::internal});
    CHECK(ended.status == 422);
    CHECK(ended.says("body.invalid"));
  }
}
