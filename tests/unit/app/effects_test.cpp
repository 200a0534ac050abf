#include <doctest/doctest.h>

#include "support/stories.hpp"

using namespace slipway;
using namespace slipway::test;

TEST_CASE("a message does nothing once its promise has changed, and acts when it is the promise") {
  World world;
  make_claimed(world);
  const std::string key = batch_key(world);
  const int64_t promised_ms = *world.stored.outbox.find(key)->second.due_at_ms;
  world.now_ms = promised_ms + 1;
  const size_t sent = world.sent.size();
  CHECK_FALSE(world.perform_now(key, promised_ms - 1).committed);
  CHECK(world.sent.size() == sent);
  world.answers["look:run"] = {.body = R"({"id":42,"status":"in_progress"})"};
  CHECK(world.perform_now(key, promised_ms).committed);
  CHECK_FALSE(world.perform_now(key, promised_ms).committed);
}
