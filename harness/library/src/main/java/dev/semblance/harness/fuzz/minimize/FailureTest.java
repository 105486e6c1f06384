package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.rig.ScriptLine;
import java.util.List;

/** Tells whether a script still fails in the way that it is to be cut down for. */
@FunctionalInterface
public interface FailureTest {

    /**
     * Runs a script and tells whether it fails alike: the same difference, exception or wrong pixel. A script that fails in
     * another way does not count, nor does one that cannot be run.
     *
     * @param script a script that is tried
     * @return whether the device fails as it did with the whole script
     */
    boolean failsAlike(List<ScriptLine> script);
}
