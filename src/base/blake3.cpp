#include "base/blake3.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace slipway {
namespace {

constexpr size_t block_bytes = 64;
constexpr size_t chunk_bytes = 1024;
constexpr size_t blocks_per_chunk = chunk_bytes / block_bytes;
constexpr size_t lanes = 4;

constexpr std::array<uint32_t, 8> initial = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                             0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};

constexpr uint32_t chunk_start = 1;
constexpr uint32_t chunk_end = 2;
constexpr uint32_t parent = 4;
constexpr uint32_t root = 8;

/// Four independent words, one a lane: the same computation for four chunks or parents at once.
using Quad = uint32_t __attribute__((vector_size(16)));

/// A chaining value or a message block of one lane (Word = uint32_t) or of four (Word = Quad).
template <class Word>
using Chain = std::array<Word, 8>;
template <class Word>
using Block = std::array<Word, 16>;

using Hash = Chain<uint32_t>;

template <class Word>
[[gnu::always_inline]] inline Word rotated(Word word, int by) {
  return (word >> by) | (word << (32 - by));
}

template <class Word>
[[gnu::always_inline]] inline void mix(std::array<Word, 16>& v, size_t a, size_t b, size_t c,
                                       size_t d, Word x, Word y) {
  v[a] = v[a] + v[b] + x;
  v[d] = rotated(v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = rotated(v[b] ^ v[c], 12);
  v[a] = v[a] + v[b] + y;
  v[d] = rotated(v[d] ^ v[a], 8);
  v[c] = v[c] + v[d];
  v[b] = rotated(v[b] ^ v[c], 7);
}

/// Which message words each round takes: every round permutes the one before.
constexpr auto schedule = [] {
  constexpr std::array<size_t, 16> permutation = {2, 6,  3,  10, 7, 0,  4,  13,
                                                  1, 11, 12, 5,  9, 14, 15, 8};
  std::array<std::array<size_t, 16>, 7> rounds{};
  for (size_t i = 0; i < 16; ++i) rounds[0][i] = i;
  for (size_t round = 1; round < 7; ++round) {
    for (size_t i = 0; i < 16; ++i) rounds[round][i] = rounds[round - 1][permutation[i]];
  }
  return rounds;
}();

template <size_t round, class Word>
[[gnu::always_inline]] inline void mix_all(std::array<Word, 16>& v, const Block<Word>& m) {
  constexpr auto& s = schedule[round];
  mix(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
  mix(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
  mix(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
  mix(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
  mix(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
  mix(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
  mix(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
  mix(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
}

/// The compression function. `counter` is the chunk's index, `size` the block's bytes. Counters of
/// more than 32 bits are never reached: texts are far below 4 TiB.
template <class Word>
void compress(Chain<Word>& chain, const Block<Word>& m, Word counter, uint32_t size,
              uint32_t flags) {
  std::array<Word, 16> v{};
  for (size_t i = 0; i < 8; ++i) v[i] = chain[i];
  for (size_t i = 0; i < 4; ++i) v[8 + i] = Word{} + initial[i];
  v[12] = counter;
  v[14] = Word{} + size;
  v[15] = Word{} + flags;
  [&]<size_t... round>(std::index_sequence<round...>) {
    (mix_all<round>(v, m), ...);
  }(std::make_index_sequence<7>());
  for (size_t i = 0; i < 8; ++i) chain[i] = v[i] ^ v[8 + i];
}

/// The block of up to 64 bytes at `from`, padded with zeros. Words are little-endian, as on every
/// machine that this is built for.
Block<uint32_t> block_at(const char* from, size_t size) {
  Block<uint32_t> block{};
  std::memcpy(block.data(), from, size);
  return block;
}

/// The chaining value of one chunk; `last` is added to the flags of its last block.
Hash hash_chunk(std::string_view bytes, uint32_t index, uint32_t last) {
  Hash chain = initial;
  size_t at = 0;
  uint32_t flags = chunk_start;
  do {
    const size_t size = bytes.size() - at < block_bytes ? bytes.size() - at : block_bytes;
    const bool ends = at + size == bytes.size();
    compress(chain, block_at(bytes.data() + at, size), index, static_cast<uint32_t>(size),
             flags | (ends ? chunk_end | last : 0U));
    flags = 0;
    at += size;
  } while (at < bytes.size());
  return chain;
}

/// Four blocks as lanes: word i of all four stands in m[i].
void transpose(Block<Quad>& m, const std::array<Block<uint32_t>, lanes>& blocks) {
  for (size_t i = 0; i < m.size(); ++i) {
    m[i] = Quad{blocks[0][i], blocks[1][i], blocks[2][i], blocks[3][i]};
  }
}

void split(const Chain<Quad>& chain, Hash* out) {
  for (size_t lane = 0; lane < lanes; ++lane) {
    for (size_t i = 0; i < chain.size(); ++i) out[lane][i] = chain[i][lane];
  }
}

Chain<Quad> initial_quads() {
  Chain<Quad> chain;
  for (size_t i = 0; i < chain.size(); ++i) chain[i] = Quad{} + initial[i];
  return chain;
}

/// The chaining values of four whole chunks, of which `index` is the first.
void hash_chunks(const char* bytes, uint32_t index, Hash* out) {
  Chain<Quad> chain = initial_quads();
  const Quad counter = Quad{0, 1, 2, 3} + index;
  std::array<Block<uint32_t>, lanes> blocks;
  Block<Quad> m;
  for (size_t block = 0; block < blocks_per_chunk; ++block) {
    for (size_t lane = 0; lane < lanes; ++lane) {
      blocks[lane] = block_at(bytes + lane * chunk_bytes + block * block_bytes, block_bytes);
    }
    transpose(m, blocks);
    const uint32_t flags =
        (block == 0 ? chunk_start : 0U) | (block + 1 == blocks_per_chunk ? chunk_end : 0U);
    compress(chain, m, counter, block_bytes, flags);
  }
  split(chain, out);
}

Block<uint32_t> pair_of(const Hash* children) {
  Block<uint32_t> block;
  std::memcpy(block.data(), children, sizeof block);
  return block;
}

Hash hash_parent(const Hash* children, uint32_t last) {
  Hash chain = initial;
  compress(chain, pair_of(children), 0U, block_bytes, parent | last);
  return chain;
}

/// The parents of eight nodes.
void hash_parents(const Hash* children, Hash* out) {
  Chain<Quad> chain = initial_quads();
  Block<Quad> m;
  transpose(
      m, {pair_of(children), pair_of(children + 2), pair_of(children + 4), pair_of(children + 6)});
  compress(chain, m, Quad{}, block_bytes, parent);
  split(chain, out);
}

/// The next level of the tree, in place: pairs become parents, an odd last node moves up.
void rise(std::vector<Hash>& level) {
  size_t from = 0;
  size_t to = 0;
  for (; level.size() - from >= 2 * lanes; from += 2 * lanes, to += lanes) {
    std::array<Hash, lanes> parents;
    hash_parents(&level[from], parents.data());
    std::memcpy(&level[to], parents.data(), sizeof parents);
  }
  for (; level.size() - from >= 2; from += 2) level[to++] = hash_parent(&level[from], 0);
  if (from < level.size()) level[to++] = level[from];
  level.resize(to);
}

Hash hash_tree(std::string_view bytes) {
  std::vector<Hash> level((bytes.size() + chunk_bytes - 1) / chunk_bytes);
  size_t index = 0;
  for (; bytes.size() - index * chunk_bytes >= lanes * chunk_bytes; index += lanes) {
    hash_chunks(bytes.data() + index * chunk_bytes, static_cast<uint32_t>(index), &level[index]);
  }
  for (; index < level.size(); ++index) {
    const std::string_view chunk = bytes.substr(index * chunk_bytes, chunk_bytes);
    level[index] = hash_chunk(chunk, static_cast<uint32_t>(index), 0);
  }
  while (level.size() > 2) rise(level);
  return hash_parent(level.data(), root);
}

}  // namespace

std::string blake3_hex(std::string_view bytes) {
  const Hash hash = bytes.size() <= chunk_bytes ? hash_chunk(bytes, 0, root) : hash_tree(bytes);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(8 * hash.size());
  for (const uint32_t word : hash) {
    for (const int shift : {4, 0, 12, 8, 20, 16, 28, 24}) {
      out.push_back(digits[word >> shift & 15]);
    }
  }
  return out;
}

}  // namespace slipway
