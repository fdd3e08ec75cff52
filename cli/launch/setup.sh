# SPDX-License-Identifier: Apache-2.0
# What ./explore and ./check share: finding JDK 25, and installing what is missing. Sourced by bash;
# needs $root. Everything it says goes to stderr.

say() { printf '%s\n' "$*" >&2; }

# The update of JDK 25 from which arrays pinned by native code stay in place (JDK-8377811).
least_update=3

# Whether the folder $1 holds a JDK 25.0.3 or later, read from its release file: no process started.
is_jdk25() {
  [[ -x $1/bin/javac && -r $1/release ]] || return 1
  local line version=
  while IFS= read -r line; do
    [[ $line == JAVA_VERSION=* ]] && version=${line#JAVA_VERSION=} && version=${version//\"/}
  done <"$1/release"
  [[ $version =~ ^25\.0\.([0-9]+) ]] && (( BASH_REMATCH[1] >= least_update )) && return 0
  [[ $version =~ ^25\.([1-9][0-9]*) ]]
}

# Sets jdk to a JDK 25: the one found last time, JAVA_HOME, PATH, then where distributions put them.
find_jdk() {
  local remembered= candidate program
  [[ -r $root/.build/jdk ]] && remembered=$(<"$root/.build/jdk")
  if [[ -n ${JAVA_HOME:-} ]] && is_jdk25 "$JAVA_HOME"; then jdk=$JAVA_HOME; return 0; fi
  if [[ -n $remembered ]] && is_jdk25 "$remembered"; then jdk=$remembered; return 0; fi
  program=$(readlink -f "$(command -v javac 2>/dev/null)" 2>/dev/null)
  for candidate in "${program%/bin/javac}" /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* \
    /opt/jdk* /opt/*jdk* /usr/local/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/*; do
    if [[ -n $candidate ]] && is_jdk25 "$candidate"; then
      jdk=$candidate
      mkdir -p "$root/.build" 2>/dev/null && printf '%s\n' "$jdk" >"$root/.build/jdk" 2>/dev/null
      return 0
    fi
  done
  return 1
}

# Sets as_root to the words before apt-get; fails when this user may not install.
may_install() {
  [[ ${EXPLORE_INSTALL:-yes} != no ]] && command -v apt-get >/dev/null || return 1
  if (( EUID == 0 )); then as_root=(); return 0; fi
  command -v sudo >/dev/null && sudo -n true 2>/dev/null && as_root=(sudo -n)
}

# Installs the Debian packages $2.. for the purpose $1; on failure prints the command and goes on.
install_packages() {
  local purpose=$1 log; shift
  local as_root=()
  if may_install; then
    say "explore: $purpose needs $*: installing with apt-get"
    log=$(mktemp)
    if { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
      { "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }; } \
      </dev/null >"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
    say "explore: apt-get failed: $(grep -m1 '^E:' "$log" || tail -n1 "$log")"
    rm -f "$log"
  fi
  say "explore: $purpose needs $*; to get it:  sudo apt-get install $*"
  return 1
}

# Installs the packages of those pairs program:package of $2.. whose program is missing.
need_programs() {
  local purpose=$1 pair missing=(); shift
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  (( ${#missing[@]} == 0 )) || install_packages "$purpose" "${missing[@]}"
}

# Java draws charts with fontconfig and at least one font.
need_fonts() {
  if ! command -v fc-list >/dev/null || [[ -z $(fc-list 2>/dev/null | head -n1) ]]; then
    install_packages "the charts of the report" fontconfig fonts-dejavu-core
  fi
}

need_jdk() {
  find_jdk && return 0
  local package as_root=()
  if may_install; then
    # A fresh machine has no package lists yet.
    apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1 || "${as_root[@]}" apt-get update >/dev/null 2>&1
    for package in openjdk-25-jdk-headless temurin-25-jdk; do
      if apt-cache show "$package" >/dev/null 2>&1; then
        install_packages "explore" "$package" && find_jdk && return 0
      fi
    done
  fi
  say "explore: needs JDK 25.0.$least_update or later, and found none in JAVA_HOME, PATH or /usr/lib/jvm."
  say "To get it:  sudo apt-get install openjdk-25-jdk-headless"
  say "or, where the distribution has no such package, from https://adoptium.net/temurin/releases/?version=25"
  return 1
}

need_maven() {
  command -v mvn >/dev/null && return 0
  install_packages "the build" maven && hash -r
}

# Maven on the JDK found above; its own libraries' warnings about later JDKs are not ours to show.
run_maven() {
  JAVA_HOME=$jdk MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" \
    mvn -f "$root/pom.xml" -B -ntp "$@"
}
