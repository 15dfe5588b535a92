# shellcheck shell=bash
# Finds the Swift toolchain, also under a sudo that has shortened PATH. Sourced by the scripts beside it.
if ! command -v swift >/dev/null; then
    if [ -n "${SUDO_USER-}" ]; then
        found=$(sudo -u "$SUDO_USER" -i sh -c 'command -v swift' 2>/dev/null || true)
        [ -z "$found" ] || PATH="$(dirname "$found"):$PATH"
    fi
    if ! command -v swift >/dev/null; then
        echo "$0: there is no 'swift' in PATH; Braid is built with the Swift toolchain, 6.2 or later" >&2
        exit 3
    fi
fi
