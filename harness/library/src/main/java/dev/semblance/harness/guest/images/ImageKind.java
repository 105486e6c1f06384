package dev.semblance.harness.guest.images;

import dev.semblance.harness.util.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** What an image is for, and what can be told at a glance of one that is not fit for it. */
public enum ImageKind {
    /** A kernel, or what is started in its place. Which are fit depends on the machine: {@link GuestImages#load(GuestSettings)} looks. */
    KERNEL("kernel") {
        @Override
        Optional<String> flaw(MemorySegment start, long size) {
            return Optional.empty();
        }
    },
    /** An initial RAM file system: anything that the kernel can unpack. */
    INITRD("initrd") {
        @Override
        Optional<String> flaw(MemorySegment start, long size) {
            return Optional.empty();
        }
    },
    /** A raw disk. */
    DISK("disk") {
        @Override
        Optional<String> flaw(MemorySegment start, long size) {
            return size % SECTOR == 0
                    ? Optional.empty()
                    : Optional.of(
                            Text.format("has %,d bytes, which is not a whole number of %d-byte sectors", size, SECTOR));
        }
    },
    /** A flattened device tree. */
    DTB("device tree") {
        @Override
        Optional<String> flaw(MemorySegment start, long size) {
            return start.byteSize() >= 40 && start.get(BIG_ENDIAN, 0) == 0xd00dfeed
                    ? Optional.empty()
                    : Optional.of("is no flattened device tree; compile sources with dtc -O dtb");
        }
    },
    /** Names of addresses, which no guest sees. */
    SYMBOLS("file of symbols") {
        @Override
        Optional<String> flaw(MemorySegment start, long size) {
            return size <= MAX_SYMBOLS
                    ? Optional.empty()
                    : Optional.of(Text.format("has %,d bytes, more than the %,d that are read", size, MAX_SYMBOLS));
        }
    };

    /** A kernel with all of its debug information has less. */
    private static final long MAX_SYMBOLS = 1L << 30;

    private static final int SECTOR = 512;

    /** As much as the header of a device tree has. */
    private static final int START = 64;

    private static final ValueLayout.OfInt BIG_ENDIAN = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final String word;

    ImageKind(String word) {
        this.word = word;
    }

    /** {@return what to call it in a sentence} */
    public String word() {
        return word;
    }

    /** {@return what is wrong with an image of this kind, as the end of a sentence that starts with its name} */
    final Optional<String> flaw(GuestImage image) {
        byte[] start = new byte[(int) Math.min(START, image.size())];
        image.read(0, start, 0, start.length);
        return flaw(MemorySegment.ofArray(start), image.size());
    }

    /** Looks at the first bytes, and at the size of the whole. */
    abstract Optional<String> flaw(MemorySegment start, long size);
}
