# shellcheck shell=bash
# What has to be installed, and installing it. Needs step.sh.

package_list=tools/debian-packages.txt

# "package command" lines of the given sections.
packages_of() {
  local wanted=" $* " section='' line
  while read -r line; do
    case $line in
      '' | '#'*) ;;
      '['*) section=${line//[][]/} ;;
      *) [[ $wanted != *" $section "* ]] || printf '%s\n' "$line" ;;
    esac
  done <"$package_list"
}

missing_packages() {
  local installed package command
  installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' | sed -n 's/^ii *//p')
  while read -r package command; do
    [ -n "$command" ] && command -v "$command" >/dev/null && continue
    grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
  done < <(packages_of "$@")
}

# Asks for a password where there is somebody to ask.
can_sudo() {
  command -v sudo >/dev/null || return
  if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi
}

# install_packages SECTION…: a step that installs what is missing of these sections, or nothing at all.
install_packages() {
  local missing root=()
  command -v dpkg-query >/dev/null ||
    die "这里不是 Debian，请自行安装 (not Debian; install the equivalents of): $(packages_of "$@" | cut -d' ' -f1 | xargs)"
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    say "✓ 所需软件包都已安装 (packages: nothing missing)"
    return
  fi
  if [ "$(id -u)" -ne 0 ]; then
    root=(sudo)
    can_sudo ||
      die "缺少软件包，而这里既不是 root 也不能 sudo。请管理员执行 (packages are missing and there is neither root nor sudo; have an administrator run):
  apt-get install --no-install-recommends ${missing[*]}"
  fi
  step packages "安装 ${#missing[@]} 个软件包 (install packages)" "${root[@]}" bash tools/lib/apt-install.sh "${missing[@]}"
}
