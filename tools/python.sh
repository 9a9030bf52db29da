#!/usr/bin/env bash
# Makes a Python environment with the packages of tools/python-packages.txt, once: again only when that file changes. Prints its interpreter.
#   tools/python.sh FOLDER          (needs python3-venv and a package index that pip can reach)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: tools/python.sh FOLDER}
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if ! cmp -s "$here/python-packages.txt" "$folder/made-from"; then
  rm -rf "$folder/env" "$folder/made-from"
  /usr/bin/python3 -m venv "$folder/env" >&2
  # PyICU, which followthemoney wants, is Debian's (python3-icu): pip would compile it. Nothing else of the system is let in.
  dpkg -L python3-icu | grep -E '/dist-packages/[^/]+$' | xargs -I{} ln -s {} "$("$folder/env/bin/python3" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/"
  if ! "$folder/env/bin/pip" install --quiet --disable-pip-version-check -r "$here/python-packages.txt" >&2; then
    echo "tools/python.sh: cannot install the packages of tools/python-packages.txt; the tests of exports need them" >&2
    exit 1
  fi
  cp "$here/python-packages.txt" "$folder/made-from"
fi
echo "$folder/env/bin/python3"
