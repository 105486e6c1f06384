package dev.semblance.harness.record.live;

/** How fast guest time goes by. */
public enum Pace {
    /** Never faster than real time. A guest that fell behind does not hurry to catch up. */
    REAL,
    /** As fast as the machine runs: while the guest waits, its time flies. */
    MAX
}
