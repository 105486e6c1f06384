package dev.semblance.machine.profile;

import dev.semblance.machine.memory.Ram;

/**
 * What a machine is made of: what lies where, what its hart can do, and how much RAM there is.
 *
 * @param profile the kind of machine
 * @param isa the instruction set of its hart, one of {@link Profile#instructionSets}
 * @param ramBytes the size of RAM: of virt, {@link #LEAST_RAM} to {@link Ram#MAX_SIZE} in whole pages; of semu, 512 MiB
 */
public record MachineModel(Profile profile, Isa isa, long ramBytes) {

    /** The least RAM that a machine of profile virt can have: 16 MiB. */
    public static final long LEAST_RAM = 16L << 20;

    /** semu's machine. */
    public static final MachineModel SEMU = usual(Profile.SEMU);

    /** Checks that there is such a machine. */
    public MachineModel {
        if (!profile.instructionSets().contains(isa)) {
            throw new IllegalArgumentException("profile " + profile.word() + " has no hart of " + isa.word());
        }
        if (!canHave(profile, ramBytes)) {
            throw new IllegalArgumentException(
                    "profile " + profile.word() + " cannot have " + ramBytes + " bytes of RAM");
        }
    }

    /**
     * {@return the machine of a profile that is made if nothing else is said}
     *
     * @param profile the kind of machine
     */
    public static MachineModel usual(Profile profile) {
        return new MachineModel(profile, profile.instructionSets().getFirst(), profile.usualRam());
    }

    /**
     * {@return whether a machine can have that much RAM}
     *
     * @param profile the kind of machine
     * @param ramBytes in bytes
     */
    public static boolean canHave(Profile profile, long ramBytes) {
        return switch (profile) {
            case SEMU -> ramBytes == SemuPlatform.RAM_SIZE;
            case VIRT -> ramBytes >= LEAST_RAM && ramBytes <= Ram.MAX_SIZE && ramBytes % Ram.PAGE_SIZE == 0;
        };
    }

    /** {@return the address behind the last byte of RAM} */
    public long ramEnd() {
        return profile.ramBase() + ramBytes;
    }

    /** {@return where the device tree is loaded} */
    public long deviceTree() {
        return switch (profile) {
            case SEMU -> SemuPlatform.DEVICE_TREE;
            case VIRT -> ramEnd() - VirtPlatform.DEVICE_TREE_ROOM;
        };
    }

    /**
     * {@return where what has no header is loaded and entered: a flat binary}
     */
    public long flatBinary() {
        return switch (profile) {
            case SEMU -> SemuPlatform.KERNEL;
            case VIRT -> VirtPlatform.RAM + VirtPlatform.FLAT_BINARY_OFFSET;
        };
    }
}
