# A package of the node's own distribution, and the service that comes with it.
# shellcheck shell=sh
# shellcheck disable=SC2154 # name, debian, rhel, suse and service ("" for none) are set before.

# Sets package to its name here, and manager to what installs it.
find_manager() {
  manager=
  if has dpkg-query; then
    package=$debian
    ! has apt-get || manager=apt-get
  elif has zypper; then
    package=$suse
    manager=zypper
  elif has rpm; then
    package=$rhel
    for tool in dnf yum; do
      [ -n "$manager" ] || ! has $tool || manager=$tool
    done
  else
    refuse "the node has neither dpkg nor rpm, so it isn't known whether $name is installed." \
      "Install it by hand, and take it out of the node's packages."
  fi
}

installed() {
  if has dpkg-query; then
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ]
  else
    rpm -q "$package" >/dev/null 2>&1
  fi
}

look() {
  find_manager
  if ! installed; then
    if [ -e /run/ostree-booted ] || has transactional-update; then
      refuse "the node's system is an image, in which packages can't be installed at run time." \
        "Put $package into the image (rpm-ostree install $package, or transactional-update pkg install $package)," \
        "and restart the node."
    fi
    [ -n "$manager" ] ||
      refuse "the node has none of apt-get, zypper, dnf and yum, which could install $package." \
        "Install it by hand."
    is_missing "the package $package is not installed"
  fi
  if [ -n "$service" ]; then
    [ -d /run/systemd/system ] ||
      refuse "the package $package is installed, and the node doesn't run systemd," \
        "so it isn't known whether $service starts." \
        "See to it by hand, and take $name out of the node's packages."
    systemctl -q is-enabled "$service.service" 2>/dev/null || systemctl -q is-enabled "$service.socket" 2>/dev/null ||
      is_missing "$service does not start with the node"
    systemctl -q is-active "$service.service" 2>/dev/null || systemctl -q is-active "$service.socket" 2>/dev/null ||
      is_missing "$service does not run"
    is_done "the package $package is installed, and $service runs"
  fi
  is_done "the package $package is installed"
}

install() {
  case $manager in
  apt-get)
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    set -- apt-get -q -y -o DPkg::Lock::Timeout=300
    set -- "$@" -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold
    # What an installation that was killed has left.
    [ -z "$(dpkg --audit 2>/dev/null)" ] ||
      try "dpkg --configure -a failed" dpkg --configure -a --force-confdef --force-confold
    ! "$@" --no-install-recommends --no-remove install "$package" </dev/null >/dev/null 2>&1 9>&- || return 0
    # The lists may be old or not there yet.
    try "apt-get update failed" "$@" update
    try "apt-get install $package failed" "$@" --no-install-recommends --no-remove install "$package"
    ;;
  zypper) try "zypper install $package failed" zypper --non-interactive install --no-recommends "$package" ;;
  dnf) try "dnf install $package failed" dnf -q -y --setopt=install_weak_deps=False install "$package" ;;
  yum) try "yum install $package failed" yum -q -y install "$package" ;;
  esac
}

make() {
  find_manager >/dev/null
  installed || install
  [ -z "$service" ] || try "$service could not be started" systemctl enable --now "$service.service"
}
