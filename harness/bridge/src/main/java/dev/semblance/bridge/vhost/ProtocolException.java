package dev.semblance.bridge.vhost;

import java.io.IOException;

/** A peer that does not keep to its protocol. The message is a sentence for people, and holds nothing of the peer's but numbers. */
public final class ProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what the peer did
     */
    public ProtocolException(String message) {
        super(message);
    }
}
