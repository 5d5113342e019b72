#!/bin/sh
# Builds Mesh-Sim Studio, installs it into VS Code and opens a product in it: see docs/install.md, or --help.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

if ! command -v node >/dev/null 2>&1; then
  echo 'Node.js is missing: get 20.20 or newer from https://nodejs.org or with the package manager of your system.' >&2
  exit 1
fi

exec node "$root/install.mjs" "$@"
