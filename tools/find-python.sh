#!/bin/sh
# Prints the first Python of PATH that is 3.11 or newer, or nothing.
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
  "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$name"; exit 0; }
done
exit 0
