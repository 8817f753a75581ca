// SPDX-License-Identifier: BSD-2-Clause
// JSON for the machines that read what the programs print.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xar::base {

// `text` as a JSON string, quotes included. Bytes that are not UTF-8, which names of
// files may have, become lone surrogates U+DC80 to U+DCFF, as Python reads and writes
// them (PEP 383).
std::string json_string(std::string_view text);

// One object, built member by member in the order in which it is to be read. A value.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) {
    return raw(name, json_string(value));
  }
  JsonObject& number(std::string_view name, std::integral auto value) {
    return raw(name, std::to_string(value));
  }
  JsonObject& boolean(std::string_view name, bool value) {
    return raw(name, value ? "true" : "false");
  }
  JsonObject& null(std::string_view name) { return raw(name, "null"); }
  JsonObject& object(std::string_view name, const JsonObject& value) {
    return raw(name, value.str());
  }
  // `value` is JSON already.
  JsonObject& raw(std::string_view name, std::string_view value);

  [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

// An array of values that are JSON already.
std::string json_array(const std::vector<std::string>& values);

}  // namespace xar::base
