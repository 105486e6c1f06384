package dev.semblance.harness.edit.scenario;

/** How exactly a stretch of the session is followed, from the freest to the strictest. */
enum Style {
    /** Keys become text, motions lead to where the cursor came to or are joined, and waits go by what the guest writes and shows. */
    FREE,
    /** The same, but each motion of mouse or tablet is as it was, and when: for a guest to which the way matters. */
    MOTION,
    /** Each report is as it was, and goes by time alone from the last text on that was waited for. */
    TIMED
}
