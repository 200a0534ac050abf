// Server-sent events: what a caller who follows a thing is told in one round of its stream. The
// shim writes each round's body, waits as long as the hold says, and asks again.
#include <algorithm>

#include "app/run.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace slipway {
namespace {

constexpr std::string_view event_stream = "text/event-stream";
/// A client whose stream has ended connects again after so long.
constexpr std::string_view opening = "retry: 2000\n\n";
constexpr int64_t interval_ms_min = 500;
constexpr int64_t interval_ms_max = 5'000;

/// A twentieth of the stream's age: soon at first, and about a hundred looks in five minutes, as
/// D1 allows 1000 statements an invocation.
int64_t interval_ms(int64_t age_ms) {
  return std::clamp(age_ms / 20, interval_ms_min, interval_ms_max);
}

/// The media type of one element of an Accept header, without parameters.
std::string media_type(std::string_view element) {
  std::string out;
  for (const char c : element.substr(0, element.find(';'))) {
    if (c == ' ' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string_view name_of_end(bool over, Progress progress) {
  if (progress == Progress::ended) return "ended";
  return over ? "time" : "rests";
}

}  // namespace

bool Run::wants_events() const {
  std::string_view rest = header("accept").value_or("");
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    if (media_type(rest.substr(0, comma)) == event_stream) return true;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
}

Outcome Run::reply_events(std::string_view body, std::string token, Progress progress) {
  const auto& held = frame_.input.held;
  const auto seen = held ? std::optional<std::string_view>(*held) : header("last-event-id");
  const bool ended = progress == Progress::ended;
  // Without a body the client does not connect again.
  if (!held && ended && seen == token) return reply(204, {});

  const bool news = seen != token || ended;
  const int64_t age_ms = now_ms() - received_ms();
  const bool over = age_ms >= limits::stream_ms_max;
  const bool closes = over || (news && progress != Progress::moves);
  std::string text(held ? "" : opening);
  if (news) text += concat("id: ", token, "\nevent: state\ndata: ", body, "\n\n");
  if (closes) {
    text += concat("event: close\ndata: {\"reason\":\"", name_of_end(over, progress), "\"}\n\n");
  }
  Outcome out = reply(200, std::move(text), {{{"content-type", std::string(event_stream)}}});
  if (!closes) {
    const int64_t left_ms = limits::stream_ms_max - age_ms;
    out.frame.done->hold = HoldDocument{std::min(interval_ms(age_ms), left_ms), std::move(token)};
  }
  return out;
}

}  // namespace slipway
