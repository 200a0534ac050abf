#include "upstream/pages_logs.hpp"

#include "base/text.hpp"

namespace slipway::pages {

Request get_log(const Account& account, std::string_view project, std::string_view deployment) {
  Request out = get_deployment(account, project, deployment);
  out.path.append("/history/logs");
  return out;
}

std::string text_of(const Log& log) {
  std::string text;
  for (const LogLine& line : log.data) text.append(line.line).append("\n");
  return text;
}

}  // namespace slipway::pages
