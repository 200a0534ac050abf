#include "base/nearest.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/limits.hpp"

using namespace slipway;

namespace {

using Names = std::vector<std::string_view>;

const Names known = {"platformId", "name", "environments", "config", "oidc", "none"};

std::string found(std::string_view given, const Names& names = known) {
  return std::string(nearest(given, names).value_or("-"));
}

}  // namespace

TEST_CASE("nearest: one or two edits away") {
  CHECK(found("platfomId") == "platformId");
  CHECK(found("platformIdd") == "platformId");
  CHECK(found("platformid") == "platformId");
  CHECK(found("enviroments") == "environments");
  CHECK(found("envirnoments") == "environments");
  CHECK(found("environmentss") == "environments");
  CHECK(found("Environment") == "environments");
}

TEST_CASE("nearest: two neighbours that are swapped are one edit") {
  CHECK(found("nmae") == "name");
  CHECK(found("odic") == "oidc");
  CHECK(found("conifg") == "config");
}

TEST_CASE("nearest: no more than two edits, and than a third of what was given") {
  CHECK(found("envroment") == "-");
  CHECK(found("enverments") == "-");
  CHECK(found("naem_") == "-");
  CHECK(found("nam") == "name");
  CHECK(found("na") == "-");
  CHECK(found("") == "-");
  CHECK(found("x") == "-");
  CHECK(found("nonee") == "none");
  CHECK(found("noneee") == "none");
}

TEST_CASE("nearest: the fewest edits win, and the first of several") {
  CHECK(found("teas", {"tears", "team", "teal"}) == "tears");
  CHECK(found("teas", {"team", "teal"}) == "team");
  CHECK(found("search", {"serch_", "searches", "sarch"}) == "sarch");
  CHECK(found("stack:serch", {"search", "stack:search"}) == "stack:search");
}

TEST_CASE("nearest: edits count at both ends of a name") {
  CHECK(found("aaaaaaab", {"baaaaaaa"}) == "baaaaaaa");
  CHECK(found("xyabcdef", {"abcdef"}) == "abcdef");
  CHECK(found("abcdef", {"xyabcdef"}) == "xyabcdef");
  CHECK(found("abcdefxy", {"abcdef"}) == "abcdef");
  CHECK(found("abcdefxyz", {"abcdef"}) == "-");
}

TEST_CASE("nearest: names beyond the limit are not compared") {
  const std::string longest(limits::suggested_bytes_max, 'a');
  const std::string near = std::string(limits::suggested_bytes_max - 1, 'a') + "b";
  CHECK(found(near, {longest}) == longest);
  CHECK(found(longest + "a", {longest}) == "-");
  CHECK(found(longest, {longest + "a"}) == "-");
}

TEST_CASE("suggestions: a document gets so many searches and no more") {
  Suggestions suggestions;
  for (size_t i = 0; i < limits::suggestions_max; ++i) {
    CHECK(suggestions.search("nmae", known) == "name");
  }
  CHECK(suggestions.search("nmae", known) == std::nullopt);
}
