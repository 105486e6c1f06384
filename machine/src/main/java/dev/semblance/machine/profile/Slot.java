package dev.semblance.machine.profile;

/** A place for a virtio device, named by the device that it is for. Where it lies is its {@link Profile}'s. */
public enum Slot {
    /** virtio-net. */
    NET,
    /** virtio-blk. */
    BLOCK,
    /** virtio-rng. */
    ENTROPY,
    /** virtio-snd. */
    SOUND,
    /** virtio-fs. */
    FILE_SYSTEM,
    /** virtio-input: the keyboard. */
    KEYBOARD,
    /** virtio-input: the mouse. */
    MOUSE,
    /** virtio-gpu. */
    GPU,
    /** virtio-input: the tablet. */
    TABLET;

    /**
     * Where the device of a slot is reached.
     *
     * @param base the physical address of its window
     * @param interrupt the PLIC source
     * @param answersEmpty whether the slot answers as one without a device while none is in it; otherwise nothing is there
     */
    public record Place(long base, int interrupt, boolean answersEmpty) {}
}
