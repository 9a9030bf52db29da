#!/usr/bin/env bash
# Installs the Debian packages of tools/packages.txt that are missing, and says which. Without root it prints the line to run.
#   tools/install.sh            what building, testing and the demo need
#   tools/install.sh lint       the same and the packages under "# lint" (or bench, fuzz, pages, peers)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
want=${1:-}
missing=()
group=""
while IFS= read -r line; do
  case "$line" in
    '# lint' | '# bench' | '# fuzz' | '# pages' | '# peers') group=${line#\# }; continue ;;
    '#'* | '') continue ;;
  esac
  [ -z "$group" ] || [ "$group" = "$want" ] || continue
  dpkg-query -W -f='${Status}' "$line" 2>/dev/null | grep -q 'install ok installed' || missing+=("$line")
done <"$here/packages.txt"
[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "reportedly builds on Debian 12; this system has no apt-get. Needed: ${missing[*]}" >&2
  exit 1
fi
run=(apt-get install -y --no-install-recommends "${missing[@]}")
if [ "$(id -u)" -ne 0 ]; then
  echo "Missing packages. Please run:" >&2
  echo "  sudo apt-get update && sudo ${run[*]}" >&2
  exit 1
fi
echo "Installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
"${run[@]}" -qq >/dev/null
