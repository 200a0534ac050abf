#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Call deploy(std::string_view key, std::string_view reason = "again") {
  return {.operation = "deployment_request",
          .params = {{"platformId", "acme"}, {"environment", "dev"}},
          .body = concat(R"({"reason":")", reason, "\"}"),
          .headers = {{"idempotency-key", std::string(key)}}};
}

}  // namespace

TEST_CASE("the same key and body: the same reply, and nothing is done") {
  World world;
  (void)create_platform(world);
  const Ended first = world.call(deploy("k1"));
  CHECK(first.status == 202);
  CHECK(first.header("idempotency-replayed").empty());
  const int64_t seq = site_of(world).seq;
  const Ended again = world.call(deploy("k1"));
  CHECK(again.status == 202);
  CHECK(again.body == first.body);
  CHECK(again.header("location") == first.header("location"));
  CHECK(again.header("idempotency-replayed") == "true");
  CHECK_FALSE(again.committed);
  CHECK(site_of(world).seq == seq);
  CHECK(world.call(deploy("k2")).body != first.body);
}

TEST_CASE("a key is of one caller, one operation and one request") {
  World world;
  (void)create_platform(world);
  (void)world.call(deploy("k1"));
  const Ended other = world.call(deploy("k1", "for another reason"));
  CHECK(other.status == 422);
  CHECK(other.says("idempotency.mismatch"));
  CHECK_FALSE(other.committed);
  Call elsewhere = deploy("k1");
  elsewhere.params[1].second = "prod";
  CHECK(world.call(elsewhere).says("idempotency.mismatch"));
  Call platform = {.operation = "platform_create",
                   .body = create_body(),
                   .headers = {{"idempotency-key", "k1"}}};
  CHECK(world.call(platform).status == 202);
  CHECK(world.stored.tables["kept_reply"].contains("admin/deployment_request/k1"));
  CHECK(world.stored.tables["kept_reply"].contains("admin/platform_create/k1"));
}

TEST_CASE("a refusal is not kept, and a key that is none is refused") {
  World world;
  CHECK(world.call(deploy("k1")).status == 404);
  (void)create_platform(world);
  CHECK(world.call(deploy("k1")).status == 202);
  for (const std::string& key : {std::string(), std::string(256, 'k'), std::string("a\nb")}) {
    const Ended ended = world.call(deploy(key));
    CHECK(ended.says("idempotency.key_invalid"));
    CHECK_FALSE(ended.committed);
  }
  CHECK(world.call(deploy(std::string(255, 'k'))).status == 202);
}

TEST_CASE("a reply that held a secret is not given again") {
  World world;
  const Call create = {.operation = "token_create",
                       .body = R"({"name":"n","scopes":["deploy"],"platforms":["*"]})",
                       .headers = {{"idempotency-key", "k1"}}};
  CHECK(world.call(create).status == 201);
  const Ended again = world.call(create);
  CHECK(again.status == 409);
  CHECK(again.says("idempotency.not_replayable"));
  CHECK(again.says("it handed out a secret"));
  CHECK_FALSE(again.secret_member.has_value());
  CHECK(world.stored.tables["token"].size() == 1);
}

TEST_CASE("the sweep deletes kept replies and tokens of builds after a day") {
  World world;
  make_claimed(world);
  (void)world.call(deploy("k1"));
  world.stored.outbox.clear();
  world.now_ms += 86'399'999;
  (void)world.tick();
  CHECK(world.stored.tables["kept_reply"].size() == 1);
  CHECK(world.stored.tables["build_token"].size() == 1);
  world.now_ms += 1;
  CHECK(world.tick().committed);
  CHECK(world.stored.tables["kept_reply"].empty());
  CHECK(world.stored.tables["build_token"].empty());
}
