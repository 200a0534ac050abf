// Modules that are not only literals: what is said about the first thing that is none.
#include <doctest/doctest.h>

#include "domain/ts_literal.hpp"

using namespace slipway;

namespace {

/// `code line:column`, or `readable`.
std::string refusal(std::string_view source) {
  const LiteralModule module = read_literal_module(source);
  if (!module.fault) return "readable";
  CHECK(module.values.empty());
  CHECK(module.exports.empty());
  CHECK(module.fault->detail.size() > 10);
  const auto& [code, line, column, detail] = *module.fault;
  return std::string(name_of(code)) + " " + std::to_string(line) + ":" + std::to_string(column);
}

std::string detail_of(std::string_view source) {
  const LiteralModule module = read_literal_module(source);
  return module.fault ? module.fault->detail : "readable";
}

struct Row {
  std::string_view source;
  std::string_view refusal;
};

void check(std::span<const Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.source);
    CHECK(refusal(row.source) == row.refusal);
  }
}

/// Values, in line 2 from column 3.
void check_values(std::span<const Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.source);
    const std::string source = "export const x =\n  " + std::string(row.source) + "\n";
    CHECK(refusal(source) == row.refusal);
  }
}

}  // namespace

TEST_CASE("values that only running the module would tell") {
  const Row rows[] = {
      {"f()", "literal.call 2:3"},
      {"a.b?.c(1)", "literal.call 2:3"},
      {"[defineConfig({})]", "literal.call 2:4"},
      {"String.raw`a`", "literal.call 2:3"},
      {"`a` `b`", "literal.call 2:7"},
      {"{}()", "literal.call 2:5"},
      {"new Map()", "literal.call 2:3"},
      {"await a", "literal.call 2:3"},
      {"Object.assign({})", "literal.call 2:3"},
      {"Object", "literal.call 2:3"},
      {"import.meta.env.API_URL", "literal.identifier 2:3"},
      {"process.env.API_URL", "literal.identifier 2:3"},
      {"{ a: other }", "literal.identifier 2:8"},
      {"{ other }", "literal.identifier 2:5"},
      {"{ other, b: 1 }", "literal.identifier 2:5"},
      {"() => 1", "literal.function 2:4"},
      {"(a) => 1", "literal.identifier 2:4"},
      {"a => 1", "literal.function 2:3"},
      {"function () {}", "literal.function 2:3"},
      {"async () => {}", "literal.function 2:3"},
      {"class {}", "literal.function 2:3"},
      {"{ f() {} }", "literal.function 2:5"},
      {"{ get f() { return 1 } }", "literal.function 2:5"},
      {"{ async f() {} }", "literal.function 2:5"},
      {"{ async *f() {} }", "literal.function 2:5"},
      {"{ *f() {} }", "literal.function 2:5"},
      {"{ ...a }", "literal.spread 2:5"},
      {"[...a]", "literal.spread 2:4"},
      {"{ [a]: 1 }", "literal.computed_name 2:6"},
      {"{ ['a' + 'b']: 1 }", "literal.computed_name 2:6"},
      {"{ [1]: 1 }", "literal.computed_name 2:6"},
      {"`a${b}c`", "literal.template_hole 2:5"},
      {"{ a: /x/ }", "literal.regexp 2:8"},
  };
  check_values(rows);
}

TEST_CASE("values that are computed") {
  const Row rows[] = {
      {"1 + 2", "literal.operator 2:5"},
      {"60 * 1000", "literal.operator 2:6"},
      {"'a' + 'b'", "literal.operator 2:7"},
      {"+1", "literal.operator 2:3"},
      {"!0", "literal.operator 2:3"},
      {"-(1)", "literal.operator 2:4"},
      {"- -1", "literal.operator 2:5"},
      {"--1", "literal.operator 2:3"},
      {"1 ? 2 : 3", "literal.operator 2:5"},
      {"null ?? 1", "literal.operator 2:8"},
      {"(1, 2)", "literal.syntax 2:5"},
      {"{}.a", "literal.operator 2:5"},
      {"[1][0]", "literal.operator 2:6"},
      {"'a' in {}", "literal.operator 2:7"},
      {"1\n(2)", "literal.call 3:1"},
      {"1\n[0]", "literal.operator 3:1"},
      {"1\n/2/g", "literal.operator 3:1"},
      {"1 as T && 2", "literal.operator 2:10"},
      {"1 as T ? 2 : 3", "literal.operator 2:10"},
      {"[1 as number < 2, 3 > [0]]", "literal.operator 2:16"},
      {"[1 as T << 2]", "literal.operator 2:11"},
      {"{ a = 1 }", "literal.syntax 2:7"},
      {"{ a: 1 = 2 }", "literal.operator 2:10"},
  };
  check_values(rows);
}

