# shellcheck shell=bash
# Work in steps that a person watches. Sourced from the checkout's root by a script that has set `program`.

export LC_ALL=C.UTF-8
log_dir=.minsheng/log
quiet_seconds_max=15
mkdir -p "$log_dir"

say() { printf '%s\n' "$*"; }

die() {
  printf '✗ %s\n' "$*" >&2
  exit 1
}

duration() {
  if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

last_line() { tail -c 4096 "$1" 2>/dev/null | tr '\r' '\n' | grep -av '^[[:space:]]*$' | tail -n 1; }

# Shows where the command that writes the log has got to: one live line on a terminal, now and then a line elsewhere.
watch_log() {
  local title=$1 log=$2 begun=$SECONDS shown=$SECONDS line
  while sleep 1 >/dev/null 2>&1 9>&- && kill -0 $$ 2>/dev/null; do
    if [ -t 1 ]; then
      printf '\r\033[K\033[?7l… %s  %s  %s\033[?7h' "$title" "$(duration $((SECONDS - begun)))" "$(last_line "$log")"
    elif [ $((SECONDS - shown)) -ge $quiet_seconds_max ]; then
      shown=$SECONDS
      line=$(last_line "$log")
      say "  … $(duration $((SECONDS - begun)))  ${line:0:90}"
    fi
  done
}

# step NAME "标题 (title)" COMMAND…: runs the command with its output in a log; ends the script if it fails.
step() {
  local name=$1 title=$2 begun=$SECONDS status watcher
  local log=$log_dir/${program:?}-$name.log
  shift 2
  if [ -t 1 ]; then printf '… %s' "$title"; else say "… $title"; fi
  watch_log "$title" "$log" &
  watcher=$!
  "$@" >"$log" 2>&1 </dev/null
  status=$?
  kill $watcher 2>/dev/null
  wait $watcher 2>/dev/null
  [ ! -t 1 ] || printf '\r\033[K'
  if [ $status -ne 0 ]; then
    say "✗ $title：失败 (failed, $(duration $((SECONDS - begun))), exit $status)"
    tail -n 20 "$log" | sed 's/^/    /'
    say "  全部日志 (whole log): $log"
    exit 1
  fi
  say "✓ $title  $(duration $((SECONDS - begun)))"
}
