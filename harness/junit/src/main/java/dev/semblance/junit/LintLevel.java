package dev.semblance.junit;

/** Which findings of {@code semblance lint} (docs/LINT.md) fail a test of a trace. */
public enum LintLevel {
    /** None: the trace is not looked at. */
    OFF,
    /** What the specification forbids, or the device refused. */
    ILLEGAL,
    /** That, and what is suspicious. */
    ALL
}
