package dev.semblance.harness.rig;

/** A script asks for what no rig can do. The message is one sentence for people. */
public final class ScriptException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Makes an exception. */
    public ScriptException(String message) {
        super(message);
    }

    /** Makes an exception with its cause. */
    public ScriptException(String message, Throwable cause) {
        super(message, cause);
    }
}
