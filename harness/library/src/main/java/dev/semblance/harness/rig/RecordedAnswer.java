package dev.semblance.harness.rig;

import java.util.Arrays;

/**
 * What a trace has as the answer to a command.
 *
 * @param used whether the device gave its chain back; not if it refused the ring
 * @param usedLength the length in the used element
 * @param response the bytes that the device wrote, from the start of the room for the response
 */
public record RecordedAnswer(boolean used, long usedLength, byte[] response) {

    /** What the trace has where the device refused the ring. */
    static final RecordedAnswer REFUSED = new RecordedAnswer(false, 0, new byte[0]);

    /**
     * {@return whether a device answered so: the same response, length and use}
     *
     * @param answer what was answered now
     */
    public boolean matches(CommandAnswer answer) {
        return used == answer.used()
                && usedLength == answer.usedLength()
                && response.length <= answer.response().length
                && Arrays.equals(response, 0, response.length, answer.response(), 0, response.length);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof RecordedAnswer other
                && used == other.used
                && usedLength == other.usedLength
                && Arrays.equals(response, other.response);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(response);
    }
}
