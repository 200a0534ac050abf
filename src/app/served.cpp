#include "app/served.hpp"

#include <algorithm>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "upstream/classify.hpp"

namespace slipway {
namespace {

bool is_plain_path(std::string_view path) {
  return path.size() > 1 && path.size() <= 1024 && path[0] == '/' &&
         path.find("..") == std::string_view::npos && path.find("//") == std::string_view::npos &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '-' ||
                  c == '_' || c == '.' || c == '~' || c == '@';
         });
}

/// A file that is not served: either it is not there, or nobody can tell.
struct Difference {
  Served finding;
  ErrorCode code;
  std::string detail;
};

Difference not_served(std::string_view path, const Answer& answer) {
  const Verdict verdict = classify(answer);
  const bool unknown = verdict == Verdict::unknown;
  return {unknown || verdict == Verdict::retry_after ? Served::unclear : Served::other,
          unknown ? ErrorCode::upstream_unclear : ErrorCode::content_mismatch,
          concat(path, ": ", in_words(answer))};
}

/// Compares the files that the manifest names; nothing to say means that all are equal. A file that
/// is longer than what is fetched says nothing.
std::optional<Difference> compare_files(Run& run, const std::string& host,
                                        const pages::Manifest& manifest, size_t& compared) {
  std::vector<std::pair<const std::string*, const Answer*>> files;
  for (const auto& [path, digest] : manifest.files.members) {
    if (files.size() == limits::verified_files_max || !is_plain_path(path)) continue;
    const Answer* file = run.ask(concat("look:file:", path), pages::get_file(host, path));
    files.emplace_back(&path, file);
  }
  compared = files.size() + 1;
  if (run.incomplete()) return std::nullopt;
  for (const auto& [path, file] : files) {
    if (classify(*file) != Verdict::ok) return not_served(*path, *file);
    if (file->truncated) {
      --compared;
      continue;
    }
    const auto& members = manifest.files.members;
    const auto same = [&name = *path](const auto& member) { return member.first == name; };
    const std::string& digest = std::find_if(members.begin(), members.end(), same)->second;
    if (sha256_hex(file->body.text) != digest) {
      return Difference{Served::other, ErrorCode::content_mismatch,
                        concat(*path, ": other bytes are served")};
    }
  }
  return std::nullopt;
}

ServedLook told(Difference difference) {
  return {difference.finding, difference.code, std::move(difference.detail), 0};
}

}  // namespace

bool is_walled(const Answer& answer) {
  if (answer.status == 401 || answer.status == 403) return true;
  const auto location = answer.header("location").value_or("");
  return answer.status >= 300 && answer.status < 400 &&
         location.find(".cloudflareaccess.com/") != std::string_view::npos;
}

std::optional<ServedLook> look_at_served(Run& run, const std::string& host,
                                         const Expected& expected) {
  const Answer* served = run.ask("look:manifest", pages::get_file(host, pages::manifest_path));
  if (served == nullptr) return std::nullopt;
  if (is_walled(*served)) return ServedLook{Served::walled, {}, "a sign-in wall hides it", 0};
  if (classify(*served) != Verdict::ok) return told(not_served(pages::manifest_path, *served));
  const auto manifest = run.read_answer<pages::Manifest>(*served);
  const bool ours = manifest && manifest->deployment == expected.deployment_id &&
                    manifest->version == expected.config_version;
  const bool same =
      !expected.manifest_digest || sha256_hex(served->body.text) == *expected.manifest_digest;
  if (!ours || !same) {
    return told({Served::other, ErrorCode::content_mismatch,
                 concat(pages::manifest_path, ": another deployment is served")});
  }
  size_t compared = 0;
  auto difference = compare_files(run, host, *manifest, compared);
  if (run.incomplete()) return std::nullopt;
  if (difference) return told(*std::move(difference));
  return ServedLook{Served::same, {}, "", compared};
}

}  // namespace slipway
