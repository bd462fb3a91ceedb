#!/bin/sh
# Prints the machine's own Node.js where it is 20 or newer and has npm, or nothing.
# The one linked into .venv/node does not count: it is what the Makefile installs where this finds nothing.
PATH=$(printf '%s' "$PATH" | sed "s|$PWD/.venv/node:||")
command -v npm >/dev/null || exit 0
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && command -v node
exit 0
