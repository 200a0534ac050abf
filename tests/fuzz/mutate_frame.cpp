// Mutations of input frames that leave them frames: one segment is changed, or one text of the
// control document, or a segment comes from another frame. Rows are changed rarely: what is in
// them is not for users to choose.
#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "app/operations.hpp"
#include "sound.hpp"
#include "targets.hpp"
#include "wire/frame.hpp"
#include "wire/json_write.hpp"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

namespace slipway::fuzz {
namespace {

using Random = std::minstd_rand;

size_t below(Random& random, size_t bound) { return random() / 7 % bound; }
bool one_in(Random& random, size_t bound) { return below(random, bound) == 0; }

/// Lets libFuzzer change the text, which may grow by a little.
void mutate_text(std::string& text, size_t room) {
  const size_t size = text.size();
  text.resize(size + std::min<size_t>(room, 64));
  text.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(text.data()), size, text.size()));
}

/// A text for the control document, which is UTF-8.
void mutate_plain(Random& random, std::string& text) {
  constexpr const char* odd[] = {
      "",     "acme",     "dev",    "0",  "60",    "9007199254740991",
      "..",   "a/b",      "\r\n",   "\"", "%2e",   "\u00e9",
      "W/*",  "\"1\"",    "*",      "*",  "-1",    "2026-01-01T00:00:00Z",
      "true", "dev/prod", "\x01\\", "1",  "no no", "acme-dev-portal"};
  if (one_in(random, 2)) {
    text = odd[below(random, std::size(odd))];
    return;
  }
  mutate_text(text, 64);
  for (char& c : text) c = static_cast<char>(c & 0x7f);
}

constexpr int64_t statuses[] = {200, 201, 202, 204, 301, 304, 400, 401, 403, 404,
                                408, 409, 410, 422, 429, 500, 502, 503, 504};
constexpr const char* header_names[] = {
    "retry-after",       "etag",     "content-type", "link",         "x-ratelimit-remaining",
    "x-ratelimit-reset", "location", "if-match",     "if-none-match"};

void mutate_header(Random& random, Map<std::string>& headers) {
  auto& members = headers.members;
  if (members.empty() || one_in(random, 3)) {
    const std::string name = header_names[below(random, std::size(header_names))];
    const auto same = [&](const auto& member) { return member.first == name; };
    if (std::none_of(members.begin(), members.end(), same)) members.emplace_back(name, "");
  }
  mutate_plain(random, members[below(random, members.size())].second);
}

