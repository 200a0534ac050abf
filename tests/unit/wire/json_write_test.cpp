#include "wire/json_write.hpp"

#include <doctest/doctest.h>

#include "app/bodies.hpp"
#include "app/views.hpp"
#include "domain/batch.hpp"
#include "wire/json_read.hpp"

using namespace slipway;

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("strings: what must be escaped is, and nothing else") {
  CHECK(quoted("plain / 'text'") == "\"plain / 'text'\"");
  CHECK(quoted("\"\\") == "\"\\\"\\\\\"");
  CHECK(quoted("a\nb\rc\td") == "\"a\\nb\\u000dc\\u0009d\"");
  CHECK(quoted(std::string_view("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\\u007f\"");
  CHECK(quoted("</script><!--") == "\"\\u003c/script>\\u003c!--\"");
  CHECK(quoted("x\xE2\x80\xA8y\xE2\x80\xA9z") == "\"x\\u2028y\\u2029z\"");
}

TEST_CASE("strings: other characters of the same first bytes stay as they are") {
  CHECK(quoted("\xE2\x80\xA7\xE2\x80\xAA\xE2\x82\xAC\xC3\xA9\xF0\x9F\x98\x80") ==
        "\"\xE2\x80\xA7\xE2\x80\xAA\xE2\x82\xAC\xC3\xA9\xF0\x9F\x98\x80\"");
  CHECK(quoted("\xE2\x80") == "\"\xE2\x80\"");
}

TEST_CASE("every ASCII character survives writing and reading") {
  std::string all;
  for (int c = 0; c < 128; ++c) all.push_back(static_cast<char>(c));
  all.append("\xE2\x80\xA8\xE2\x80\xA9\xC3\xA9");
  JsonReader reader;
  std::vector<std::string> read;
  const PaddedText text(to_json(std::vector<std::string>{all}));
  REQUIRE(reader.read(text.view(), Strictness::strict, read).ok());
  CHECK(read == std::vector<std::string>{all});
}

TEST_CASE("absent optionals are left out, empty ones are not") {
  DeploymentRequestBody body;
  CHECK(to_json(body) == "{}");
  body.reason = "";
  CHECK(to_json(body) == "{\"reason\":\"\"}");
}

TEST_CASE("scalars keep their spelling, maps their order") {
  Map<Scalar> map;
  map.members = {{"z", NumberText{"1.50"}}, {"a", true}, {"<", std::string("t")}};
  CHECK(to_json(map) == "{\"z\":1.50,\"a\":true,\"\\u003c\":\"t\"}");
}

TEST_CASE("an alternative begins with its type") {
  const SiteEvent event = ProjectCreateStarted{3};
  CHECK(to_json(event) == "{\"type\":\"project_create_started\",\"attempt\":3}");
  const BatchEvent closed = BatchClosed{};
  CHECK(to_json(closed) == "{\"type\":\"batch_closed\"}");
}
