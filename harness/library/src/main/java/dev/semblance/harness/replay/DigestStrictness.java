package dev.semblance.harness.replay;

/**
 * For which snapshots a replay must show exactly what was recorded, flush by flush. Where a rule lets a snapshot's picture
 * differ from its golden, the digests of the pictures on the way to it may differ too.
 */
public interface DigestStrictness {

    /** Every picture must be exact. */
    DigestStrictness EXACT = label -> true;

    /**
     * {@return whether the digests of a snapshot and of the pictures that led to it must be as recorded}
     *
     * @param label the label of the snapshot
     */
    boolean isExact(String label);
}