void mutate_fact(Random& random, std::vector<FactDocument>& facts) {
  if (facts.empty()) return;
  const size_t at = below(random, facts.size());
  FactDocument& fact = facts[at];
  if (is_stored(fact) || one_in(random, 8)) {
    // Without the fact the core has to ask again.
    if (one_in(random, 4)) facts.erase(facts.begin() + static_cast<long>(at));
    return;
  }
  constexpr const char* losses[] = {"timeout", "network", "unsent", "unsealed"};
  if (fact.outcome == FactOutcome::answered && one_in(random, 3)) {
    mutate_header(random, fact.headers);
  } else if (fact.segment && !one_in(random, 3)) {
    fact.outcome = FactOutcome::answered;
    fact.status = statuses[below(random, std::size(statuses))];
    fact.truncated = one_in(random, 8);
  } else {
    fact.outcome = one_in(random, 3) ? FactOutcome::deferred : FactOutcome::lost;
    fact.detail = losses[below(random, std::size(losses))];
    fact.wait_ms = static_cast<int64_t>(below(random, 100'000));
  }
}

/// The name of a query parameter that the operation takes, where it takes any.
std::string query_name(Random& random, std::string_view operation) {
  for (const OperationInfo& known : operations()) {
    if (known.name != operation) continue;
    const QueryParam& param = known.query[below(random, known.query.size())];
    if (!param.name.empty()) return std::string(param.name);
  }
  return "limit";
}

void mutate_query(Random& random, InputDocument& input) {
  auto& query = input.query;
  if (query.empty() || one_in(random, 3)) {
    query.push_back({query_name(random, input.operation), ""});
  }
  std::vector<std::string>& pair = query[below(random, query.size())];
  mutate_plain(random, pair[one_in(random, 8) ? 0 : pair.size() - 1]);
}

void mutate_request(Random& random, InputDocument& input) {
  auto& params = input.params.members;
  switch (below(random, 6)) {
    case 0:
      if (!params.empty()) mutate_plain(random, params[below(random, params.size())].second);
      break;
    case 1:
      mutate_query(random, input);
      break;
    case 2:
      mutate_header(random, input.headers);
      break;
    case 3:
      if (input.principal.user) mutate_plain(random, *input.principal.user);
      break;
    case 4:
      input.body_too_large = one_in(random, 4);
      if (one_in(random, 4)) input.body.reset();
      break;
    default:
      input.principal.kind = one_in(random, 2) ? PrincipalKind::admin : PrincipalKind::none;
  }
}

void mutate_control(Random& random, InputFrame& control) {
  constexpr int64_t steps_ms[] = {1, 1000, -1000, 300'001, 3'600'000, 86'400'000, 2'592'000'000};
  switch (below(random, 8)) {
    case 0:
      control.now_ms += steps_ms[below(random, std::size(steps_ms))];
      break;
    case 1:
      if (!control.settings.members.empty()) {
        auto& members = control.settings.members;
        mutate_plain(random, members[below(random, members.size())].second);
      }
      break;
    case 2:
    case 3:
    case 4:
      mutate_request(random, control.input);
      break;
    default:
      mutate_fact(random, control.facts);
  }
}

std::vector<bool> stored_segments(const InputFrame& control, size_t segments) {
  std::vector<bool> stored(segments, false);
  for (const FactDocument& fact : control.facts) {
    const auto number = static_cast<size_t>(fact.segment.value_or(0));
    if (is_stored(fact) && number < segments) stored[number] = true;
  }
  return stored;
}

/// A segment that users or upstreams write, where there is one; rarely any other.
size_t choose_segment(Random& random, const InputFrame& control, size_t segments) {
  const auto stored = stored_segments(control, segments);
  std::vector<size_t> foreign;
  for (size_t i = 1; i < segments; ++i) {
    if (!stored[i] || one_in(random, 16)) foreign.push_back(i);
  }
  return foreign.empty() ? 0 : foreign[below(random, foreign.size())];
}

std::vector<std::string> copies(const std::vector<std::string_view>& segments) {
  return {segments.begin(), segments.end()};
}

size_t put(const std::vector<std::string>& segments, uint8_t* out, size_t size_max) {
  const std::string frame = write_frame(segments);
  if (frame.size() > size_max) return 0;
  std::memcpy(out, frame.data(), frame.size());
  return frame.size();
}

}  // namespace

size_t mutate_frame(uint8_t* data, size_t size, size_t size_max, unsigned seed) {
  Random random(seed);
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const auto views = read_frame(bytes);
  auto control = views ? read_control(*views) : std::nullopt;
  if (!control || one_in(random, 500)) return LLVMFuzzerMutate(data, size, size_max);
  std::vector<std::string> segments = copies(*views);
  const size_t chosen = choose_segment(random, *control, segments.size());
  if (chosen == 0 || one_in(random, 3)) {
    mutate_control(random, *control);
    segments[0] = to_json(*control);
  } else {
    mutate_text(segments[chosen], size_max - size);
  }
  const size_t changed = put(segments, data, size_max);
  return changed > 0 ? changed : LLVMFuzzerMutate(data, size, size_max);
}

size_t cross_frames(std::string_view one, std::string_view other, uint8_t* out, size_t size_max,
                    unsigned seed) {
  Random random(seed);
  const auto first = read_frame(one);
  const auto second = read_frame(other);
  const auto control = first ? read_control(*first) : std::nullopt;
  const auto giver = second ? read_control(*second) : std::nullopt;
  if (!control || !giver) return 0;
  const size_t to = choose_segment(random, *control, first->size());
  const size_t from = choose_segment(random, *giver, second->size());
  if (to == 0 || from == 0) return 0;
  std::vector<std::string> segments = copies(*first);
  segments[to] = std::string((*second)[from]);
  return put(segments, out, size_max);
}

}  // namespace slipway::fuzz
