package dev.semblance.machine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RamProperties {

    private static final int PAGES = 3;
    private static final int SIZE = PAGES * Ram.PAGE_SIZE;

    /** Ram is a byte array, whatever the width and wherever a page ends. */
    @Property(tries = 300)
    void everyWidthReadsWhatBytesSay(
            @ForAll @IntRange(min = Ram.PAGE_SIZE - 16, max = Ram.PAGE_SIZE + 16) int address, @ForAll long value) {
        Ram ram = new Ram(SIZE);
        ByteBuffer model = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        ram.putLong(address, value);
        model.putLong(address, value);
        ram.putInt(address + 3, (int) value);
        model.putInt(address + 3, (int) value);
        ram.putShort(address - 1, (short) value);
        model.putShort(address - 1, (short) value);

        byte[] all = new byte[SIZE];
        ram.read(0, all, 0, SIZE);
        assertThat(all).isEqualTo(model.array());
        for (int at = address - 8; at < address + 8; at++) {
            assertThat(ram.getLong(at)).isEqualTo(model.getLong(at));
            assertThat(ram.getInt(at)).isEqualTo(model.getInt(at));
            assertThat(ram.getShort(at)).isEqualTo(model.getShort(at));
            assertThat(ram.getByte(at)).isEqualTo(model.get(at));
        }
    }

    @Property(tries = 300)
    void whatIsWrittenOverPagesIsReadBack(
            @ForAll @IntRange(max = Ram.PAGE_SIZE) int address, @ForAll @Size(max = 2 * Ram.PAGE_SIZE) byte[] bytes) {
        Ram ram = new Ram(SIZE);
        ram.write(address, bytes, 0, bytes.length);

        byte[] back = new byte[bytes.length];
        ram.read(address, back, 0, back.length);
        assertThat(back).isEqualTo(bytes);
    }
}
