package dev.semblance.machine.boot;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.SemuPlatform;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Puts images into the RAM of a machine. Everything is checked before anything is written.
 *
 * <p>On semu they lie where semu puts them: the kernel at 0, the initrd at 503 MiB, the device tree at 511 MiB. An initrd of more
 * than 8 MiB ends where the usual one ends and begins on the 1 MiB boundary that leaves it room.
 *
 * <p>On virt a kernel lies where its header wants it (Linux, Documentation/arch/riscv/boot.rst), what has no header 2 MiB behind
 * the start of RAM, and an ELF file where its segments say. The device tree is in the last 2 MiB of RAM, the initrd ends before it.
 * Kernels may be packed: {@link PackedKernel}.
 */
public final class BootLoader {

    private static final long INITRD_ALIGNMENT = 1L << 20;
    private static final int DEVICE_TREE_MAGIC = 0xd00dfeed;

    private final MachineModel model;

    /**
     * What is loaded and started.
     *
     * @param entry the physical address of the first instruction
     * @param end the address behind the memory that it takes
     * @param segments of {@code bytes}, in the order of their addresses
     * @param bytes a file, perhaps unpacked; not to be changed
     */
    public record Program(long entry, long end, List<Segment> segments, byte[] bytes) {

        /** {@return whether it is a Linux Image} */
        public boolean isLinux() {
            return KernelImage.isImage(bytes);
        }
    }

    /**
     * What is loaded at one place.
     *
     * @param address where, physical
     * @param offset where its bytes begin in the file
     * @param length how many those are
     * @param memory how many bytes it takes; those beyond the file's stay 0
     */
    public record Segment(long address, int offset, int length, long memory) {

        /** {@return the address behind it} */
        public long end() {
            return address + memory;
        }
    }

    /**
     * Makes a loader.
     *
     * @param model the machine that is loaded
     */
    public BootLoader(MachineModel model) {
        this.model = model;
    }

    /**
     * Reads a kernel. On semu it is a Linux Image; on virt it may be anything that is entered as one, an Image, an ELF file or a flat
     * binary, and be packed.
     *
     * @param file the content of a file
     * @return what is loaded, and where
     * @throws BadImageException if it is none, is for another machine, or does not fit
     */
    public Program kernel(byte[] file) throws BadImageException {
        Optional<String> flaw = KernelImage.flaw(file, model.profile());
        if (flaw.isPresent()) {
            throw new BadImageException("The kernel " + flaw.get() + ".");
        }
        byte[] unpacked = model.profile() == Profile.SEMU ? file : PackedKernel.unpack(file, model.ramBytes());
        if (model.profile() == Profile.VIRT && !KernelImage.isImage(unpacked)) {
            return bare(unpacked);
        }
        KernelImage image = KernelImage.parse(unpacked, model);
        long room = kernelLimit() - image.address(model);
        if (image.imageSize() > room) {
            throw new BadImageException(
                    "The kernel takes " + image.imageSize() + " bytes of memory; there is room for " + room + ".");
        }
        return flat(image.address(model), image.imageSize(), unpacked);
    }

    private long kernelLimit() {
        return switch (model.profile()) {
            case SEMU -> SemuPlatform.INITRD;
            case VIRT -> model.deviceTree();
        };
    }

    private static Program flat(long address, long size, byte[] bytes) {
        return new Program(address, address + size, List.of(new Segment(address, 0, bytes.length, size)), bytes);
    }

    /**
     * Reads a program that runs without an operating system: an ELF file, or a flat binary.
     *
     * @param file the content of a file
     * @return what is loaded, and where
     * @throws BadImageException if it does not fit, or an ELF file is not for this machine
     */
    public Program bare(byte[] file) throws BadImageException {
        if (ElfProgram.isElf(file)) {
            ElfProgram program = ElfProgram.parse(file, model);
            return new Program(program.entry(), program.segments().getLast().end(), program.segments(), file);
        }
        long room = model.deviceTree() - model.flatBinary();
        if (file.length == 0 || file.length > room) {
            throw new BadImageException(
                    "The program has " + file.length + " bytes; it must have from 1 to " + room + ".");
        }
        return flat(model.flatBinary(), file.length, file);
    }

    /**
     * Finds the place of an initrd.
     *
     * @param kernel what is loaded beside it
     * @param size in bytes
     * @return where it lies, and how long it is
     * @throws BadImageException if it is empty, or does not fit between kernel and device tree
     */
    public LoadedImage placeInitrd(Program kernel, long size) throws BadImageException {
        if (size <= 0) {
            throw new BadImageException("The initrd is empty; leave it away or give a cpio archive.");
        }
        boolean usual = model.profile() == Profile.SEMU && size <= SemuPlatform.INITRD_SIZE;
        long address = usual
                ? SemuPlatform.INITRD
                : Math.floorDiv(model.deviceTree() - size, INITRD_ALIGNMENT) * INITRD_ALIGNMENT;
        if (address < kernel.end()) {
            long base = model.profile().ramBase();
            throw new BadImageException("The initrd of " + size + " bytes does not fit into RAM beside the kernel of "
                    + (kernel.end() - kernel.segments().getFirst().address()) + " bytes; the two may have "
                    + (model.deviceTree() - base) + " bytes together.");
        }
        return new LoadedImage(address, size);
    }

    /**
     * Loads a program, an initrd if there is one, and the device tree that tells of it.
     *
     * @param memory the RAM, which is written
     * @param program what is started
     * @param initrd the initial RAM disk, if there is one
     * @param deviceTree of the machine, or the user's own
     * @throws BadImageException if something does not fit
     */
    public void load(GuestMemory memory, Program program, Optional<byte[]> initrd, byte[] deviceTree)
            throws BadImageException {
        Optional<LoadedImage> place =
                initrd.isPresent() ? Optional.of(placeInitrd(program, initrd.get().length)) : Optional.empty();
        checkDeviceTree(deviceTree);
        for (Segment segment : program.segments()) {
            memory.write(segment.address(), program.bytes(), segment.offset(), segment.length());
        }
        place.ifPresent(at -> memory.write(at.address(), initrd.get(), 0, initrd.get().length));
        memory.write(model.deviceTree(), deviceTree, 0, deviceTree.length);
    }

    /**
     * Checks that a file looks like a flattened device tree, and fits.
     *
     * @param file the content of a file
     * @throws BadImageException if it does not
     */
    public void checkDeviceTree(byte[] file) throws BadImageException {
        long room = model.ramEnd() - model.deviceTree();
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
}
