#!/bin/sh
# Prints the Python to use, or nothing. Of those of PATH that are 3.11 or newer and can make virtual environments it is
# the first that was compiled with profile-guided optimisation, as distributions, python.org, Homebrew, conda and uv do;
# failing that the first. What pyenv compiles unless it is told otherwise is not, and takes a fifth more time for all.
LOOK='
import sys, sysconfig
if sys.version_info < (3, 11):
    sys.exit(1)
# Of the environment that is active, if one is, the Python that it was made with.
print(sys._base_executable)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(4)
optimised = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "") or sys.base_prefix == "/usr"
sys.exit(2 if optimised else 3)
'
plain=
bare=
IFS=:
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
  for folder in $PATH; do
    [ -x "$folder/$name" ] || continue
    found=$("$folder/$name" -c "$LOOK" 2>/dev/null)
    case $? in
      2) echo "$found"; exit 0 ;;
      3) plain=${plain:-$found} ;;
      4) bare=${bare:-$found} ;; # the Makefile says what it lacks
    esac
  done
done
found=${plain:-$bare}
[ -z "$found" ] || echo "$found"
