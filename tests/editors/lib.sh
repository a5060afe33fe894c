# What the parts share: `source` it. A part finds itself in the root of the repository.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
: "${ORDAIN_BIN:?the folder of the command and the server; call tests/editors/run}"
: "${ORDAIN_EDITORS:=$root/target/editors}"
export ORDAIN_BIN ORDAIN_EDITORS
mkdir -p "$ORDAIN_EDITORS"

# Debian's packages, unless they are there.
debian() {
  dpkg -s "$@" >/dev/null 2>&1 && return
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# python FOLDER PACKAGE…: the Python of an environment that has these packages.
python() {
  local folder="$ORDAIN_EDITORS/$1"
  shift
  if [ "$(cat "$folder/packages" 2>/dev/null)" != "$*" ]; then
    rm -rf "$folder"
    python3 -m venv "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
    echo "$*" >"$folder/packages"
  fi
  echo "$folder/bin/python"
}

# A fresh copy of the project that the editors open; prints its folder.
project() {
  local folder="$ORDAIN_EDITORS/$1"
  rm -rf "$folder"
  mkdir -p "$folder"
  cp -r tests/editors/project/. "$folder"
  echo "$folder"
}
