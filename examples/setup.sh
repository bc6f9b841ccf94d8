# Sourced by examples/run and Tests/run: finds Swift and installs the system libraries that are
# missing. It changes nothing where everything is there.

if ! command -v swift >/dev/null 2>&1; then
  echo "Swift is missing: install a Swift 6.2 or later toolchain (https://www.swift.org/install/linux/) and run this again." >&2
  exit 69
fi

candor_install_libraries() {
  local wanted=(liblapack-dev liblapacke-dev libopenblas-dev zlib1g-dev) missing=() package
  if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not a Debian system: install LAPACKE, OpenBLAS and zlib with their headers yourself if the build fails." >&2
    return 0
  fi
  for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "These packages are missing and need root to install: ${missing[*]}" >&2
      return 77
    fi
    sudo=(sudo)
  fi
  echo "Installing system libraries: ${missing[*]}" >&2
  "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >&2
}

candor_install_libraries || exit $?
