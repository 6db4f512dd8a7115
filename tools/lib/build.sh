# shellcheck shell=bash
# Building, with as many compilers at once as cores and memory allow. Needs step.sh.

compiler_mib=800

jobs_max() {
  local cores memory
  cores=$(nproc)
  memory=$(awk -v each=$compiler_mib '/^MemAvailable:/ { print int($2 / 1024 / each) }' /proc/meminfo)
  [ "${memory:-1}" -ge 1 ] || memory=1
  printf '%d\n' $((memory < cores ? memory : cores))
}

# A build folder that was made elsewhere (a moved or copied checkout) is configured anew.
configure() {
  local cache=build/$1/CMakeCache.txt options=()
  if grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$cache"; then
    [ ! -f "build/$1/build.ninja" ] || return 0
  else
    options=(--fresh)
  fi
  cmake --preset "$1" "${options[@]}"
}

# compile PRESET [TARGET…]: without targets, everything.
compile() {
  local preset=$1
  shift
  configure "$preset" || return
  cmake --build --preset "$preset" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(jobs_max)}" ${1:+--target "$@"}
}
