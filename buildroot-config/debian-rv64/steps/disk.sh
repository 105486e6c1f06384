# disk.sh - desk.ext4
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

libraries=usr/lib/riscv64-linux-gnu

# What programs are linked with and never call here: llvmpipe's compiler (120 MB), since softpipe draws, and kmscube's video player.
make_stand_ins() {
  local library
  mkdir -p "$work/stand-ins/$libraries"
  stand_in libLLVM.so.19.1 "$stage/$libraries"/libgallium-*.so
  for library in reamer app base allocators video; do
    stand_in "libgst$library-1.0.so.0" "$stage/usr/bin/kmscube"
  done
}

# stand_in NAME USER...
stand_in() {
  local name=$1
  shift
  logged stand-ins "making a stand-in for $name" "$recipe/tools/stand-in.py" "$stage/$libraries/$name" \
    "$work/stand-ins/$libraries/$name" "$@"
}

make_desk() {
  local root=$work/desk-root
  skeleton "$root" init-disk
  mkdir -p "$root"/var/{lib/xkb,log,tmp}
  cp -r "$recipe/rootfs/etc" "$root/"
  ln -s ../lib/xorg/Xorg "$root/usr/bin/Xorg"
  pick desk disk.files "$root" "$work/stand-ins"
  write_disk_for "$work/desk.list" desk.ext4 desk 5e3b1a9c-0000-4000-8000-6465736b3634
}

# write_disk_for LIST NAME LABEL UUID - a disk as large as the files of a list need, with 4 MiB for the guest
write_disk_for() {
  local kind from blocks inodes
  blocks=$(while read -r kind _ from _; do
    case $kind in
      file) echo $((($(stat -c %s "$from") + 4095) / 4096)) ;;
      *) echo 1 ;;
    esac
  done < "$1" | awk '{ sum += $1 } END { print sum }')
  inodes=$(($(wc -l < "$1") + 256))
  # an inode has 256 bytes; 2 in 100 for the file system's own
  write_disk "$1" "$2" "$(((blocks * 102 / 100 + inodes / 16) / 256 + 5))M" "$inodes" "$3" "$4"
}
