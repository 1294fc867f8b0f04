#!/bin/sh
# The browser of the review page's tests: the system's own Chromium, because Playwright's would be a second download of
# 150 MB from elsewhere. Installed where this is Debian and we may; otherwise it says what to do.
set -eu
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$name" ] && command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
  exit 0
fi
echo "The tests of the review page need Chromium or Chrome: 'sudo apt-get install chromium', or name one in \$CHROMIUM." >&2
exit 1
