// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/json.hpp"

#include <array>
#include <cstdio>

#include "base/utf8.hpp"

namespace xar::base {
namespace {

std::string escaped_unit(unsigned unit) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", unit);
  return text.data();
}

std::string escaped_byte(unsigned char byte) {
  if (byte == '"' || byte == '\\') return {'\\', static_cast<char>(byte)};
  if (byte == '\n') return "\\n";
  if (byte == '\t') return "\\t";
  return escaped_unit(byte < 0x80 ? byte : 0xDC00u + byte);
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const bool plain = byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
    const std::size_t length = plain ? 1 : utf8_length(text);
    if (length > 0) {
      out += text.substr(0, length);
    } else {
      out += escaped_byte(byte);
    }
    text.remove_prefix(length > 0 ? length : 1);
  }
  return out + '"';
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view value) {
  if (!members_.empty()) members_ += ',';
  members_ += json_string(name);
  members_ += ':';
  members_ += value;
  return *this;
}

std::string json_array(const std::vector<std::string>& values) {
  std::string out = "[";
  for (const std::string& value : values) {
    if (out.size() > 1) out += ',';
    out += value;
  }
  return out + ']';
}

}  // namespace xar::base
