package dev.semblance.harness.edit.lint;

import java.util.Arrays;
import java.util.Optional;

/**
 * The rules of {@code lint} (docs/LINT.md). Sections are those of VIRTIO 1.2. The ids are part of the program's output and
 * are not changed.
 */
public enum LintRule {
    // ---- the device's life ------------------------------------------------------------------------------------------
    /** FEATURES_OK was refused. */
    FEATURES_REFUSED(
            "features-refused", Severity.ILLEGAL, "2.2.1", "a set of features that the device does not agree to"),
    /** Steps of the initialization were left out or taken too early. */
    INITIALIZATION_ORDER("initialization-order", Severity.ILLEGAL, "3.1.1", "DRIVER_OK before the features are agreed"),
    /** A notification came before DRIVER_OK. */
    NOTIFIED_TOO_EARLY("notified-too-early", Severity.ILLEGAL, "3.1.1", "a queue notified before DRIVER_OK"),
    /** A field of the configuration that the driver may only read was written. */
    CONFIG_READ_ONLY(
            "config-read-only", Severity.ILLEGAL, "5.7.4", "a store to a read-only field of the configuration"),
    /** The displays changed, and the driver did not look. */
    DISPLAY_EVENT_IGNORED(
            "display-event-ignored",
            Severity.SUSPICIOUS,
            "5.7.4",
            "a change of the displays that the driver did not look at"),
    /** Resources were left when the device was reset. */
    RESOURCE_LEAKED("resource-leaked", Severity.SUSPICIOUS, "5.7.6.8", "resources that are still there at a reset"),

    // ---- rings ------------------------------------------------------------------------------------------------------
    /** A ring that no device can follow. */
    RING_MALFORMED("ring-malformed", Severity.ILLEGAL, "2.7", "a ring that the device had to refuse"),
    /** A queue whose size is no power of two. */
    QUEUE_SIZE("queue-size", Severity.ILLEGAL, "2.7", "a queue size that is no power of 2"),
    /** A ring part that is not aligned. */
    QUEUE_ALIGNMENT("queue-alignment", Severity.ILLEGAL, "2.7", "a part of a queue that is not aligned"),
    /** Too little room for a response. */
    RESPONSE_ROOM("response-room", Severity.SUSPICIOUS, "5.7.6.7", "less room than the response takes"),

    // ---- commands ---------------------------------------------------------------------------------------------------
    /** A command on the queue of the others. */
    WRONG_QUEUE("wrong-queue", Severity.ILLEGAL, "5.7.2", "a command on the queue of the others"),
    /** A command of a feature that was not negotiated. */
    FEATURE_NOT_NEGOTIATED(
            "feature-not-negotiated", Severity.ILLEGAL, "2.2.1", "something used that was not negotiated"),
    /** Flags in a header that mean nothing to a 2D device. */
    HEADER_FLAGS("header-flags", Severity.SUSPICIOUS, "5.7.6.7", "flags of a header that mean nothing here"),
    /** A command that the device refused. */
    COMMAND_REFUSED("command-refused", Severity.ILLEGAL, "5.7.6.7", "a command that the device refused"),
    /** The driver went on as if a refused command had been executed. */
    ERROR_IGNORED("error-ignored", Severity.ILLEGAL, "5.7.6.7", "a command that relies on one that was refused"),
    /** A rectangle that is not within its resource, and that the device took. */
    RECTANGLE_OUTSIDE_RESOURCE(
            "rectangle-outside-resource",
            Severity.ILLEGAL,
            "5.7.6.8",
            "a rectangle beyond its resource, which the device took nevertheless"),
    /** A fence whose id is in use. */
    FENCE_REUSED("fence-reused", Severity.SUSPICIOUS, "5.7.6.7", "a fence id of another command that is under way"),
    /** A fence with an id below an earlier one. */
    FENCE_BACKWARDS("fence-backwards", Severity.SUSPICIOUS, "5.7.6.7", "a fence id below an earlier one"),

