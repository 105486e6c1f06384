package dev.semblance.machine;

import dev.semblance.machine.profile.MachineModel;

/**
 * What makes one machine differ from another before anything is loaded.
 *
 * @param model what lies where, what the hart can do, and how much RAM there is
 * @param seed from which everything random comes: {@code /chosen/rng-seed}, and the entropy device if it is given the same
 */
public record MachineConfig(MachineModel model, long seed) {

    /**
     * Makes the config of semu's machine.
     *
     * @param seed from which everything random comes
     */
    public MachineConfig(long seed) {
        this(MachineModel.SEMU, seed);
    }
}
