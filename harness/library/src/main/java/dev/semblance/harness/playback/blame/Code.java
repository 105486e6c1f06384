package dev.semblance.harness.playback.blame;

import dev.semblance.machine.cpu.AddressSpace;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.memory.Ram;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * The instructions of a program, in a stretch of memory: what tells which program an address space has, since all are linked for the same
 * addresses.
 *
 * @param address virtual, of the first byte
 * @param bytes never changed
 */
record Code(long address, ByteBuffer bytes) {

    /** {@return the instructions in a file that lie in the lower half, where programs are; a kernel changes its own as it runs} */
    static List<Code> of(ElfFile elf, LongUnaryOperator canonical) {
        return elf.sections().stream()
                .filter(section -> section.isCode() && canonical.applyAsLong(section.address()) >= 0)
                .map(section -> new Code(section.address(), elf.contents(section)))
                .toList();
    }

    /** How much of some code an address space has. */
    enum Presence {
        /** Something else is where the code would be. */
        OTHER,
        /** Nothing is there, or nothing yet: pages come when they are asked for. */
        ABSENT,
        /** All pages that are there are the code's. */
        PRESENT
    }

    /** {@return whether the address space that a hart is in has this} */
    Presence in(HartView view) {
        Presence presence = Presence.ABSENT;
        for (int from = 0; from < bytes.capacity(); ) {
            int toPage = Ram.PAGE_SIZE - (int) (address + from & Ram.PAGE_SIZE - 1);
            int length = Math.min(toPage, bytes.capacity() - from);
            byte[] there = new byte[length];
            if (view.read(AddressSpace.VIRTUAL, address + from, there) == length) {
                byte[] wanted = new byte[length];
                bytes.get(from, wanted);
                if (!Arrays.equals(there, wanted)) {
                    return Presence.OTHER;
                }
                presence = Presence.PRESENT;
            }
            from += length;
        }
        return presence;
    }
}
