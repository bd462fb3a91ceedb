#!/bin/sh
# Sees that the machine has what tests need besides Python and Node.js: a Chromium and a Java runtime.
# What is there is used; else Debian's package, when root; else Playwright's own Chromium, and word of what is missing.
set -eu
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive

has_any() {
  for name in "$@"; do
    command -v "$name" >/dev/null && return 0
  done
  return 1
}

# Installs Debian packages; fails where the machine has no apt-get or the user is not root.
debian() {
  { command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; } || return 1
  echo "installing $* ..."
  apt-get update -qq </dev/null
  apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

has_any chromium chromium-browser google-chrome google-chrome-stable ||
  debian chromium ||
  .venv/bin/playwright install --only-shell chromium </dev/null

# macOS has a `java` that only says that there is none, hence -version.
java -version >/dev/null 2>&1 ||
  debian default-jre-headless ||
  echo 'no Java runtime: the tests that check HTML with vnu will say that they were left out' >&2
