package dev.semblance.harness.fuzz.differential;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.memory.Ram;
import java.util.Arrays;
import java.util.OptionalLong;

/** Compares guest memories of one size page by page. */
final class MemoryComparison {

    private MemoryComparison() {}

    /** {@return the first address at which two memories differ} */
    static OptionalLong mismatch(GuestMemory expected, GuestMemory actual) {
        byte[] wanted = new byte[Ram.PAGE_SIZE];
        byte[] found = new byte[Ram.PAGE_SIZE];
        for (long address = 0; address < expected.size(); address += Ram.PAGE_SIZE) {
            int at = mismatch(page(expected, address, wanted), page(actual, address, found));
            if (at >= 0) {
                return OptionalLong.of(address + at);
            }
        }
        return OptionalLong.empty();
    }

    @SuppressWarnings("ReferenceEquality")
    private static int mismatch(byte[] expected, byte[] actual) {
        // Most pages of RAM were never written, and are the same array.
        return expected == actual ? -1 : Arrays.mismatch(expected, actual);
    }

    private static byte[] page(GuestMemory memory, long address, byte[] buffer) {
        if (memory instanceof Ram ram) {
            return ram.readablePage((int) (address >>> Ram.PAGE_SHIFT));
        }
        memory.read(address, buffer, 0, buffer.length);
        return buffer;
    }
}
