// Damaged and hostile modules: never a crash, never a read past the end, never a value that is not
// JSON. The sanitizers watch.
#include <doctest/doctest.h>

#include <vector>

#include "domain/ts_literal.hpp"
#include "wire/json_read.hpp"

using namespace slipway;

namespace {

constexpr std::string_view sample =
    "\xEF\xBB\xBF// caf\xC3\xA9\n"
    "import type { A, B as C } from './types'\n"
    "import { type D } from \"d\";\n"
    "interface E<T extends {}> extends F<T>, G.H { i: '}'; j(k: string): void }\n"
    "type L<M> = M extends N ? { o: 1 } : (p: Q) => [R, -1]\n"
    "const s: T<U<V>>= {\n"
    "  w: 'x\\n\\x41\\u0042\\u{1F600}\\uD83D\\uDE00\\\r\ny', // z\n"
    "  'a-b': `c\\`$\n`, 0x1F: [1_0, -.5e-7, 5., 0b1, 0o7, 1.7976931348623157e308,],\n"
    "  [\"__proto__\"]: null, d: undefined as E[] | F, /* g\n */ h: (true) satisfies boolean,\n"
    "  i: Object.freeze({ j: false, } as const,),\n"
    "} as const satisfies K\n"
    "export const l = \"\xE2\x80\xA8\", m = 1\n"
    "export { s as n, type E }\n"
    "export type { L };\n"
    "export default s;\n";

/// Reads exactly these bytes, which end where the memory does, and checks what comes of them.
void read_at_the_edge(std::string_view source) {
  const std::vector<char> exact(source.begin(), source.end());
  const LiteralModule module = read_literal_module({exact.data(), exact.size()});
  if (module.fault) {
    CHECK(module.exports.empty());
    CHECK(module.fault->line >= 1);
    CHECK(module.fault->column >= 1);
    CHECK_FALSE(module.fault->detail.empty());
    return;
  }
  for (const std::string& json : module.values) {
    Map<Raw> holder;
    JsonReader reader;
    const std::string document = "{\"value\":" + json + "}";
    const PaddedText text(document);
    CHECK(reader.read(text.view(), Strictness::strict, holder).ok());
  }
}

}  // namespace

TEST_CASE("the sample is readable") { CHECK_FALSE(read_literal_module(sample).fault); }

TEST_CASE("every prefix and every suffix of a module") {
  for (size_t i = 0; i <= sample.size(); ++i) {
    CAPTURE(i);
    read_at_the_edge(sample.substr(0, i));
    read_at_the_edge(sample.substr(i));
  }
}

TEST_CASE("every byte of a module deleted, doubled, or replaced by another") {
  for (size_t i = 0; i < sample.size(); ++i) {
    CAPTURE(i);
    const std::string before(sample.substr(0, i));
    const std::string_view after = sample.substr(i + 1);
    read_at_the_edge(before + std::string(after));
    read_at_the_edge(before + sample[i] + sample[i] + std::string(after));
    for (const char c : {'\0', '\xFF', '"', '`', '\\', '/', '<', '{', ',', '=', '\n', '0'}) {
      read_at_the_edge(before + c + std::string(after));
    }
  }
}

TEST_CASE("every byte alone, and every pair of bytes that mean something") {
  constexpr std::string_view marks = "\"'`\\/*<>(){}[],:;=.-+_$&|?!#@ \n\r\t0x9eE\xE2\x80\xA8";
  for (int byte = 0; byte < 256; ++byte) {
    read_at_the_edge(std::string("export const a = ") + static_cast<char>(byte));
  }
  for (const char first : marks) {
    for (const char second : marks) {
      read_at_the_edge(std::string("export default ") + first + second);
      read_at_the_edge(std::string("export const a: T") + first + second);
      read_at_the_edge(std::string("export const a = 1 as ") + first + second);
    }
  }
}

TEST_CASE("large modules cost what their size says") {
  const auto repeated = [](std::string_view piece) {
    std::string source = "export default [";
    while (source.size() + piece.size() < literal_source_bytes_max) source.append(piece);
    return source;
  };
  for (const std::string_view piece :
       {"{", "[],", "(", "/*", "//\n", "'", "`${", "1_", "a.", "'\\u{", "-", "1 as T<", "{a:1},",
        "1 as (", "1 as A extends B ? ", "1 as |", "\xE2\x80\xA8"}) {
    CAPTURE(piece);
    read_at_the_edge(repeated(piece));
  }
  std::string names = "export default {";
  std::string constants;
  std::string exports = "const a = [";
  for (int i = 0; i < 60'000; ++i) names.append("n" + std::to_string(i) + ":1,");
  for (int i = 0; i < 40'000; ++i) constants.append("const c" + std::to_string(i) + "=1;");
  while (exports.size() < literal_source_bytes_max / 2) exports.append("'text',");
  exports.append("]; export {");
  for (int i = 0; i < 20'000; ++i) exports.append("a as b" + std::to_string(i) + ",");
  for (const std::string& source : {names + "}", constants, exports + "}"}) {
    REQUIRE(source.size() <= literal_source_bytes_max);
    CHECK_FALSE(read_literal_module(source).fault);
  }
}
