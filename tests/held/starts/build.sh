#!/usr/bin/env bash
# Builds a release of dqlite with the raft that it has inside, for what starts directories on another version than
# Debian's. Nothing is installed: the tests find the library by the path that is printed.
#
# usage: export DQLITE_BUILDS=$(tests/held/starts/build.sh VERSION FOLDER [GIT])
#        make repaired starts
# needs: apt install autoconf automake libtool pkg-config gcc make git libuv1-dev libsqlite3-dev liblz4-dev
set -euo pipefail
version=$1
mkdir -p "$2"
folder=$(realpath "$2")/dqlite-$version
git=${3:-https://github.com/canonical/dqlite.git}

if [ ! -e "$folder/.libs/libdqlite.so" ]; then
  {
    [ -e "$folder" ] || git clone --quiet --depth 1 --branch "v$version" "$git" "$folder"
    cd "$folder"
    autoreconf --install
    ./configure --enable-build-raft CFLAGS="-O2 -g"
    make -j2 libdqlite.la
  } >&2
fi
echo "$version=$folder"
