// What upstreams answer. The first byte chooses the shape; then come five lines, status or kind of
// loss, retry-after, x-ratelimit-remaining, x-ratelimit-reset and link, then the body.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "targets.hpp"
#include "upstream/classify.hpp"
#include "upstream/github.hpp"
#include "upstream/github_contents.hpp"
#include "upstream/pages.hpp"
#include "upstream/pages_git.hpp"
#include "upstream/pages_logs.hpp"
#include "upstream/pages_publishing.hpp"
#include "upstream/pages_removal.hpp"
#include "wire/json_fault.hpp"
#include "wire/json_write.hpp"

namespace slipway::fuzz {
namespace {

std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

/// Reads the body as T; what is read stays the same when it is written and read again.
template <class T>
std::optional<T> read_body(const Answer& answer) {
  JsonReader reader;
  T value;
  if (!reader.read(answer.body, Strictness::lenient, value).ok()) return std::nullopt;
  const std::string json = to_json(value);
  hold(json_fault(json).empty(), "what is written is JSON");
  const PaddedText text(json);
  T again;
  hold(reader.read(text.view(), Strictness::lenient, again).ok(), "what is written is read");
  hold(to_json(again) == json, "and is the same");
  return value;
}

template <class T>
void read_only(const Answer& answer) {
  (void)read_body<T>(answer);
}

void read_project(const Answer& answer) {
  const auto read = read_body<pages::ProjectEnvelope>(answer);
  if (!read) return;
  const auto site = pages::marked_site(read->result);
  hold(!site || answer.body.text.find(pages::marker.substr(0, 1)) != std::string_view::npos ||
           answer.body.text.find('\\') != std::string_view::npos,
       "a marker comes from the answer");
}

void read_connected(const Answer& answer) {
  const auto read = read_body<pages::ConnectedEnvelope>(answer);
  if (!read) return;
  (void)pages::marked_site(read->result);
  const pages::Switches switches = pages::switches_of(read->result);
  hold(!pages::is_off(switches) || !switches.production_deployments_enabled ||
           !switches.deployments_enabled,
       "a project that builds pushes of its branch is not off");
}

void read_deployments(const Answer& answer) {
  const auto read = read_body<pages::DeploymentsEnvelope>(answer);
  if (!read) return;
  const pages::PagesDeployment* found = pages::find_upload(*read, "dep_1");
  hold(found == nullptr || found->deployment_trigger.metadata.commit_message.has_value(),
       "an upload is found by its message");
  for (const auto& each : read->result) (void)pages::progress(each);
}

void read_build(const Answer& answer) {
  const auto read = read_body<pages::BuildEnvelope>(answer);
  if (read) (void)pages::progress(read->result);
}

void read_errors(const Answer& answer) {
  const auto read = read_body<pages::ErrorEnvelope>(answer);
  if (!read) return;
  for (const auto& error : read->errors) {
    hold(static_cast<size_t>(pages::meaning(error).code) < error_table.size(), "a known error");
  }
}

void read_runs(const Answer& answer) {
  const auto read = read_body<github::RunPage>(answer);
  if (!read) return;
  for (const auto& run : read->workflow_runs) {
    hold(!github::has_key(run, "01K") || run.display_title.starts_with("01K"), "the key is first");
  }
}

void read_refusal(const Answer& answer) {
  const auto read = read_body<github::Refusal>(answer);
  if (read) (void)github::is_limit(*read);
}

void read_log(const Answer& answer) {
  const auto read = read_body<pages::LogEnvelope>(answer);
  if (!read) return;
  const std::string text = pages::text_of(read->result);
  for (const auto& line : read->result.data) {
    hold(text.find(line.line) != std::string::npos, "every line is in the text");
  }
}

constexpr std::array readings = {
    read_project,
    read_connected,
    read_deployments,
    read_build,
    read_errors,
    read_runs,
    read_refusal,
    read_log,
    read_only<github::Repository>,
    read_only<std::vector<github::Entry>>,
    read_only<pages::DeploymentEnvelope>,
    read_only<pages::DomainChecksEnvelope>,
    read_only<pages::HooksEnvelope>,
    read_only<pages::DeploymentPage>,
};

void hold_verdict(const Answer& answer, int64_t now_ms) {
  const Verdict verdict = classify(answer);
  hold(verdict != Verdict::ok || (answer.status >= 200 && answer.status < 300), "ok is 2xx");
  hold(verdict != Verdict::rejected || (!answer.lost && answer.status < 500), "refused by whom?");
  const int64_t wait = wait_ms(answer, now_ms);
  hold(wait >= std::min<int64_t>(1000, limits::turn_wait_ms_min) && wait <= 3'600'000,
       "a wait is from a second to an hour");
  hold(!in_words(answer).empty(), "an answer has words");
  hold(!github::has_next_page(answer) || answer.header("link").has_value(), "pages have a link");
}

}  // namespace

void upstream_target(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto choice = static_cast<unsigned char>(bytes[0] - 'a') % readings.size();
  std::string_view rest = bytes.substr(1);
  Answer answer;
  const std::string_view status = take_line(rest);
  answer.status = to_number(status.substr(0, 3)).value_or(0);
  answer.lost = answer.status == 0;
  if (answer.lost) answer.detail = status;
  const std::string_view names[] = {"retry-after", "x-ratelimit-remaining", "x-ratelimit-reset",
                                    "link"};
  for (const std::string_view name : names) {
    const std::string_view value = take_line(rest);
    if (!value.empty()) answer.headers.members.emplace_back(name, value);
  }
  const PaddedText body(rest);
  answer.body = body.view();
  hold_verdict(answer, 1'795'279'428'404);
  readings[choice](answer);
}

}  // namespace slipway::fuzz
