#!/bin/sh
# Renews the four lock files from pyproject.toml: versions for every platform, with the hashes of all their files.
# `tools/lock.sh --upgrade` takes the newest versions; without it, what is locked stays unless pyproject.toml rules it out.
set -eu
cd "$(dirname "$0")/.."

compile() {
  .venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header "$@"
}

upgrade="${1:-}"
compile $upgrade pyproject.toml --group build --output-file requirements.txt
compile $upgrade --group dev --constraint requirements.txt --output-file requirements-dev.txt
compile $upgrade --group bench --constraint requirements-dev.txt --output-file requirements-bench.txt
compile $upgrade --group node --output-file requirements-node.txt
