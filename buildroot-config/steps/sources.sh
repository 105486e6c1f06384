# sources.sh - fetch what sources.lock names, check it, unpack it with Debian's patches applied
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

sources=$(grep -v '^#' "$here/sources.lock")

# Versions that have left the archive stay in Debian's snapshot archive: DEBIAN_SNAPSHOT may name a date of it, such as
# .../archive/debian/20261101T000000Z, and is asked where the mirror fails.
debian_mirror() {
  local uri=${DEBIAN_MIRROR:-}
  [ -n "$uri" ] || uri=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2> /dev/null | head -n 1)
  [ -n "$uri" ] || uri=$(sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\).*/\2/p' /etc/apt/sources.list 2> /dev/null | head -n 1)
  [ -n "$uri" ] || fail "no Debian mirror is configured on this machine; name one in DEBIAN_MIRROR"
  echo "$uri"
}

has_sum() { [ -f "$1" ] && echo "$2  $1" | sha256sum --status -c -; }

fetch_all() {
  fetch_sources <<< "$sources"
  if [ -n "$with_test_tools" ]; then with_each_tool fetch_tool; fi
}

# A file that is there with the right sum is never fetched again, however old it or the list is.
fetch_sources() {
  local sum path file base mirror
  mirror=$(debian_mirror)
  while read -r sum path; do
    [ -n "$path" ] || continue
    file=$downloads/${path##*/}
    has_sum "$file" "$sum" && continue
    for base in "${mirror%/}" ${DEBIAN_SNAPSHOT:+"${DEBIAN_SNAPSHOT%/}"}; do
      rm -f "$file.part"
      /usr/lib/apt/apt-helper download-file "$base/$path" "$file.part" "SHA256:$sum" >> "$logs/download.log" 2>&1 || true
      has_sum "$file.part" "$sum" && break
    done
    has_sum "$file.part" "$sum" || {
      rm -f "$file.part"
      fail "cannot download $path from $mirror (see $out/failed-logs/download.log); name a date of Debian's snapshot archive in DEBIAN_SNAPSHOT, or put the file into $downloads by hand"
    }
    mv "$file.part" "$file"
  done
}

unpack_sources() {
  local package
  for package in musl busybox libdrm; do
    logged unpack "unpacking $package" dpkg-source --no-check -x "$(locked "${package}_.*\.dsc")" "$src/$package"
  done
  mkdir "$src/linux" "$src/opensbi"
  dpkg-deb --fsys-tarfile "$(locked 'linux-source-.*\.deb')" | tar xO --wildcards './usr/src/*.tar.xz' |
    tar xJ -C "$src/linux" --strip-components=1 || fail "unpacking the kernel source failed"
  tar xf "$(locked 'opensbi_.*\.orig\.tar\.gz')" -C "$src/opensbi" --strip-components=1 ||
    fail "unpacking OpenSBI failed"
}

# locked PATTERN - the downloaded file whose locked name matches
locked() { echo "$downloads/$(sed -n "s|.*/\($1\)\$|\1|p" <<< "$sources")"; }
