# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
# What cmake --install puts down is enough to build against, by find_package and by
# pkg-config, linked dynamically and statically.
. "$(dirname "$0")/lib.sh"

prefix=$WORK/prefix
DESTDIR='' cmake --install "$XAR_BUILD" --prefix "$prefix" >"$WORK/log" || fail "$(cat "$WORK/log")"
mkdir -p "$WORK/tree/sub"
echo content >"$WORK/tree/sub/file"
expected='/
/sub
/sub/file'

# programs_work FOLDER: with pack and show in it.
programs_work() {
  "$1/pack" "$WORK/tree" "$WORK/$NAME.xar"
  same "what $1/show prints" "$expected" "$("$1/show" "$WORK/$NAME.xar")"
  rm "$WORK/$NAME.xar"
}

cmake -G Ninja -S "$HERE/consumer" -B "$WORK/by_cmake" "-DCMAKE_PREFIX_PATH=$prefix" >"$WORK/log" 2>&1 &&
  cmake --build "$WORK/by_cmake" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
programs_work "$WORK/by_cmake"

# The program that the documentation shows makes what xarbuild makes.
mkdir "$WORK/shown" "$WORK/app"
sed -n '/^## Writing/,/^## Reading/ { /^```cpp/,/^```/ { /^```/!p } }' "$HERE/../../docs/howto-library.md" >"$WORK/shown/pack.cpp"
cp "$HERE/consumer/CMakeLists.txt" "$HERE/consumer/show.cpp" "$WORK/shown"
cmake -G Ninja -S "$WORK/shown" -B "$WORK/shown/build" "-DCMAKE_PREFIX_PATH=$prefix" >"$WORK/log" 2>&1 &&
  cmake --build "$WORK/shown/build" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
printf '#!/bin/sh\necho runs\n' >"$WORK/app/run.sh"
chmod 755 "$WORK/app/run.sh"
xarbuild dir "$WORK/app" --exec run.sh -o "$WORK/by_program.xar" -q
for round in 1 2; do
  "$WORK/shown/build/pack" "$WORK/app" run.sh "$WORK/by_library.xar"
  cmp "$WORK/by_library.xar" "$WORK/by_program.xar" || fail "the library writes another archive, round $round"
  rm "$WORK/by_library.xar"
done
same "a file read by its path" "$(cat "$WORK/app/run.sh")" "$("$WORK/by_cmake/show" "$WORK/by_program.xar" run.sh)"
same "the version in the headers" "$XAR_VERSION" "$("$WORK/by_cmake/show" --version)"

# A part of another project, which gets the library alone.
mkdir "$WORK/whole"
cat >"$WORK/whole/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(whole LANGUAGES CXX)
include(FetchContent)
FetchContent_Declare(xar SOURCE_DIR "$HERE/../..")
FetchContent_MakeAvailable(xar)
add_executable(user user.cpp)
target_link_libraries(user PRIVATE xar::core)
END
cat >"$WORK/whole/user.cpp" <<'END'
#include <xar/header.hpp>
#include <xar/version.hpp>
int main() {
  xar::header::Header header;
  header.uuid = "ab";
  header.version = "1";
  return xar::header::print(header).size() == 4096 && xar::kVersionMajor >= 0 ? 0 : 1;
}
END
cmake -G Ninja -S "$WORK/whole" -B "$WORK/whole/build" >"$WORK/log" 2>&1 &&
  cmake --build "$WORK/whole/build" --target user >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
"$WORK/whole/build/user" || fail "a program in the same project does not work"
[ ! -e "$WORK/whole/build/bin" ] || fail "the project's programs go elsewhere"

# The example, which is a project of its own, too.
cmake -G Ninja -S "$HERE/../../examples/weigh" -B "$WORK/weigh" "-DCMAKE_PREFIX_PATH=$prefix" >"$WORK/log" 2>&1 &&
  cmake --build "$WORK/weigh" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
"$WORK/by_cmake/pack" "$WORK/tree" "$WORK/weighed.xar"
same "what the example prints" "$WORK/weighed.xar runs nothing
         8  data     sub/file" "$("$WORK/weigh/weigh" "$WORK/weighed.xar")"

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name xar-run.pc)")
export PKG_CONFIG_PATH
same "version by pkg-config" "$XAR_VERSION" "$(pkg-config --modversion xar-run)"

# Words of flags, each of which is one argument.
# shellcheck disable=SC2046
{
  mkdir "$WORK/by_hand"
  cd "$WORK/by_hand"
  c++ -std=c++20 -c $(pkg-config --cflags xar-build) "$HERE/consumer/pack.cpp"
  c++ -std=c++20 -c $(pkg-config --cflags xar-run) "$HERE/consumer/show.cpp"
  c++ -o pack pack.o $(pkg-config --libs xar-build)
  c++ -o show show.o $(pkg-config --libs xar-run)
  programs_work .
  c++ -static -o pack pack.o $(pkg-config --static --libs xar-build)
  c++ -static -o show show.o $(pkg-config --static --libs xar-run)
  programs_work .
}
