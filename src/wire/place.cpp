#include "wire/place.hpp"

#include "base/text.hpp"

namespace slipway {

void Place::append_to(std::string& out) const {
  if (parent_ == nullptr) {
    out.append(name_);
    return;
  }
  parent_->append_to(out);
  out.push_back('/');
  if (index_ != no_index) {
    out.append(to_text(static_cast<int64_t>(index_)));
    return;
  }
  for (const char c : name_) {
    if (c == '~') {
      out.append("~0");
    } else if (c == '/') {
      out.append("~1");
    } else {
      out.push_back(c);
    }
  }
}

std::string Place::pointer() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace slipway
