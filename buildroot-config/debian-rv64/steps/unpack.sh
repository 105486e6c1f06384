# unpack.sh - the packages' files in one tree, with who owns which
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

stage=$work/stage
owners=$work/owners

# Scripts of packages are not run, so the tree is that of the packages alone: no caches, no alternatives.
unpack_packages() {
  local path
  mkdir "$stage"
  while read -r _ path; do
    case $path in
      */linux-image-* | */linux-source-*) ;;
      *) unpack_package "$downloads/${path##*/}" ;;
    esac
  done <<< "$sources"
}

# What nobody reads in this guest is left out, but for the copyright files.
unpack_package() {
  local package
  package=$(dpkg-deb -f "$1" Package)
  dpkg-deb --fsys-tarfile "$1" > "$work/package.tar" || fail "$1 cannot be unpacked"
  tar -t -f "$work/package.tar" | sed -n "s|^\./\(.*[^/]\)\$|$package \1|p" >> "$owners"
  logged unpack "unpacking ${1##*/}" tar -x -f "$work/package.tar" -C "$stage" --no-same-permissions \
    --exclude='./usr/share/locale' --exclude='./usr/share/man' --exclude='./usr/share/info' --exclude='./dev/*'
}

# Debian's kernel with its modules, and the source of ours
unpack_kernel() {
  local package parts=()
  package=$(locked 'linux-image-.*\.deb')
  logged unpack "unpacking ${package##*/}" dpkg-deb -x "$package" "$work/stock"
  # depmod looks in /lib
  [ -d "$work/stock/lib" ] || ln -s usr/lib "$work/stock/lib"
  stock_version=$(cd "$work/stock/boot" && echo vmlinux-*)
  stock_version=${stock_version#vmlinux-}
  cp "$work/stock/boot/vmlinux-$stock_version" "$result/Image-stock"
  mkdir "$src/linux"
  [ -n "$with_kernel" ] || parts=(--wildcards '*/usr/gen_init_cpio.c')
  dpkg-deb --fsys-tarfile "$(locked 'linux-source-.*\.deb')" | tar xO --wildcards './usr/src/*.tar.xz' |
    tar xJ -C "$src/linux" --strip-components=1 "${parts[@]}" ||
    fail "unpacking the kernel source failed"
  logged initrds "compiling gen_init_cpio" gcc -O2 -o "$work/gen_init_cpio" "$src/linux/usr/gen_init_cpio.c"
}

# pick NAME FILES [OVERLAY...] - writes NAME.list, the files that an image has
pick() {
  local name=$1 files=$2 overlay overlays=()
  shift 2
  for overlay in "$@"; do overlays+=(--overlay "$overlay"); done
  "$recipe/tools/pick.py" "${overlays[@]}" --owners "$owners" --packages "$work/$name.packages" "$stage" "$recipe/$files" \
    > "$work/$name.list" 2> "$logs/$name.log" || {
    cat "$logs/$name.log" >&2
    fail "$files names what the packages do not have"
  }
}

# skeleton FOLDER INIT - what every image has besides the packages' files
skeleton() {
  local root=$1 applet size
  mkdir -p "$root"/{proc,sys,dev,tmp,mnt,run,root,usr/bin,usr/lib/firmware/edid,usr/sbin}
  ln -s usr/bin "$root/bin"
  ln -s usr/lib "$root/lib"
  ln -s usr/sbin "$root/sbin"
  install -m 755 "$recipe/rootfs/$2" "$root/init"
  for size in "320 240" "640 480"; do
    # shellcheck disable=SC2086  # width and height
    "$recipe/tools/edid.py" $size "$root/usr/lib/firmware/edid/edid-${size/ /x}.bin"
  done
  while read -r applet; do ln -s busybox "$root/usr/bin/$applet"; done < <(grep -v '^#' "$recipe/applets")
}

# The packages that something was taken from: name, version, source package, its version, and the images. A stand-in for a library
# has nothing of it but names of functions.
list_packages() {
  local path package rest images
  {
    printf '# package\tversion\tsource\tsource version\tin\n'
    while read -r _ path; do
      # shellcheck disable=SC2016  # dpkg-deb's variables
      rest=$(dpkg-deb -W --showformat='${Package}\t${Version}\t${source:Package}\t${source:Version}' "$downloads/${path##*/}")
      package=${rest%%$'\t'*} images=
      case $package in
        linux-image-*) images=Image-stock,initrd-stock ;;
        linux-source-*) images=Image-small ;;
        *)
          if grep -qxF "$package" "$work/initrd-plain.packages"; then images=initrd-plain,initrd-stock; fi
          if grep -qxF "$package" "$work/desk.packages"; then images=${images:+$images,}desk; fi
          ;;
      esac
      if [ -n "$images" ]; then printf '%s\t%s\n' "$rest" "$images"; fi
    done <<< "$sources"
  } > "$result/PACKAGES"
}
