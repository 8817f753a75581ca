// SPDX-License-Identifier: BSD-2-Clause
#include "xarexec/python_facts.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace xar::xarexec {
namespace {

constexpr std::size_t kLimit = 64 << 10;

// Empty where there is no such file.
std::string read_settings(const image::Image& image) {
  image::InodeReference at = image.root();
  for (const char* name : {"__xar_python__", "pyvenv.cfg"}) {
    std::optional<image::Entry> found;
    if (image.lookup(at, name, found) != 0 || !found) return {};
    at = found->inode;
  }
  std::string text(kLimit, '\0');
  std::size_t size = 0;
  if (image.read(at, 0, std::as_writable_bytes(std::span(text)), size) != 0) size = 0;
  text.resize(size);
  return text;
}

void add(PythonFacts& facts, std::string_view name, std::string_view value) {
  if (name == "implementation") facts.implementation = value;
  if (name == "version") facts.version = value;
  if (name == "xar-bytecode") facts.bytecode = value;
  if (name == "xar-extensions") facts.extensions = value;
  if (name == "xar-entry-point") facts.entry_point = value;
  if (name == "xar-bundled") facts.bundled = value == "true";
}

}  // namespace

std::optional<PythonFacts> read_python_facts(const image::Image& image) {
  return parse_python_facts(read_settings(image));
}

std::optional<PythonFacts> parse_python_facts(std::string_view text) {
  constexpr std::string_view kEquals = " = ";
  PythonFacts facts;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const std::size_t equals = line.find(kEquals);
    if (equals == line.npos) continue;
    add(facts, line.substr(0, equals), line.substr(equals + kEquals.size()));
  }
  if (facts.bytecode.empty()) return std::nullopt;
  return facts;
}

}  // namespace xar::xarexec
