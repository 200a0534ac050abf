#include "sound.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/text.hpp"
#include "targets.hpp"
#include "wire/frame.hpp"
#include "wire/json_read.hpp"

namespace slipway::fuzz {
namespace {

using Hashes = std::set<size_t>;

/// The stored facts of the learned frames, by what the frames are about.
std::map<std::string, std::vector<Hashes>>& learned() {
  static std::map<std::string, std::vector<Hashes>> all;
  return all;
}

std::string subject_of(const InputDocument& input) {
  return concat(name_of(input.kind), "|", input.operation, "|", input.effect_key, "|",
                input.aggregate);
}

bool is_segment(const std::optional<int64_t>& number, size_t segments) {
  return number && *number >= 1 && static_cast<size_t>(*number) < segments;
}

Hashes stored_facts(const InputFrame& control, const std::vector<std::string_view>& segments) {
  Hashes out;
  for (const FactDocument& fact : control.facts) {
    if (!is_stored(fact)) continue;
    const bool has_bytes = is_segment(fact.segment, segments.size());
    const auto bytes = has_bytes ? segments[static_cast<size_t>(*fact.segment)] : "";
    out.insert(std::hash<std::string>()(concat(fact.key, "|", name_of(fact.outcome), "|", bytes)));
  }
  return out;
}

bool is_whole(const FactDocument& fact, size_t segments) {
  const bool needs_segment =
      fact.outcome == FactOutcome::found || fact.outcome == FactOutcome::answered;
  const bool has_status = fact.status >= 100 && fact.status <= 599;
  if (fact.outcome == FactOutcome::answered && !has_status) return false;
  if (needs_segment || fact.segment) return is_segment(fact.segment, segments);
  return true;
}

bool is_proved(const Principal& caller) {
  switch (caller.kind) {
    case PrincipalKind::token:
    case PrincipalKind::build:
      return caller.digest && is_hex(*caller.digest, 64);
    case PrincipalKind::run:
      return caller.repository && caller.run_id && caller.run_attempt && caller.environment;
    case PrincipalKind::user:
      return caller.user.has_value();
    default:
      return true;
  }
}

}  // namespace

std::optional<InputFrame> read_control(const std::vector<std::string_view>& segments) {
  JsonReader reader;
  InputFrame control;
  const PaddedText text(segments[0]);
  if (!reader.read(text.view(), Strictness::lenient, control).ok()) return std::nullopt;
  return control;
}

bool is_stored(const FactDocument& fact) {
  return fact.outcome == FactOutcome::found || fact.outcome == FactOutcome::absent ||
         fact.outcome == FactOutcome::granted;
}

bool is_sound(const InputFrame& control, const std::vector<std::string_view>& segments) {
  constexpr int64_t last_ulid_ms = (int64_t{1} << 48) - 1;
  const InputDocument& input = control.input;
  const bool whole = control.received_ms >= 0 && control.received_ms <= control.now_ms &&
                     control.now_ms <= last_ulid_ms && is_hex(control.entropy, 32) &&
                     is_proved(input.principal) &&
                     (!input.body || is_segment(input.body, segments.size())) &&
                     std::all_of(input.query.begin(), input.query.end(),
                                 [](const auto& pair) { return pair.size() == 2; }) &&
                     std::all_of(control.facts.begin(), control.facts.end(),
                                 [&](const auto& fact) { return is_whole(fact, segments.size()); });
  if (!whole) return false;
  const auto known = learned().find(subject_of(input));
  if (known == learned().end()) return false;
  const Hashes facts = stored_facts(control, segments);
  return std::any_of(known->second.begin(), known->second.end(), [&](const Hashes& all) {
    return std::includes(all.begin(), all.end(), facts.begin(), facts.end());
  });
}

void learn_sound_frames(const char* directory) {
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::FILE* file = std::fopen(entry.path().c_str(), "rb");
    hold(file != nullptr, "a sound frame is readable");
    std::string frame(entry.file_size(), '\0');
    hold(std::fread(frame.data(), 1, frame.size(), file) == frame.size(), "whole");
    (void)std::fclose(file);
    const auto segments = read_frame(frame);
    hold(segments.has_value(), "a sound frame is a frame");
    const auto control = read_control(*segments);
    hold(control.has_value(), "with a control document");
    learned()[subject_of(control->input)].push_back(stored_facts(*control, *segments));
  }
}

}  // namespace slipway::fuzz
