# initrds.sh - initrd-plain.cpio, and initrd-stock.cpio with the modules of Debian's kernel
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

stock_modules=(virtio_mmio virtio_blk virtio_gpu virtio_input evdev virtio_rng ext4)

make_initrds() {
  skeleton "$work/initrd" init-initrd
  pick initrd-plain initrd.files "$work/initrd"
  write_initrd initrd-plain
  take_modules "$work/modules"
  pick initrd-stock initrd.files "$work/initrd" "$work/modules"
  write_initrd initrd-stock
}

write_initrd() {
  "$work/gen_init_cpio" -t "$SOURCE_DATE_EPOCH" "$work/$1.list" > "$result/$1.cpio" || fail "writing $1.cpio failed"
}

# The modules in the order to load them, without what only debuggers want: objects for RISC-V keep every local label.
take_modules() {
  local module file name
  mkdir -p "$1/mod"
  logged modules "finding what modules need" depmod -b "$work/stock" "$stock_version"
  for module in "${stock_modules[@]}"; do
    modprobe -d "$work/stock" -S "$stock_version" --show-depends "$module" || fail "Debian's kernel has no module $module"
  done 2>> "$logs/modules.log" | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' > "$work/modules.order"
  while read -r file; do
    name=${file##*/}
    name=${name%.xz}
    xz -dc "$file" > "$1/mod/$name"
    logged modules "stripping $name" riscv64-linux-gnu-strip --strip-unneeded -R .BTF -R .BTF_ids -R .comment "$1/mod/$name"
    echo "$name" >> "$1/modules.list"
  done < "$work/modules.order"
  [ -s "$1/modules.list" ] || fail "no modules were found in Debian's kernel"
}