TEST_CASE("values without a form in JSON, or that would not be kept") {
  const Row rows[] = {
      {"undefined", "literal.no_value 2:3"},
      {"[undefined]", "literal.no_value 2:4"},
      {"[, 1]", "literal.no_value 2:4"},
      {"[1, , 2]", "literal.no_value 2:7"},
      {"NaN", "literal.number 2:3"},
      {"-Infinity", "literal.operator 2:4"},
      {"Infinity", "literal.number 2:3"},
      {"9007199254740992", "literal.number 2:3"},
      {"-9007199254740993", "literal.number 2:4"},
      {"0x20000000000000", "literal.number 2:3"},
      {"0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "literal.number 2:3"},
      {"9007199254740993.", "literal.number 2:3"},
      {"1e309", "literal.number 2:3"},
      {"1.7976931348623159e308", "literal.number 2:3"},
      {"1e99999999999999999999", "literal.number 2:3"},
      {"10n", "literal.number 2:3"},
      {"0x1n", "literal.number 2:3"},
      {"010", "literal.number 2:3"},
      {"08", "literal.number 2:3"},
      {"0_1", "literal.number 2:3"},
      {"1__0", "literal.number 2:3"},
      {"1_", "literal.number 2:3"},
      {"0x", "literal.number 2:3"},
      {"0b2", "literal.number 2:3"},
      {"1e", "literal.number 2:3"},
      {"1e+", "literal.number 2:3"},
      {"3px", "literal.number 2:3"},
      {"1._5", "literal.number 2:3"},
      {"{ a: 1, b: 2, a: 3 }", "literal.duplicate 2:17"},
      {"{ a: 1, '\\x61': 2 }", "literal.duplicate 2:11"},
      {"{ 1: 1, 0x1: 2 }", "literal.duplicate 2:11"},
      {"{ a: undefined, a: 1 }", "literal.duplicate 2:19"},
      {"{ 1.5: 1 }", "literal.number 2:5"},
      {"{ 1e3: 1 }", "literal.number 2:5"},
      {"{ __proto__: 1 }", "literal.prototype 2:5"},
      {"{ '__proto__': 1 }", "literal.prototype 2:5"},
      {"{ '\\u005f_proto__': 1 }", "literal.prototype 2:5"},
      {"'\\uD83D'", "literal.surrogate 2:10"},
      {"'\\uD83D \\uDE00'", "literal.surrogate 2:10"},
      {"'a\\uDE00'", "literal.surrogate 2:5"},
      {"'\\uD83D\\n'", "literal.surrogate 2:10"},
      {"'\\uD83D\\uD83D\\uDE00'", "literal.surrogate 2:10"},
  };
  check_values(rows);
}

TEST_CASE("source that is cut or damaged") {
  const Row rows[] = {
      {"", "literal.syntax 3:1"},
      {"'a", "literal.syntax 2:3"},
      {"'a\\", "literal.syntax 2:3"},
      {"`a\n", "literal.syntax 2:3"},
      {"'\\x4'", "literal.syntax 2:4"},
      {"'\\u{110000}'", "literal.syntax 2:4"},
      {"'\\u{}'", "literal.syntax 2:4"},
      {"'\\u{41'", "literal.syntax 2:4"},
      {"'\\01'", "literal.syntax 2:4"},
      {"'\\8'", "literal.syntax 2:4"},
      {"1 /* a", "literal.syntax 2:5"},
      {"{ a: 1", "literal.syntax 3:1"},
      {"{ a 1 }", "literal.function 2:5"},
      {"{ a; }", "literal.syntax 2:6"},
      {"{ , }", "literal.syntax 2:5"},
      {"{ a: 1,, }", "literal.syntax 2:10"},
      {"[1 2]", "literal.syntax 2:6"},
      {"[1}", "literal.syntax 2:5"},
      {"#", "literal.syntax 2:3"},
      {"1 as", "literal.syntax 3:1"},
      {"1 as {", "literal.syntax 3:1"},
      {"1 as T<{>}", "literal.syntax 2:11"},
      {"1 as A extends B", "literal.syntax 3:1"},
      {"1 export const y = 2", "literal.syntax 2:5"},
      {"\\u0061", "literal.syntax 2:3"},
  };
  check_values(rows);
  const Row modules[] = {
      {"export const a = '\xC3(';", "literal.encoding 1:19"},
      {"// \xED\xA0\x80", "literal.encoding 1:4"},
      {"\xEF\xBB\xBF \xFF", "literal.encoding 1:2"},
      {"// \xC3\xA9\r\n/*\r*/ \xF0\x9F\x98\x80 x", "literal.statement 3:4"},
  };
  check(modules);
}

TEST_CASE("statements that do something") {
  const Row rows[] = {
      {"import a from 'a'", "literal.import 1:1"},
      {"import 'a'", "literal.import 1:1"},
      {"import { a } from 'a'", "literal.import 1:1"},
      {"import { type A, b } from 'a'", "literal.import 1:1"},
      {"import {} from 'a'", "literal.import 1:1"},
      {"import type from 'a'", "literal.import 1:1"},
      {"import type, { a } from 'a'", "literal.import 1:1"},
      {"import * as a from 'a'", "literal.import 1:1"},
      {"import type A = require('a')", "literal.syntax 1:15"},
      {"export * from 'a'", "literal.import 1:1"},
      {"export { a } from 'a'", "literal.import 1:8"},
      {"export { a }", "literal.identifier 1:10"},
      {"const a = 1\nexport { a, a }", "literal.duplicate 2:13"},
      {"export default 1; export default 2", "literal.duplicate 1:26"},
      {"const a = 1; const a = 2", "literal.duplicate 1:20"},
      {"export default a; const a = 1", "literal.identifier 1:16"},
      {"const a = {}; export default a.b", "literal.operator 1:31"},
      {"export default function () {}", "literal.function 1:16"},
      {"export let a = 1", "literal.statement 1:8"},
      {"var a = 1", "literal.statement 1:1"},
      {"export function f() {}", "literal.statement 1:8"},
      {"export = {}", "literal.statement 1:8"},
      {"module.exports = {}", "literal.statement 1:1"},
      {"const enum A {}", "literal.statement 1:7"},
      {"const { a } = {}", "literal.statement 1:7"},
      {"const a: number", "literal.syntax 1:16"},
      {"const Object = {}", "literal.statement 1:7"},
      {"const undefined = 1", "literal.statement 1:7"},
      {"declare global {}", "literal.statement 1:1"},
      {"type\nA = 1", "literal.statement 1:1"},
      {"type { a }", "literal.statement 1:1"},
      {"interface\nA {}", "literal.statement 1:1"},
      {"export const a = 1\na.b = 2", "literal.statement 2:1"},
      {"'use strict'", "literal.statement 1:1"},
      {"{}", "literal.statement 1:1"},
  };
  check(rows);
}

TEST_CASE("explanations say what stands there and what would be readable, and quote no string") {
  CHECK(detail_of("export const a = process.env.API_URL") ==
        "`process.env.API_URL` gets its value when the module runs; write the value itself");
  CHECK(detail_of("export const a = import.meta.env.get('k')") ==
        "`import.meta.env.get` is called when the module runs; write the value it returns");
  CHECK(detail_of("export const a = { b: 1 ]") == "`]` stands here; `,` or `}` would be readable");
  CHECK(detail_of("const 'hidden' = 1") == "a string stands here; a name would be readable");
  const std::string path(5000, 'a');
  CHECK(detail_of("export const a = " + path).size() < 200);
}

TEST_CASE("bounds: depth and size") {
  const auto nested = [](size_t depth, std::string_view open, std::string_view close) {
    std::string source = "export default ";
    for (size_t i = 0; i < depth; ++i) source.append(open);
    source.append("1");
    for (size_t i = 0; i < depth; ++i) source.append(close);
    return source;
  };
  const Row brackets[] = {{"[", "]"}, {"{a:", "}"}, {"(", ")"}, {"Object.freeze(", ")"}};
  for (const auto& [open, close] : brackets) {
    CAPTURE(open);
    CHECK(refusal(nested(32, open, close)) == "readable");
    CHECK(refusal(nested(33, open, close)).starts_with("literal.depth 1:"));
    CHECK(refusal(nested(50'000, open, close)).starts_with("literal.depth 1:"));
  }
  CHECK(refusal(nested(33, "[", "]")) == "literal.depth 1:48");
  CHECK(refusal("//" + std::string(1024 * 1024 - 2, 'x')) == "readable");
  CHECK(refusal(std::string(1024 * 1024 + 1, ' ')) == "literal.too_large 1:1");
}
