package dev.semblance.machine.boot;

import dev.semblance.machine.memory.GuestMemory;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Puts images into RAM where semu puts them: the kernel at 0, the initrd at 503 MiB, the device tree at 511 MiB. An initrd
 * of more than 8 MiB ends where the usual one ends and begins on the 1 MiB boundary that leaves it room. Everything is
 * checked before anything is written.
 */
public final class BootLoader {

    private static final long INITRD_ALIGNMENT = 1L << 20;
    private static final int DEVICE_TREE_MAGIC = 0xd00dfeed;

    private BootLoader() {}

    /**
     * Finds the place of an initrd.
     *
     * @param kernel the kernel, with the memory that it takes
     * @param size in bytes
     * @return where it lies, and how long it is
     * @throws BadImageException if it is empty, or does not fit between kernel and device tree
     */
    public static LoadedImage placeInitrd(KernelImage kernel, long size) throws BadImageException {
        if (size <= 0) {
            throw new BadImageException("The initrd is empty; leave it away or give a cpio archive.");
        }
        long address = SemuPlatform.INITRD;
        if (size > SemuPlatform.INITRD_SIZE) {
            address = Math.floorDiv(SemuPlatform.DEVICE_TREE - size, INITRD_ALIGNMENT) * INITRD_ALIGNMENT;
        }
        long kernelEnd = SemuPlatform.KERNEL + kernel.imageSize();
        if (address < kernelEnd) {
            throw new BadImageException("The initrd of " + size + " bytes does not fit into RAM beside the kernel of "
                    + kernel.imageSize() + " bytes; the two may have " + SemuPlatform.DEVICE_TREE + " bytes together.");
        }
        return new LoadedImage(address, size);
    }

    /**
     * Loads a kernel, an initrd if there is one, and the device tree that tells of it.
     *
     * @param memory the RAM, which is written
     * @param kernel the kernel, with the memory that it takes
     * @param initrd the initial RAM disk, if there is one
     * @param deviceTree as from {@link SemuDeviceTree#toBytes}, or the user's own
     * @throws BadImageException if something does not fit
     */
    public static void load(GuestMemory memory, KernelImage kernel, Optional<byte[]> initrd, byte[] deviceTree)
            throws BadImageException {
        if (kernel.imageSize() > SemuPlatform.INITRD) {
            throw new BadImageException("The kernel takes " + kernel.imageSize()
                    + " bytes of memory; there is room for " + SemuPlatform.INITRD + ".");
        }
        Optional<LoadedImage> place =
                initrd.isPresent() ? Optional.of(placeInitrd(kernel, initrd.get().length)) : Optional.empty();
        checkDeviceTree(deviceTree);
        write(memory, SemuPlatform.KERNEL, kernel.bytes());
        place.ifPresent(at -> write(memory, at.address(), initrd.get()));
        write(memory, SemuPlatform.DEVICE_TREE, deviceTree);
    }

    /**
     * Loads a program that runs without an operating system, and a device tree: the segments of an ELF file, or a flat
     * binary at 0.
     *
     * @param memory the RAM, which is written
     * @param binary the program, as it is in its file
     * @param deviceTree the flattened device tree
     * @return the physical address of its first instruction
     * @throws BadImageException if something does not fit, or an ELF file is not for this machine
     */
    public static long loadBare(GuestMemory memory, byte[] binary, byte[] deviceTree) throws BadImageException {
        if (ElfProgram.isElf(binary)) {
            ElfProgram program = ElfProgram.parse(binary);
            checkDeviceTree(deviceTree);
            program.segments()
                    .forEach(segment -> memory.write(segment.address(), binary, segment.offset(), segment.fileSize()));
            write(memory, SemuPlatform.DEVICE_TREE, deviceTree);
            return program.entry();
        }
        if (binary.length == 0 || binary.length > SemuPlatform.DEVICE_TREE) {
            throw new BadImageException("The program has " + binary.length + " bytes; it must have from 1 to "
                    + SemuPlatform.DEVICE_TREE + ".");
        }
        checkDeviceTree(deviceTree);
        write(memory, SemuPlatform.KERNEL, binary);
        write(memory, SemuPlatform.DEVICE_TREE, deviceTree);
        return SemuPlatform.KERNEL;
    }

    /**
     * Checks that a file looks like a flattened device tree, and fits.
     *
     * @param file the content of a file
     * @throws BadImageException if it does not
     */
    public static void checkDeviceTree(byte[] file) throws BadImageException {
        long room = SemuPlatform.RAM_SIZE - SemuPlatform.DEVICE_TREE;
        if (file.length < 8 || ByteBuffer.wrap(file).getInt(0) != DEVICE_TREE_MAGIC) {
            throw new BadImageException(
                    "The device tree is no flattened device tree: it does not begin with d00dfeed. Compile the source with dtc.");
        }
        long size = ByteBuffer.wrap(file).getInt(4) & 0xffff_ffffL;
        if (size > file.length) {
            throw new BadImageException("The device tree is cut off: its header says " + size + " bytes, the file has "
                    + file.length + ".");
        }
        if (file.length > room) {
            throw new BadImageException(
                    "The device tree has " + file.length + " bytes; there is room for " + room + ".");
        }
    }

    private static void write(GuestMemory memory, long address, byte[] bytes) {
        memory.write(address, bytes, 0, bytes.length);
    }
}
