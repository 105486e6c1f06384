package dev.semblance.machine;

import java.util.Optional;

/** What a machine starts. Byte arrays are read once and not kept. */
public sealed interface Boot {

    /**
     * A Linux kernel, entered as semu does: S-mode, satp 0, a0 the hart id, a1 the device tree.
     *
     * @param kernel a RISC-V Image
     * @param initrd an initial RAM disk
     * @param deviceTree a flattened device tree to use as it is; without one the machine describes itself
     * @param bootargs the kernel's command line, for the machine's own device tree
     */
    record Linux(byte[] kernel, Optional<byte[]> initrd, Optional<byte[]> deviceTree, String bootargs)
            implements Boot {}

    /**
     * A program without an operating system, entered in S-mode with a0 the hart id and a1 the device tree: a flat binary, put
     * at address 0 and entered there, or an ELF file, whose segments say where they lie and where it is entered.
     *
     * @param image what is put into RAM and started
     */
    record Bare(byte[] image) implements Boot {}
}
