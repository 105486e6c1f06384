package dev.semblance.bridge.serve;

/** A front-end, or the guest behind it, that cannot be served any more. What was recorded up to there is sound. */
final class PeerException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param message what is wrong and what to do, without a full stop; holds nothing of the peer's but numbers
     */
    PeerException(String message) {
        super(message);
    }
}