    // ---- backing and transfers --------------------------------------------------------------------------------------
    /** Guest memory that does not hold the image. */
    BACKING_SHORT(
            "backing-short", Severity.SUSPICIOUS, "5.7.6.8", "less memory behind a resource than its pixels take"),
    /** Guest memory that is behind a resource twice. */
    BACKING_OVERLAPS("backing-overlaps", Severity.SUSPICIOUS, "5.7.6.8", "entries of a backing that overlap"),
    /** Backing taken away from a resource that is shown. */
    BACKING_DETACHED_WHILE_SHOWN(
            "backing-detached-while-shown",
            Severity.SUSPICIOUS,
            "5.7.6.8",
            "memory taken away from a resource that a scanout shows"),
    /** A resource destroyed while it is shown. */
    UNREF_WHILE_SHOWN(
            "unref-while-shown", Severity.SUSPICIOUS, "5.7.6.8", "a resource destroyed that a scanout still shows"),
    /** A transfer from elsewhere than the place of its rectangle. */
    TRANSFER_OFFSET(
            "transfer-offset", Severity.SUSPICIOUS, "5.7.6.8", "an offset that is not the place of the rectangle"),

    // ---- what is shown ----------------------------------------------------------------------------------------------
    /** A flush of a resource that no scanout shows. */
    FLUSH_NOT_SHOWN("flush-not-shown", Severity.SUSPICIOUS, "5.7.6.8", "a flush of a resource that no scanout shows"),
    /** A flush beyond what the scanout shows. */
    FLUSH_OUTSIDE_SCANOUT(
            "flush-outside-scanout",
            Severity.SUSPICIOUS,
            "5.7.6.8",
            "a flush beyond what scanouts show of the resource"),
    /** A flush of pixels that have not changed. */
    FLUSH_UNCHANGED("flush-unchanged", Severity.SUSPICIOUS, "5.7.6.8", "a flush of pixels that nothing was written to"),
    /** Changes that no flush has shown. */
    CHANGES_UNFLUSHED(
            "changes-unflushed", Severity.SUSPICIOUS, "5.7.6.8", "pixels of a scanout written and never flushed"),
    /** A flush that leaves out some of what was transferred. */
    TRANSFER_WIDER_THAN_FLUSH(
            "transfer-wider-than-flush",
            Severity.SUSPICIOUS,
            "5.7.6.8",
            "pixels of a scanout written that the flush behind them leaves out"),
    /** Pixels that nothing was written to. */
    UNWRITTEN_PIXELS_SHOWN(
            "unwritten-pixels-shown", Severity.SUSPICIOUS, "5.7.6.8", "pixels shown that nothing was ever written to"),
    /** A scanout that was set and never lit. */
    SCANOUT_NOT_FLUSHED(
            "scanout-not-flushed",
            Severity.SUSPICIOUS,
            "5.7.6.8",
            "a scanout that was set to a resource and never flushed"),

    // ---- cursors ----------------------------------------------------------------------------------------------------
    /** A cursor that is not 64 pixels wide and high. */
    CURSOR_SIZE("cursor-size", Severity.ILLEGAL, "5.7.6.10", "a cursor that is not 64x64"),
    /** A cursor with pixels that nothing was written to. */
    CURSOR_UNWRITTEN("cursor-unwritten", Severity.SUSPICIOUS, "5.7.6.10", "a cursor that nothing was ever written to"),
    /** A cursor whose pixels the driver did not wait for. */
    CURSOR_NOT_FENCED(
            "cursor-not-fenced", Severity.SUSPICIOUS, "5.7.6.10", "a cursor whose transfer had no fence to wait for"),
    /** A hot spot beyond the image. */
    CURSOR_HOT_SPOT("cursor-hot-spot", Severity.SUSPICIOUS, "5.7.6.10", "a hot spot beyond the cursor's image");

    /** How bad it is. */
    public enum Severity {
        /** The specification forbids it. */
        ILLEGAL("illegal"),
        /** The specification allows it, and a driver seldom means it. */
        SUSPICIOUS("suspicious");

        private final String word;

        Severity(String word) {
            this.word = word;
        }

        /** {@return the word in the program's output} */
        public String word() {
            return word;
        }
    }

    private final String id;
    private final Severity severity;
    private final String section;
    private final String summary;

    LintRule(String id, Severity severity, String section, String summary) {
        this.id = id;
        this.severity = severity;
        this.section = section;
        this.summary = summary;
    }

    /** {@return the name in the program's output and options} */
    public String id() {
        return id;
    }

    /** {@return how bad it is} */
    public Severity severity() {
        return severity;
    }

    /** {@return the section of VIRTIO 1.2 that says so, or that tells what the command does} */
    public String section() {
        return section;
    }

    /** {@return what it finds, in words} */
    public String summary() {
        return summary;
    }

    /**
     * {@return the rule of an id, or empty if there is none}
     *
     * @param id as of {@link #id}
     */
    public static Optional<LintRule> of(String id) {
        return Arrays.stream(values()).filter(rule -> rule.id.equals(id)).findFirst();
    }
}
