package dev.semblance.machine.sbi;

import dev.semblance.machine.device.ConsoleSink;
import dev.semblance.machine.memory.GuestMemory;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The console of the firmware: the debug console extension (SBI 2.0, chapter 12) and the two legacy calls (5.2, 5.3). It
 * is the other end of the serial port's line: what is written goes where the port's bytes go, and what is read is taken
 * from what waits at the port.
 */
final class SbiConsole {

    /** What one call moves at most. The rest is a partial write, which the extension allows, and a call is one cycle. */
    static final int MOST_BYTES = 4096;

    private final GuestMemory memory;
    private final ConsoleSink output;
    private final Supplier<OptionalInt> input;

    /**
     * Makes a console.
     *
     * @param memory which the addresses of calls are of
     * @param input takes the next byte that waits for the guest, 0 to 255, if there is one
     */
    SbiConsole(GuestMemory memory, ConsoleSink output, Supplier<OptionalInt> input) {
        this.memory = memory;
        this.output = output;
        this.input = input;
    }

    /** Writes a byte. */
    void put(int value) {
        output.put((byte) value);
    }

    /** {@return the byte that waits, -1 if there is none} */
    int take() {
        return input.get().orElse(-1);
    }

    /** {@return whether a call may name these bytes (SBI 2.0, 3.2): they must all be memory} Both numbers are unsigned. */
    boolean isMemory(long address, long length) {
        return memory.contains(address, length);
    }

    /** Writes bytes of memory, from the first on, and returns how many. The caller has checked them. */
    int write(long address, long length) {
        byte[] bytes = new byte[(int) Math.min(length, MOST_BYTES)];
        memory.read(address, bytes, 0, bytes.length);
        for (byte value : bytes) {
            output.put(value);
        }
        return bytes.length;
    }

    /** Puts what waits into memory, as far as it fits, and returns how many bytes. The caller has checked them. */
    int read(long address, long length) {
        byte[] bytes = new byte[(int) Math.min(length, MOST_BYTES)];
        int count = 0;
        while (count < bytes.length) {
            OptionalInt next = input.get();
            if (next.isEmpty()) {
                break;
            }
            bytes[count] = (byte) next.getAsInt();
            count++;
        }
        memory.write(address, bytes, 0, count);
        return count;
    }
}
