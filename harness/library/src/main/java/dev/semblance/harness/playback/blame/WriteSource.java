package dev.semblance.harness.playback.blame;

import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Privilege;
import java.util.Optional;

/** What last wrote some bytes of guest memory before a moment. */
public sealed interface WriteSource {

    /**
     * An instruction.
     *
     * @param store the access: cycle, pc, mode, addresses and value
     * @param instruction the instruction in assembly, with the numbers of its encoding
     * @param satp the address space, as the register satp has it
     * @param caller what the register ra held: where the function that stores returns to, unless it has called others itself
     * @param program which of the programs that there are symbols of runs in that address space, by the name of its file
     */
    record Stored(MemoryEvent.Store store, String instruction, long satp, long caller, Optional<String> program)
            implements WriteSource {

        /** {@return whether a program stored it, not the kernel} */
        public boolean isUser() {
            return store.privilege() == Privilege.USER;
        }
    }

    /**
     * The hart, when it looked up an address: a bit of a page table entry.
     *
     * @param update the change
     */
    record Walked(MemoryEvent.PageTableUpdate update) implements WriteSource {}

    /**
     * A device, the firmware or the user.
     *
     * @param write when and where
     * @param event what the trace tells of that cycle, if it tells what wrote there: a command that came back, or input
     */
    record ByDevice(MemoryEvent.DeviceWrite write, Optional<Stamped> event) implements WriteSource {}

    /** Nothing since the machine of the trace began: it was loaded with the kernel, the initrd or the device tree, or is 0; or it is older than
     * a trace that goes on from another one. */
    record Loaded() implements WriteSource {}
}
