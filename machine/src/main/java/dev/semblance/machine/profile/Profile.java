package dev.semblance.machine.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of machine: what lies where, which devices besides virtio there are, and how guest time passes. */
public enum Profile {
    /** semu's: {@link SemuPlatform}. One hart of rv32ima, 512 MiB. */
    SEMU("semu", SemuPlatform.TIMEBASE_FREQUENCY, 1),
    /** QEMU's virt, in the part that guests without PCI use: {@link VirtPlatform}. */
    VIRT("virt", VirtPlatform.TIMEBASE_FREQUENCY, VirtPlatform.CYCLES_PER_TICK);

    private final String word;
    private final int timebaseFrequency;
    private final int cyclesPerTick;

    Profile(String word, int timebaseFrequency, int cyclesPerTick) {
        this.word = word;
        this.timebaseFrequency = timebaseFrequency;
        this.cyclesPerTick = cyclesPerTick;
    }

    /** {@return its name in options, scenarios and manifests} */
    public String word() {
        return word;
    }

    /**
     * {@return the profile of a name, if there is one}
     *
     * @param word a name as {@link #word} has it
     */
    public static Optional<Profile> of(String word) {
        return Arrays.stream(values())
                .filter(profile -> profile.word.equals(word))
                .findFirst();
    }

    /** {@return ticks of mtime in a second of guest time} */
    public int timebaseFrequency() {
        return timebaseFrequency;
    }

    /** {@return cycles in a tick of mtime} */
    public int cyclesPerTick() {
        return cyclesPerTick;
    }

    /** {@return cycles in a second of guest time} */
    public long cyclesPerSecond() {
        return (long) timebaseFrequency * cyclesPerTick;
    }

    /** {@return the first address of RAM} */
    public long ramBase() {
        return switch (this) {
            case SEMU -> 0;
            case VIRT -> VirtPlatform.RAM;
        };
    }

    /** {@return the instruction sets that its hart can have; the first is the one it has if nothing is said} */
    public List<Isa> instructionSets() {
        return switch (this) {
            case SEMU -> List.of(Isa.RV32IMA);
            case VIRT -> List.of(Isa.RV64GC, Isa.RV32GC, Isa.RV32IMA);
        };
    }

    /** {@return the size of its RAM in bytes if nothing is said} */
    public long usualRam() {
        return switch (this) {
            case SEMU -> SemuPlatform.RAM_SIZE;
            case VIRT -> VirtPlatform.USUAL_RAM;
        };
    }

    /** {@return the places for virtio devices, in the order in which they are found} */
    public List<Slot> slots() {
        return switch (this) {
            case SEMU -> List.of(Slot.values());
            case VIRT -> VirtPlatform.SLOTS;
        };
    }

    /**
     * {@return where a virtio device is reached}
     *
     * @param slot which
     */
    public Slot.Place place(Slot slot) {
        return switch (this) {
            case SEMU -> SemuPlatform.place(slot);
            case VIRT -> VirtPlatform.place(slot);
        };
    }
}
