// The log of a Pages deployment (GET .../deployments/{id}/history/logs).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "upstream/pages.hpp"

namespace slipway::pages {

struct LogLine {
  std::string line;
};
struct Log {
  std::vector<LogLine> data;
};
struct LogEnvelope {
  Log result;
};

/// What Pages has written about the deployment.
[[nodiscard]] Request get_log(const Account&, std::string_view project,
                              std::string_view deployment);

/// Its lines as one text.
[[nodiscard]] std::string text_of(const Log& log);

}  // namespace slipway::pages

namespace slipway {

template <>
struct describe<pages::LogLine> {
  static constexpr std::string_view name = "PagesLogLine";
  static constexpr std::string_view doc = "A line of a log.";
  static constexpr std::array fields = {field<&pages::LogLine::line>("line", "its text")};
};
template <>
struct describe<pages::Log> {
  static constexpr std::string_view name = "PagesLog";
  static constexpr std::string_view doc = "The log of a Pages deployment.";
  static constexpr std::array fields = {field<&pages::Log::data>("data", "oldest first")};
};
template <>
struct describe<pages::LogEnvelope> {
  static constexpr std::string_view name = "PagesLogEnvelope";
  static constexpr std::string_view doc = "An answer with a log.";
  static constexpr std::array fields = {field<&pages::LogEnvelope::result>("result", "the log")};
  static constexpr std::array vital = {std::string_view("result")};
};

}  // namespace slipway
