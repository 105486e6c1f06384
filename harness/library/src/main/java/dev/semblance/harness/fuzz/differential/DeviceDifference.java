package dev.semblance.harness.fuzz.differential;

import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.util.Text;
import java.util.Optional;

/**
 * What a device does otherwise than it should.
 *
 * @param kind in what the difference shows
 * @param line the index of the script's line
 * @param signature names the failure without its particulars: two scripts with one signature fail alike
 * @param text for people: what was expected, and what there was
 * @param failure what the device's program did, if that is it
 */
public record DeviceDifference(Kind kind, int line, String signature, String text, Optional<TargetFailure> failure) {

    /** In what a difference shows. */
    public enum Kind {
        /** The used element, or its length. */
        USED,
        /** The room for the response, all of it. */
        RESPONSE,
        /** The device status. */
        STATUS,
        /** What a scanout shows. */
        PICTURE,
        /** The configuration space. */
        CONFIG,
        /** Guest memory after the script. */
        MEMORY,
        /** What the device counts of images and backing; no driver has seen it yet. */
        USAGE,
        /** The device threw an exception. */
        CRASH,
        /** The device's program died, hung, or complained. */
        FAILURE,
        /** Two scripts that should come out alike do not. */
        METAMORPHIC
    }

    /**
     * Makes a difference whose signature begins with its kind.
     *
     * @param kind what differs
     * @param line the index of the line after which that was seen
     * @param signature the rest of what tells it from other differences
     * @param text what differs, as a sentence for people
     * @return the difference
     */
    public static DeviceDifference of(Kind kind, int line, String signature, String text) {
        return new DeviceDifference(kind, line, kind + " " + signature, text, Optional.empty());
    }

    /**
     * {@return the same of another line}
     *
     * @param other the index of the line
     */
    public DeviceDifference at(int other) {
        return new DeviceDifference(kind, other, signature, text, failure);
    }

    /**
     * Makes the difference that a device did what no device may do.
     *
     * @param line the index of the script's line
     * @param failure what it did
     * @return the difference
     */
    public static DeviceDifference failure(int line, TargetFailure failure) {
        return new DeviceDifference(
                Kind.FAILURE, line, Kind.FAILURE + " " + failure.signature(), failure.text(), Optional.of(failure));
    }

    /**
     * Makes the difference that a device throws something.
     *
     * @param line the index of the script's line
     * @param thrown what the device threw
     * @return the difference
     */
    public static DeviceDifference crash(int line, Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0];
        return of(Kind.CRASH, line, thrown.getClass().getName(), Text.format("the device throws %s%s", thrown, place));
    }
}
