#include <doctest/doctest.h>

#include "app/token_views.hpp"
#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

namespace {

Call create_token(std::string_view scopes, std::string_view platforms, std::string_view more = "") {
  return {.operation = "token_create",
          .body = concat(R"({"name":"pipeline","scopes":)", scopes, R"(,"platforms":)", platforms,
                         more, "}")};
}

/// A stored token; how its bearer calls.
struct Bearer {
  TokenRow token;
  [[nodiscard]] Call call(Call call) const {
    call.principal = PrincipalKind::token;
    call.digest = token.digest;
    return call;
  }
};

Bearer bearer(World& world, std::string_view scopes, std::string_view platforms,
              std::string_view more = "") {
  const std::string digest = world.fresh_digest();
  const Ended ended = world.call(create_token(scopes, platforms, more));
  CAPTURE(ended.body);
  REQUIRE(ended.status == 201);
  REQUIRE(ended.secret_member == "token");
  const auto id = parsed<TokenView>(ended.body).token_id;
  auto token = world.stored.get<TokenRow>("token", id);
  REQUIRE(token.digest == digest);
  return {std::move(token)};
}

Call read_platform(std::string_view id) {
  return {.operation = "platform_read", .params = {{"platformId", std::string(id)}}};
}

}  // namespace

TEST_CASE("a token is shown without what it is, and its journal gives its row") {
  World world;
  const TokenRow token =
      bearer(world, R"(["deploy","platforms:read"])", R"(["acme"])", R"(,"expiresInDays":2)").token;
  CHECK(token.created_by == "admin");
  CHECK(token.expires_ms == world.now_ms + 2 * 86'400'000);
  const Ended list = world.call({.operation = "token_list"});
  CHECK(list.says(token.id));
  CHECK_FALSE(list.says(token.digest));
  CHECK(list.says(concat(R"("digestEnd":")", token.digest.substr(56), "\"")));
  const Call revoke = {.operation = "token_revoke", .params = {{"tokenId", token.id}}};
  CHECK(world.call(revoke).status == 204);
  const Ended again = world.call(revoke);
  CHECK(again.status == 204);
  CHECK_FALSE(again.committed);
  CHECK(world.stored.events("token:" + token.id) == "token_created token_revoked");
  CHECK(world.folds());
  CHECK(world.call({.operation = "token_revoke", .params = {{"tokenId", "tok_x"}}}).status == 404);
}

TEST_CASE("every fault of a token to create is named, and nothing is stored") {
  World world;
  const auto faults = [&](const Call& call) {
    const Ended ended = world.call(call);
    CHECK(ended.status == 422);
    CHECK_FALSE(ended.committed);
    CHECK_FALSE(ended.secret_member.has_value());
    return ended.body;
  };
  const auto has = [](const std::string& body, std::string_view pointer) {
    return body.find(concat(R"("pointer":")", pointer, "\"")) != std::string::npos;
  };
  const std::string all = faults({.operation = "token_create",
                                  .body = R"({"name":"","scopes":["deploy","deploy"],)"
                                          R"("platforms":["acme","*","acme"],"expiresInDays":0})"});
  for (const char* pointer :
       {"/name", "/scopes/1", "/platforms/1", "/platforms/2", "/expiresInDays"}) {
    CAPTURE(pointer);
    CHECK(has(all, pointer));
  }
  CHECK(has(faults(create_token("[]", R"(["*"])")), "/scopes"));
  CHECK(has(faults(create_token(R"(["builder"])", R"(["*"])")), "/scopes/0"));
  CHECK(has(faults(create_token(R"(["deploy"])", "[]")), "/platforms"));
  CHECK(has(faults(create_token(R"(["admin"])", R"(["acme"])")), "/platforms"));
}

TEST_CASE("a scope allows its operations and no other; admin allows all of them") {
  for (const TokenScope scope :
       {TokenScope::platforms_read, TokenScope::platforms_write, TokenScope::deploy,
        TokenScope::config_read, TokenScope::publishing, TokenScope::admin}) {
    World world;
    answer_doctor(world);
    const Bearer one = bearer(world, concat("[\"", name_of(scope), "\"]"), R"(["*"])");
    for (const OperationInfo& operation : operations()) {
      CAPTURE(operation.name);
      CAPTURE(name_of(scope));
      const Ended ended = world.call(one.call({.operation = std::string(operation.name)}));
      // What a person may do no key does in their place.
      const bool wanted = !is_personal(operation.scope) &&
                          (operation.scope == Scope::open || scope == TokenScope::admin ||
                           name_of(operation.scope) == name_of(scope));
      CHECK((ended.status == 403) == !wanted);
      CHECK(ended.status != 401);
    }
  }
}

