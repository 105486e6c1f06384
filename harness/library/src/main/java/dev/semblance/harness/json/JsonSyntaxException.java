package dev.semblance.harness.json;

/** A text is no JSON, or not JSON that can be kept. The message ends a sentence. */
public final class JsonSyntaxException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    JsonSyntaxException(String message, Throwable cause) {
        super(message, cause);
    }
}
