# images.sh - the same tree as initramfs and as ext4 disk; a small initramfs with the programs of displays.cpio alone
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

# Lists in gen_init_cpio's format, written in a fixed order; one for rootfs.cpio and rootfs.ext4.
make_initramfs() {
  {
    list_skeleton
    list_etc "$here"/rootfs/etc/*
    list_bin "$here"/rootfs/bin/* "$work"/stage/*
    list_links
  } > "$work/rootfs.list"
  {
    list_skeleton
    list_etc "$here"/rootfs/etc/{group,passwd,profile} "$here"/displays-rootfs/etc/*
    list_bin "$here"/displays-rootfs/bin/* "$work"/stage/busybox "$work"/stage-displays/*
    list_links
  } > "$work/displays.list"
  logged images "compiling gen_init_cpio" gcc -O2 -o "$work/gen_init_cpio" "$src/linux/usr/gen_init_cpio.c"
  write_initramfs rootfs
  write_initramfs displays
}

list_skeleton() {
  local dir
  for dir in /bin /sbin /dev /etc /proc /sys /tmp /root /mnt; do echo "dir $dir 0755 0 0"; done
  echo "nod /dev/console 0600 0 0 c 5 1"
  echo "nod /dev/null 0666 0 0 c 1 3"
}

list_etc() {
  local file
  for file in "$@"; do
    case $file in
      */rcS) echo "file /etc/rcS $file 0755 0 0" ;;
      *) echo "file /etc/${file##*/} $file 0644 0 0" ;;
    esac
  done
}

list_bin() {
  local file
  for file in "$@"; do echo "file /bin/${file##*/} $file 0755 0 0"; done
}

# BusyBox's applets, and what the kernel and init look for elsewhere
list_links() {
  local applet
  sed -n 's/^"\(.*\)" "\\0"$/\1/p' "$work/busybox/include/applet_tables.h" | grep -vx busybox |
    while read -r applet; do echo "slink /bin/$applet busybox 0777 0 0"; done
  for applet in init poweroff reboot; do echo "slink /sbin/$applet ../bin/busybox 0777 0 0"; done
  echo "slink /init /sbin/init 0777 0 0"
}

write_initramfs() {
  "$work/gen_init_cpio" -t "$SOURCE_DATE_EPOCH" "$work/$1.list" > "$result/$1.cpio" || fail "writing $1.cpio failed"
}

make_disk() { write_disk "$work/rootfs.list" rootfs.ext4 8M 512 rv32 5e3b1a9c-0000-4000-8000-73656d626c61; }

# write_disk LIST NAME SIZE INODES LABEL UUID - the files of a list as an ext4 file system
#
# mke2fs -d takes names and contents from a folder, but also the owner, change and creation times of
# the host's files, and invents a UUID and a hash seed.  The latter two are given; the inodes are
# rewritten afterwards.  Device nodes are left out: the kernel mounts devtmpfs before it starts init.
write_disk() {
  local list=$1 name=$2 size=$3 count=$4 label=$5 uuid=$6
  local tree=$work/$name.tree image=$work/$name kind path from mode inode inodes field
  mkdir "$tree"
  while read -r kind path from mode _; do
    case $kind in
      dir) mkdir -m 755 "$tree$path" ;;
      file) install -m "$mode" "$from" "$tree$path" ;;
      slink) ln -s "$from" "$tree$path" ;;
    esac
  done < "$list"
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH MKE2FS_CONFIG=/dev/null
  logged images "making $name" mke2fs -F -t ext4 -b 4096 -I 256 -N "$count" -m 0 -L "$label" -U "$uuid" \
    -O none,ext_attr,filetype,extent,sparse_super,large_file,extra_isize \
    -E "hash_seed=$uuid,root_owner=0:0,lazy_itable_init=0,nodiscard" -d "$tree" "$image" "$size"
  debugfs -R 'stats' "$image" > "$logs/disk-stats.log" 2>&1
  inodes=$(sed -n 's/^Inode count: *//p' "$logs/disk-stats.log")
  for ((inode = 2; inode <= inodes; inode++)); do
    [ "$inode" = 2 ] || [ "$inode" -ge 11 ] || continue
    echo "testi <$inode>"
  done > "$work/testi"
  debugfs -f "$work/testi" "$image" 2> /dev/null | sed -n 's/^Inode \([0-9]*\) is marked in use$/\1/p' |
    while read -r inode; do
      for field in atime ctime mtime crtime; do
        echo "set_inode_field <$inode> $field @$SOURCE_DATE_EPOCH"
        echo "set_inode_field <$inode> ${field}_extra 0"
      done
      echo "set_inode_field <$inode> uid 0"
      echo "set_inode_field <$inode> gid 0"
    done > "$work/set_inodes"
  logged images "settling the times in $name" debugfs -w -f "$work/set_inodes" "$image"
  logged images "checking $name" e2fsck -fn "$image"
  mv "$image" "$result/"
}
