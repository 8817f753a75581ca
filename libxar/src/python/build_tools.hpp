// SPDX-License-Identifier: BSD-2-Clause
// Where a build lets the interpreter work: unpacking wheels and zip files, asking pip
// and compiling are what Python does best and has libraries for. The programs that do
// it are ours (src/python/build), and run nowhere but here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "xar/base/temporary_folder.hpp"

namespace xar::python {

class BuildTools {
 public:
  // Makes the folder and puts our programs there. `interpreter` is a command or a path.
  BuildTools(std::string interpreter, std::function<void()> meanwhile);

  // The folder, for what the programs read and write.
  [[nodiscard]] const std::filesystem::path& folder() const noexcept {
    return folder_.path();
  }

  // Turns inputs into folders and facts: build/collect.py.
  void collect(std::vector<std::string> arguments) const;

  // Compiles modules: build/bytecode.py.
  void compile(std::vector<std::string> arguments) const;

 private:
  // Runs the interpreter on a program in the folder; its failure becomes ours.
  void run(const std::filesystem::path& program,
           std::vector<std::string> arguments) const;

  std::string interpreter_;
  std::function<void()> meanwhile_;
  base::TemporaryFolder folder_;
};

}  // namespace xar::python
