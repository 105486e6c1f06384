package dev.semblance.harness.playback.blame;

import dev.semblance.machine.cpu.Privilege;
import java.util.List;
import java.util.Optional;

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
     * @param length how many bytes count from there on, 1 to 8
     */
    record Copied(
            long cycle,
            long pc,
            Privilege privilege,
            String instruction,
            long virtual,
            long physical,
            int lane,
            int length)
            implements ValueOrigin {}

    /**
     * It was computed.
     *
     * @param cycle of the instruction that computed it
     * @param pc where it stands
     * @param privilege its mode
     * @param instruction in assembly
     * @param loads what was loaded that it was computed of, through other computations too: that of which most bits count first, the
     *     latest of those of as many
     */
    record Computed(long cycle, long pc, Privilege privilege, String instruction, List<Copied> loads)
            implements ValueOrigin {

        /** Keeps the list as it is. */
        public Computed {
            loads = List.copyOf(loads);
        }
    }

    /**
     * Nothing made it among the instructions before that were looked at.
     *
     * @param instructions how many were
     */
    record Unknown(long instructions) implements ValueOrigin {}

    /** {@return the load to go on from: the only one, or that of which most counts; none, if nothing was loaded} */
    default Optional<Copied> followed() {
        return switch (this) {
            case Copied copied -> Optional.of(copied);
            case Computed computed -> computed.loads().stream().findFirst();
            case Unknown unknown -> Optional.empty();
        };
    }
}
