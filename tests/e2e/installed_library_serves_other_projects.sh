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

# The example, which is a project of its own, too.
cmake -G Ninja -S "$HERE/../../examples/weigh" -B "$WORK/weigh" "-DCMAKE_PREFIX_PATH=$prefix" >"$WORK/log" 2>&1 &&
  cmake --build "$WORK/weigh" >"$WORK/log" 2>&1 || fail "$(cat "$WORK/log")"
"$WORK/by_cmake/pack" "$WORK/tree" "$WORK/weighed.xar"
same "what the example prints" "$WORK/weighed.xar runs nothing
       8 B  data     sub/file" "$("$WORK/weigh/weigh" "$WORK/weighed.xar")"

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
