#!/usr/bin/env bash
# apt-install.sh PACKAGE…: installs packages as root and leaves no daemon started or enabled that was not before.
set -uo pipefail

policy=/usr/sbin/policy-rc.d
saved=$policy.before-minsheng
mark='# minsheng: no daemon starts while packages are being installed'

# Also mends what an earlier run left that was killed.
restore_policy() {
  if [ -e "$saved" ] || [ -L "$saved" ]; then
    mv -f "$saved" "$policy"
  elif grep -qsxF "$mark" "$policy"; then
    rm -f "$policy"
  fi
}

forbid_daemons() {
  if [ -e "$policy" ] || [ -L "$policy" ]; then mv "$policy" "$saved" || return; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy" && chmod 755 "$policy"
}

enabled_services() {
  [ ! -d /etc/systemd/system ] || find /etc/systemd/system -path '*.wants/*.service' -printf '%f\n' | sort -u
}

disable_service() {
  ! command -v systemctl >/dev/null || systemctl disable "$1"
  update-rc.d "${1%.service}" disable
}

install() {
  apt-get "${options[@]}" update && apt-get "${options[@]}" install -y --no-install-recommends "$@"
}

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
options=(-o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 -o Acquire::Retries=3)

exec 9</usr/sbin
flock 9
restore_policy
trap restore_policy EXIT
trap 'exit 130' INT TERM HUP
forbid_daemons || exit

before=$(enabled_services)
install "$@"
status=$?
comm -13 <(printf '%s\n' "$before") <(enabled_services) | while read -r service; do disable_service "$service"; done
exit $status
