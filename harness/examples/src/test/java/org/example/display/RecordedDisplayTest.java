package org.example.display;

import dev.semblance.junit.ReplayCase;
import dev.semblance.junit.ReplayTest;

/** Holds the display to what was recorded, and approved, before. */
class RecordedDisplayTest {

    /** A test for every replay and every snapshot of every trace; there is nothing to add. */
    @ReplayTest("recordings/*.trace")
    void showsWhatItShowed() {}

    /** What passed can be looked at further. */
    @ReplayTest("recordings/bars.trace")
    void isFoundByItsName(ReplayCase replay) {
        if (!replay.trace().endsWith("bars.trace")) {
            throw new AssertionError("this is another trace: " + replay.trace());
        }
    }
}
