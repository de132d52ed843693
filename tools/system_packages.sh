#!/usr/bin/env bash
# Install what the tests need beside Python: Chromium, strace, TypeScript, GDAL and PostGIS, on Debian as root.
# With the word "qgis" also QGIS itself, which only the long forms need: its install is large.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v strace >/dev/null || missing+=(strace)
command -v tsc >/dev/null || missing+=(node-typescript)
command -v ogrinfo >/dev/null || missing+=(gdal-bin)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
compgen -G "/usr/lib/postgresql/*/lib/postgis-3.so" >/dev/null || missing+=(postgresql-15-postgis-3)
if [ "${1:-}" = "qgis" ]; then
  /usr/bin/python3 -c "import qgis.core" 2>/dev/null || missing+=(python3-qgis qgis-providers)
fi
[ ${#missing[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq
  if ! apt-cache show postgresql-15-postgis-3 >/dev/null 2>&1; then
    missing=("${missing[@]/#postgresql-15-postgis-3/postgis}")
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "Tests that need ${missing[*]} are skipped: install with 'apt-get install ${missing[*]}'." >&2
  [ "${CI:-}" != "true" ] || exit 1
fi
