// Modules of literals that are read, and what they hold.
#include "domain/ts_literal.hpp"

#include <doctest/doctest.h>

#include "domain/config.hpp"
#include "wire/json_read.hpp"
#include "wire/json_write.hpp"

using namespace slipway;

namespace {

/// `name=json` of every export, joined by spaces; or the code of the fault.
std::string exports_of(std::string_view source) {
  const LiteralModule module = read_literal_module(source);
  if (module.fault) {
    return std::string(name_of(module.fault->code)) + ": " + module.fault->detail;
  }
  std::string text;
  for (const LiteralExport& one : module.exports) {
    if (!text.empty()) text.push_back(' ');
    text.append(one.name + "=" + module.values[one.value]);
  }
  return text;
}

struct Row {
  std::string_view source;
  std::string_view json;
};

void check_values(std::span<const Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.source);
    const std::string source = "export const x = " + std::string(row.source) + ";\n";
    CHECK(exports_of(source) == "x=" + std::string(row.json));
  }
}

void check_modules(std::span<const Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.source);
    CHECK(exports_of(row.source) == row.json);
  }
}

}  // namespace

TEST_CASE("numbers keep their value, and decimal ones their digits") {
  const Row rows[] = {
      {"0", "0"},
      {"-0", "-0"},
      {"- /* c */ 5", "-5"},
      {"1.50", "1.50"},
      {".5", "0.5"},
      {"5.", "5"},
      {"5.e3", "5e3"},
      {"0.0e-0", "0.0e-0"},
      {"1_000.000_1e1_0", "1000.0001e10"},
      {"1E+21", "1e+21"},
      {"0xFf", "255"},
      {"0B101", "5"},
      {"0o17", "15"},
      {"0x1F_FFFF_FFFF_FFFF", "9007199254740991"},
      {"9007199254740991", "9007199254740991"},
      {"-9007199254740991", "-9007199254740991"},
      {"9007199254740993.0", "9007199254740993.0"},
      {"1.7976931348623157e308", "1.7976931348623157e308"},
      {"1.7976931348623158079e308", "1.7976931348623158079e308"},
      {"17976931348623157e292", "17976931348623157e292"},
      {"0.00017976931348623157e312", "0.00017976931348623157e312"},
      {"5e-324", "5e-324"},
      {"1e-999", "1e-999"},
      {"0e999999999999999999999", "0e999999999999999999999"},
      {"1e-99999999999999999999999", "1e-99999999999999999999999"},
      {"1e0000000000000000000000000001", "1e0000000000000000000000000001"},
  };
  check_values(rows);
}