TEST_CASE("a token that is unknown, revoked or expired is nobody's, in the same words") {
  World world;
  (void)create_platform(world);
  const Bearer revoked = bearer(world, R"(["platforms:read"])", R"(["*"])");
  const Bearer expired =
      bearer(world, R"(["platforms:read"])", R"(["*"])", R"(,"expiresInDays":1)");
  CHECK(world.call(revoked.call(read_platform("acme"))).status == 200);
  const auto id = revoked.token.id;
  REQUIRE(world.call({.operation = "token_revoke", .params = {{"tokenId", id}}}).status == 204);
  world.now_ms += 86'399'999;
  CHECK(world.call(expired.call(read_platform("acme"))).status == 200);
  world.now_ms += 1;
  Call none = read_platform("acme");
  none.principal = PrincipalKind::none;
  const std::string nobody = world.call(none).body;
  Bearer unknown;
  unknown.token.digest = std::string(64, 'e');
  for (const Bearer& one : {revoked, expired, unknown}) {
    const Ended ended = world.call(one.call(read_platform("acme")));
    CHECK(ended.status == 401);
    CHECK(ended.body == nobody);
  }
}

TEST_CASE("other platforms are answered like unknown ones, and stand in no list") {
  World world;
  REQUIRE(create_platform(world).status == 202);
  REQUIRE(world
              .call({.operation = "platform_create",
                     .body = R"({"platformId":"other","environments":["dev"]})"})
              .status == 202);
  const Bearer mine =
      bearer(world, R"(["platforms:read","platforms:write","deploy"])", R"(["acme","absent"])");
  CHECK(world.call(mine.call(read_platform("acme"))).status == 200);
  const std::string unknown = world.call(mine.call(read_platform("absent"))).body;
  const Ended other = world.call(mine.call(read_platform("other")));
  CHECK(other.status == 404);
  CHECK(other.body == unknown);
  const Ended list = world.call(mine.call({.operation = "platform_list"}));
  CHECK(list.says(R"("platformId":"acme")"));
  CHECK_FALSE(list.says("other"));
  const std::string operation = world.stored.tables["operation"].rbegin()->first;
  CHECK(world.stored.get<OperationRow>("operation", operation).platform_id == "other");
  CHECK(
      world.call(mine.call({.operation = "operation_read", .params = {{"operationId", operation}}}))
          .says("operation.unknown"));
  for (const char* id : {"other", "third"}) {
    const Ended ended = world.call(
        mine.call({.operation = "platform_create",
                   .body = concat(R"({"platformId":")", id, R"(","environments":["dev"]})")}));
    CHECK(ended.status == 403);
    CHECK_FALSE(ended.committed);
  }
  CHECK(world.stored.authors.back() == "admin");
  (void)world.call(mine.call({.operation = "deployment_request",
                              .params = {{"platformId", "acme"}, {"environment", "dev"}}}));
  CHECK(world.stored.authors.back() == mine.token.id);
}

TEST_CASE("a build's token reads what its batch pins while it is claimed, and reports it") {
  World world;
  make_dispatched(world);
  const std::string digest = world.fresh_digest();
  const Ended claimed = world.call(claim(world, "42"));
  CHECK(claimed.secret_member == "token");
  const auto as_build = [&](Call call) {
    call.principal = PrincipalKind::build;
    call.digest = digest;
    return world.call(call);
  };
  const auto config = [](std::string_view id, std::string_view version = "") {
    Call call = {.operation = "config_read", .params = {{"platformId", std::string(id)}}};
    if (!version.empty()) call.query.push_back({"version", std::string(version)});
    return call;
  };
  REQUIRE(world
              .call({.operation = "feature_activate",
                     .params = {{"platformId", "acme"}},
                     .body = R"({"featureId":"chat"})"})
              .status == 202);
  CHECK(as_build(config("acme")).header("etag").starts_with("\"1-"));
  CHECK(as_build(config("acme", "1")).status == 200);
  CHECK(as_build(config("acme", "2")).says("config.version_unknown"));
  CHECK(as_build(config("other")).says("platform.unknown"));
  CHECK(as_build(claim(world, "42")).status == 403);
  Call foreign = report(world, uploaded_result);
  foreign.params = {{"batchId", "bat_other"}};
  CHECK(as_build(foreign).says("batch.unknown"));
  CHECK(as_build(report(world, uploaded_result)).says(R"("accepted":1)"));
  CHECK(world.stored.authors.back() == batch_of(world).id);

  (void)world.perform(batch_key(world));
  REQUIRE(batch_of(world).state == BatchState::closed);
  CHECK(as_build(config("acme")).status == 401);
  CHECK(as_build(report(world, uploaded_result)).says(R"("accepted":0)"));
}

TEST_CASE("the token of an earlier attempt is nobody's") {
  World world;
  make_dispatched(world);
  const std::string digest = world.fresh_digest();
  REQUIRE(world.call(claim(world, "42")).status == 200);
  REQUIRE(world.call(claim(world, "42", 2)).status == 200);
  Call call = report(world, uploaded_result);
  call.principal = PrincipalKind::build;
  call.digest = digest;
  CHECK(world.call(call).status == 401);
}
