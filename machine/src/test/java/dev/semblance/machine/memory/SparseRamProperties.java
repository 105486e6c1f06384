package dev.semblance.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.machine.memory.MemoryMap.Region;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Memory with holes holds what was written to it, wherever its windows begin and end. */
class SparseRamProperties {

    private static final long GIB = 1L << 30;

    private static final MemoryMap MAP = MemoryMap.of(
            List.of(new Region(0, 0xa_0000), new Region(0x10_0000, 3 * GIB), new Region(4 * GIB, 60 * GIB)));

    /** Ends of windows and of regions, and the beginning of nowhere. */
    private static final long[] PLACES = {
        0, 0xa_0000, 0x10_0000, 1L << 28, 1L << 29, 3 * GIB, 3 * GIB + 0x10_0000, 4 * GIB, 17 * GIB, 64 * GIB
    };

    @Property(tries = 100)
    void whatIsWrittenIsReadAgain(@ForAll long seed) {
        Random random = new Random(seed);
        SparseRam ram = new SparseRam(MAP);
        TreeMap<Long, Byte> written = new TreeMap<>();
        for (int step = 0; step < 200; step++) {
            long address = PLACES[random.nextInt(PLACES.length)] + random.nextInt(-20, 20);
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            if (!ram.contains(address, bytes.length)) {
                assertThatThrownBy(() -> ram.write(address, bytes, 0, bytes.length))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                continue;
            }
            switch (random.nextInt(4)) {
                case 0 -> {
                    ram.write(address, bytes, 0, bytes.length);
                    for (int i = 0; i < bytes.length; i++) {
                        written.put(address + i, bytes[i]);
                    }
                }
                case 1 -> {
                    if (bytes.length >= 8) {
                        long value = random.nextLong();
                        ram.putLong(address, value);
                        for (int i = 0; i < 8; i++) {
                            written.put(address + i, (byte) (value >> 8 * i));
                        }
                        assertThat(ram.getLong(address)).isEqualTo(value);
                        assertThat(ram.getInt(address)).isEqualTo((int) value);
                        assertThat(ram.getShort(address)).isEqualTo((short) value);
                        assertThat(ram.getByte(address)).isEqualTo((byte) value);
                    }
                }
                default -> {
                    byte[] read = new byte[bytes.length];
                    ram.read(address, read, 0, read.length);
                    for (int i = 0; i < read.length; i++) {
                        assertThat(read[i]).isEqualTo(written.getOrDefault(address + i, (byte) 0));
                    }
                }
            }
        }
        assertThat(ram.heldBytes()).isLessThan(64 * Ram.PAGE_SIZE);
    }

    @Example
    void memoryThatOneRamCanHaveIsOne() {
        assertThat(SparseRam.of(MemoryMap.of(0x8000_0000L, 2 * GIB))).isInstanceOf(Ram.class);
        assertThat(SparseRam.of(MemoryMap.of(0, 2 * GIB + Ram.PAGE_SIZE))).isInstanceOf(SparseRam.class);
        GuestMemory memory = SparseRam.of(MAP);
        assertThat(memory).isInstanceOf(SparseRam.class);
        assertThat(memory.base()).isZero();
        assertThat(memory.size()).isEqualTo(64 * GIB);
    }

    /** A file may say that there is a tebibyte. */
    @Example
    void memoryThatNobodyTouchesCostsNothing() {
        SparseRam ram = new SparseRam(MemoryMap.of(0, 1L << 40));
        assertThat(ram.contains((1L << 40) - 1, 1)).isTrue();
        assertThat(ram.heldBytes()).isZero();
        ram.putByte((1L << 40) - 1, (byte) 1);
        assertThat(ram.heldBytes()).isEqualTo(Ram.PAGE_SIZE);
    }
}
