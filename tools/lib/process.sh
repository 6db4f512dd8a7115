# shellcheck shell=bash
# Processes that outlive the script, each with run/NAME.pid: process id, its start time, the boot it belongs to.
# Sourced from the checkout's root. Needs step.sh.

run_dir=.minsheng/run
: "${log_dir:?}"
stop_seconds_max=15
mkdir -p "$run_dir"

# What tells a process from a later one with the same id. Nothing when there is none.
identity() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return
  stat=${stat##*) }
  # shellcheck disable=SC2086  # split into fields: this is field 3 of the file, so its field 22 is the 20th
  set -- $stat
  [ "$1" != Z ] && printf '%s %s\n' "${20}" "$(cat /proc/sys/kernel/random/boot_id)"
}

# The id of the process that was started as NAME, if it still runs.
pid_of() {
  local pid rest
  read -r pid rest 2>/dev/null <"$run_dir/$1.pid" || return
  [ -n "$rest" ] && [ "$(identity "$pid")" = "$rest" ] && printf '%s\n' "$pid"
}

# Whether NAME runs as exactly this command, from the program file as it is now.
runs_as() {
  local name=$1 pid
  shift
  pid=$(pid_of "$name") || return
  [ "/proc/$pid/exe" -ef "$(command -v "$1")" ] && cmp -s <(printf '%s\0' "$@") "/proc/$pid/cmdline"
}

# The variables of the command-line tool are no variables of a service, which refuses what it does not know.
without_variables() {
  local variable
  for variable in ${!MINSHENG_*}; do unset "$variable"; done
  exec "$@"
}

# launch NAME COMMAND…: in a session of its own, output appended to log/NAME.log.
launch() {
  local name=$1 pid
  shift
  without_variables setsid "$@" >>"$log_dir/$name.log" 2>&1 </dev/null 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(identity "$pid")" >"$run_dir/$name.pid"
}

# await NAME SECONDS COMMAND…: until the command succeeds. Fails when the process ends before or time is up.
await() {
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! pid_of "$name" >/dev/null; then
      say "$name ended; the end of $log_dir/$name.log:"
      tail -n 15 "$log_dir/$name.log"
      return 1
    fi
    [ $SECONDS -lt $deadline ] || { say "$name does not answer; see $log_dir/$name.log"; return 1; }
    sleep 0.1
  done
}

# halt NAME: ends what was started as NAME, and nothing else. Fails when it does not run.
halt() {
  local name=$1 pid deadline=$((SECONDS + stop_seconds_max)) found=1
  if pid=$(pid_of "$name"); then
    found=0
    kill -TERM "$pid"
    while pid_of "$name" >/dev/null && [ $SECONDS -lt $deadline ]; do sleep 0.1; done
    ! pid_of "$name" >/dev/null || kill -KILL "$pid"
  fi
  rm -f "$run_dir/$name.pid" "$run_dir/$name.ready"
  return $found
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)) && port_taken "$port"; do :; done
  printf '%d\n' "$port"
}
