#!/bin/sh
# Installs the Debian packages that let the box hear and speak, when they are missing. Never fails: without them, or without
# root or network, the box runs in text, and `jembe doctor` says what is missing.
set -u
missing=
for package in espeak-ng pocketsphinx pocketsphinx-en-us alsa-utils; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Voice needs these Debian packages:$missing"
as_root=
if [ "$(id -u)" -ne 0 ]; then
	if sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
		as_root=sudo
	else
		echo "Not root and no sudo: the box will run in text only. To hear and speak: apt-get install$missing"
		exit 0
	fi
fi
echo "Installing them with apt-get."
# shellcheck disable=SC2086 # the package names are meant to be split
if ! { $as_root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 ||
	{ $as_root apt-get update >/dev/null 2>&1 && $as_root apt-get install -y --no-install-recommends $missing; }; }; then
	echo "That did not work: the box will run in text only. To hear and speak, with a network: apt-get install$missing"
fi
exit 0
