package dev.semblance.harness.playback.blame;

import dev.semblance.machine.cpu.Privilege;

/** Where an instruction that stores had the value from. */
public sealed interface ValueOrigin {

    /**
     * From memory, by a load and perhaps some moves between registers.
     *
     * @param cycle of the load
     * @param pc where it stands
     * @param privilege its mode
     * @param instruction in assembly
     * @param virtual the address that it loads from
     * @param physical where that is
     * @param lane which byte of what is loaded is the first that counts
     */
    record Copied(long cycle, long pc, Privilege privilege, String instruction, long virtual, long physical, int lane)
            implements ValueOrigin {}

    /**
     * It was computed.
     *
     * @param cycle of the instruction that computed it
     * @param pc where it stands
     * @param privilege its mode
     * @param instruction in assembly
     */
    record Computed(long cycle, long pc, Privilege privilege, String instruction) implements ValueOrigin {}

    /**
     * Nothing made it among the instructions before that were looked at.
     *
     * @param instructions how many were
     */
    record Unknown(long instructions) implements ValueOrigin {}
}
