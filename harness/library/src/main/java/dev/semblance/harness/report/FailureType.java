package dev.semblance.harness.report;

/** The kinds of failures, by the names that CI reports have for them. */
public enum FailureType {
    /** A picture is not as the golden and the policy want it, or there is no golden. */
    IMAGE,
    /** The GPU answered a command with other bytes, or used or announced the answer otherwise. */
    RESPONSE,
    /** A replay did something else that the trace does not have. */
    DIVERGENCE,
    /** The driver did something illegal or suspicious. */
    LINT,
    /** A replay ended in a mistake of ours. */
    CRASH,
    /** A replay took longer than it was allowed to. */
    TIMEOUT
}
