// SPDX-License-Identifier: BSD-2-Clause
// What is printed for people and for machines.
#include <gtest/gtest.h>

#include "xar/base/json.hpp"
#include "xar/base/progress.hpp"

namespace xar::base {
namespace {

TEST(HumanSize, IsWhatPeopleWrite) {
  EXPECT_EQ(human_size(0), "0 B");
  EXPECT_EQ(human_size(1023), "1023 B");
  EXPECT_EQ(human_size(1024), "1.0 KiB");
  EXPECT_EQ(human_size(29360128), "28.0 MiB");
}

TEST(Json, StringsOfAnyBytesAreValid) {
  EXPECT_EQ(json_string("a\"b\\c\n\x01"), R"("a\"b\\c\n\u0001")");
  EXPECT_EQ(json_string("\xC3\xA9"), "\"\xC3\xA9\"");
  EXPECT_EQ(json_string("\xFF\x7F"), R"("\udcff\u007f")");
}

TEST(Json, ObjectsKeepTheirOrder) {
  JsonObject inner;
  inner.boolean("yes", true).null("none");
  JsonObject outer;
  outer.text("name", "x").number("size", 7U).object("inner", inner);
  outer.raw("list", json_array({"1", "2"}));
  EXPECT_EQ(outer.str(),
            R"({"name":"x","size":7,"inner":{"yes":true,"none":null},"list":[1,2]})");
  EXPECT_EQ(JsonObject().str(), "{}");
}

}  // namespace
}  // namespace xar::base