TEST_CASE("strings and templates: every escape") {
  const Row rows[] = {
      {R"('a"b')", R"("a\"b")"},
      {R"("a'b")", R"("a'b")"},
      {"`a\"'b`", R"("a\"'b")"},
      {R"('\n\t\b\r\f\v\0')", R"("\n\u0009\u0008\u000d\u000c\u000b\u0000")"},
      {R"('\x41\u0042\u{43}\u{00000044}')", R"("ABCD")"},
      {R"('\q\'\"\\\`\/')", R"("q'\"\\`/")"},
      {R"('\uD83D\uDE00 \u{1F600} \u{D83D}\u{DE00} \uD83D\u{DE00}')",
       "\"\xF0\x9F\x98\x80 \xF0\x9F\x98\x80 \xF0\x9F\x98\x80 \xF0\x9F\x98\x80\""},
      {"'a\\\nb\\\r\nc\\\rd\\\xE2\x80\xA8"
       "e'",
       R"("abcde")"},
      {"'\xE2\x80\xA8\xE2\x80\xA9'", R"("\u2028\u2029")"},
      {"`a\nb\r\nc\rd`", R"("a\nb\nc\nd")"},
      {R"(`$ $\{ \${a} {}`)", R"("$ ${ ${a} {}")"},
      {"'</script>'", R"("\u003c/script>")"},
      {"'// no /* comment */'", R"("// no /* comment */")"},
      {"'\x01\x7F'", R"("\u0001\u007f")"},
      {"'\xC3\xA9\\\xC3\xA9'", "\"\xC3\xA9\xC3\xA9\""},
      {"''", "\"\""},
  };
  check_values(rows);
}

TEST_CASE("objects and arrays: names of every form, trailing commas, undefined members") {
  const Row rows[] = {
      {"{}", "{}"},
      {"[]", "[]"},
      {"[1, [2,], {a: [{}]},]", R"([1,[2],{"a":[{}]}])"},
      {"{a: 1, 'b-c': 2, \"d\": 3, 7: 4, 0x10: 5, 1_0: 6, 8.: 7}",
       R"({"a":1,"b-c":2,"d":3,"7":4,"16":5,"10":6,"8":7})"},
      {"{b: 1, a: 2}", R"({"b":1,"a":2})"},
      {"{if: 1, const: 2, as: 3, type: 4, get: 5, async: 6, undefined: 7, Object: 8}",
       R"({"if":1,"const":2,"as":3,"type":4,"get":5,"async":6,"undefined":7,"Object":8})"},
      {"{[\"__proto__\"]: 1, constructor: 2, [`a`]: 3}",
       R"({"__proto__":1,"constructor":2,"a":3})"},
      {"{$a_1: 1, \xC3\xA9t\xC3\xA9: 2}", "{\"$a_1\":1,\"\xC3\xA9t\xC3\xA9\":2}"},
      {"{a: undefined, b: 1, c: undefined as string | undefined}", R"({"b":1})"},
      {"{a: undefined}", "{}"},
      {"{a: {b: undefined}, c: (undefined)}", R"({"a":{}})"},
      {"{a: true, b: false, c: null}", R"({"a":true,"b":false,"c":null})"},
      {"(({ a: (1), }))", R"({"a":1})"},
      {"Object.freeze({ a: Object.freeze([1],), })", R"({"a":[1]})"},
  };
  check_values(rows);
}

TEST_CASE("white space and comments of every kind") {
  const Row rows[] = {
      {"/* a */ { // b\n /** c */ a /* d */ : /* e\n */ 1 // f\r , b: 2\n }", R"({"a":1,"b":2})"},
      {"\t\v\f\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9\xE3\x80\x80\xEF\xBB\xBF[1]", "[1]"},
      {"[/**/]", "[]"},
      {"[1 /* * / ** **/]", "[1]"},
      {"{ // to U+2028 \xE2\x80\xA8 a: 1 }", R"({"a":1})"},
  };
  check_values(rows);
}

TEST_CASE("assertions say nothing about a value") {
  const Row rows[] = {
      {"1 as const", "1"},
      {"{ a: 'x' as const, b: [1] as readonly number[] } as const satisfies Foo",
       R"({"a":"x","b":[1]})"},
      {"[1 as any as T<U<V>>[], 2 satisfies A.B<C>['d'], 3 as unknown]", "[1,2,3]"},
      {"1 as | 'a' | -1 | `b` | null", "1"},
      {"1 as { a: string; b?: (c: number) => void, [k: string]: unknown } & D", "1"},
      {"1 as keyof typeof x.y | unique symbol", "1"},
      {"1 as <T>(a: T) => new () => T", "1"},
      {"1 as A extends infer B ? C extends D ? 1 : 2 : [3, 4]", "1"},
      {"1 as import('m').T<string>[]", "1"},
      {"1 as\nT\n| U", "1"},
  };
  check_values(rows);
}

TEST_CASE("statements: exports of every form, types, type-only imports") {
  const Row rows[] = {
      {"", ""},
      {"\xEF\xBB\xBF// only a comment", ""},
      {"export const a = 1, b: B<C> = [2]", "a=1 b=[2]"},
      {"export default { a: 1 } satisfies A", R"(default={"a":1})"},
      {"const x = { a: 1 };\nexport default x", R"(default={"a":1})"},
      {"const x: X = 1\nexport const y = 2\nexport default x as Y\n;;", "y=2 default=1"},
      {"export { a as b, c, d as default, };\nconst a = 1, c = 2, d = 3", "b=1 c=2 default=3"},
      {"export const a = 1; export default a; export { a as b }", "a=1 default=1 b=1"},
      {"const unseen = 1;", ""},
      {"interface A {} export const a: A = {}", "a={}"},
      {"export interface A<T extends {}> extends B<C>, D.E { f(): void; g: '}' }\n"
       "export const a = 1",
       "a=1"},
      {"type A<T = {}> = { a: T }\n | B; export type C = 1\nexport const a = 1", "a=1"},
      {"interface A {}\ntype B = 1\nexport { A, type B, x }\nconst x = 1\nexport type { B as C }",
       "x=1"},
      {"export type { A } from './a'\nexport const a = 1", "a=1"},
      {"import type { A, B as C } from './types'\nimport type D from \"d\";\n"
       "import type * as E from 'e'; import { type F, type G as H } from 'f'\n"
       "export const a: A = 1",
       "a=1"},
      {"export const a: Record<string, (x: number) => { y: string }> = {}", "a={}"},
      {"export const a: A<B<C>>= 1", "a=1"},
      {"export const type = 1; export const as = 2, from = 3", "type=1 as=2 from=3"},
      {"export const a = 1 /*\n*/ export const b = 2", "a=1 b=2"},
  };
  check_modules(rows);
}

TEST_CASE("an exported value is found by its name") {
  const LiteralModule module = read_literal_module("export const a = 1; export default 2;");
  REQUIRE(exported_value(module, "default") != nullptr);
  CHECK(*exported_value(module, "default") == "2");
  CHECK(*exported_value(module, "a") == "1");
  CHECK(exported_value(module, "b") == nullptr);
}

TEST_CASE("what was rendered is read back, digit for digit") {
  ConfigDocuments documents = default_config("Acme");
  FeatureSwitch feature;
  feature.options.emplace().members = {{"N", true}};
  documents.features.features.members.emplace_back("a-1", feature);
  documents.features.stacks.emplace();
  documents.env.defaults.members = {
      {"__proto__", std::string("__proto__")},
      {"constructor", NumberText{"-0"}},
      {"7", NumberText{"1.50E-7"}},
      {"A", std::string("\"};`${x}`</script>\\\n\r\t\b\f\v\xE2\x80\xA8*/\xF0\x9F\x98\x80")},
      {"nul", std::string("\0'", 2)},
      {"", false},
  };
  documents.auth.defaults = {AuthProvider::oidc, "https://a.example", "id", {{"openid", ""}}};
  const RenderedConfig rendered = render(documents, std::nullopt);
  CHECK(exports_of(rendered.features) == "featuresConfig=" + to_json(documents.features));
  CHECK(exports_of(rendered.env) ==
        R"(envConfig={"__proto__":"__proto__","constructor":-0,"7":1.50e-7,)"
        R"("A":"\"};`${x}`\u003c/script>\\\n\u000d\u0009\u0008\u000c\u000b\u2028*/)"
        "\xF0\x9F\x98\x80\","
        R"("nul":"\u0000'","":false})");
  CHECK(exports_of(rendered.auth) == "authConfig=" + to_json(documents.auth.defaults));
}

TEST_CASE("the strict reader takes what was read") {
  const std::string_view source =
      "export default { A: .5e1, B: 0x10, C: 'x\\u{1F600}', D: -1_0, E: true, F: `\n` }";
  const LiteralModule module = read_literal_module(source);
  REQUIRE_FALSE(module.fault);
  Map<Scalar> values;
  JsonReader reader;
  const PaddedText text(module.values[0]);
  REQUIRE(reader.read(text.view(), Strictness::strict, values).ok());
  CHECK(to_json(values) == module.values[0]);
}
