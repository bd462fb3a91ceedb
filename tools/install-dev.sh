#!/bin/sh
# Installs what tests need, as locked, into the environment of a Python: tools/install-dev.sh PYTHON pip-command...
# uv does it in a third of pip's time; where it cannot, as with another way to the packages, pip does.
set -eu
python=$1
shift
locked=$(mktemp)
trap 'rm -f "$locked"' EXIT
awk '/^[a-z]/ { own = /^uv==/ } own' requirements-dev.txt >"$locked"
"$@" -r "$locked"
"$python" -m uv pip install --quiet --link-mode copy --python "$python" --require-hashes --only-binary :all: \
  --compile-bytecode -r requirements.txt -r requirements-dev.txt ||
  "$@" -r requirements.txt -r requirements-dev.txt
