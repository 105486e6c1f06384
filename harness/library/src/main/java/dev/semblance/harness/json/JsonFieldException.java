package dev.semblance.harness.json;

/** A field of a JSON object is missing, unknown, or not what it has to be. The message ends a sentence. */
public final class JsonFieldException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    JsonFieldException(String message) {
        super(message);
    }
}
