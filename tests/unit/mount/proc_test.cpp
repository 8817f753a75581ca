// SPDX-License-Identifier: BSD-2-Clause
#include "xar/base/proc.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace xar::mount {
namespace {

// The rest of such a line: fields 5 to 37, and what follows field 38.
std::string line(const std::string& name, const std::string& exit_signal) {
  std::string text = "12 (" + name + ") S 7";
  for (int field = 5; field < 38; ++field) text += " 0";
  return text + ' ' + exit_signal + " 1 0 0\n";
}

TEST(ProcTest, ReadsAProcessesStatusWhateverItsName) {
  for (const std::string name : {"sh", "a b", ") S 1 (", ""}) {
    const auto status = base::parse_process_status(line(name, "17"));
    ASSERT_TRUE(status) << name;
    EXPECT_EQ(status->name, name);
    EXPECT_EQ(status->state, 'S');
    EXPECT_EQ(status->parent, 7);
    EXPECT_EQ(status->exit_signal, 17);
  }
  EXPECT_EQ(base::parse_process_status(line("sh", "0"))->exit_signal, 0);
}

TEST(ProcTest, SurvivesTextThatIsCutShort) {
  const std::string whole = line("sh", "17");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    base::parse_process_status(whole.substr(0, size));
  }
  EXPECT_FALSE(base::parse_process_status(""));
  EXPECT_FALSE(base::parse_process_status(") ("));
}

TEST(ProcTest, KnowsThisProcess) {
  const auto status = base::process_status(::getpid());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->parent, ::getppid());
  EXPECT_EQ(status->state, base::process_state(::getpid()));
}

}  // namespace
}  // namespace xar::mount
