#!/bin/sh
# Builds the real model server from its Go module, in the version whose API go.mod names, and prints where the program lies. It is
# kept in the user's cache and built once for each version: some minutes of one core. Needs Debian's g++, nlohmann-json3-dev and
# libstb-dev, because the module's archive leaves out every folder called vendor.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
go=${GO:-go}
module=github.com/ollama/ollama
version=$(cd "$here" && $go list -m -f '{{.Version}}' $module)
keep=${XDG_CACHE_HOME:-$HOME/.cache}/jembe-ollama-$version
if [ ! -x "$keep/ollama" ]; then
	fast=
	if [ "$(uname -m)" = x86_64 ] && grep -q -m1 -w avx2 /proc/cpuinfo; then
		fast='-mavx2 -mfma -mf16c -mbmi2' # answers two to four times sooner
	fi
	mkdir -p "$keep"
	new=$(mktemp -d "$keep/new.XXXXXX") # renamed into place when whole: a build that was cut is built again
	trap 'rm -rf "$new"' EXIT
	echo "building $module $version, once" >&2
	(cd / && CGO_ENABLED=1 GOBIN=$new CGO_CFLAGS="-O2 -g0 $fast" CGO_CXXFLAGS="-O2 -g0 $fast -I$here/standin" \
		nice $go install "$module@$version") >&2
	mv "$new/ollama" "$keep/ollama"
fi
echo "$keep/ollama"
