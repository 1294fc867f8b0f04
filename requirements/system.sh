#!/bin/sh
# What the tests take from the system: a browser for the pages, because Playwright's would be a second download of 150 MB
# from elsewhere, and the programs that the examples of the documentation call. Installed where this is Debian and we
# may; otherwise it says what to do.
set -eu
wanted=""
has_browser() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}
has_browser || wanted="chromium"
for name in curl file jq; do
  command -v "$name" >/dev/null || wanted="$wanted $name"
done
if [ -z "$wanted" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086  # several names
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
  exit 0
fi
echo "The tests need these programs: $wanted. On Debian: 'sudo apt-get install $wanted'; a browser can be named in \$CHROMIUM." >&2
exit 1
