package dev.semblance.harness.rig;

/** A script asks for what no rig can do. The message is one sentence for people. */
public final class ScriptException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Makes an exception.
     *
     * @param message one sentence: what is wrong with the script
     */
    public ScriptException(String message) {
        super(message);
    }

    /**
     * Makes an exception with its cause.
     *
     * @param message one sentence: what is wrong with the script
     * @param cause what led to it
     */
    public ScriptException(String message, Throwable cause) {
        super(message, cause);
    }
}
