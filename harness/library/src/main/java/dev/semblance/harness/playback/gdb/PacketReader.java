package dev.semblance.harness.playback.gdb;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Finds packets in the bytes that a debugger sends: {@code $data#checksum}, and what stands between them. It holds no more of a packet
 * than {@value #MAX_LENGTH} bytes, however long it is.
 */
final class PacketReader {

    /** The longest packet, which the debugger is told. */
    static final int MAX_LENGTH = 1 << 14;

    private static final int INTERRUPT = 3;

    /** What is read. */
    sealed interface Event {}

    /** A packet whose checksum is right; bytes are characters. */
    record Packet(String data) implements Event {}

    /** A packet that is longer than the debugger was told. */
    record TooLong() implements Event {}

    /** A packet whose checksum is wrong, or none. */
    record Damaged() implements Event {}

    /** The debugger wants the last packet again. */
    record Again() implements Event {}

    /** The debugger's user wants the machine to stop. */
    record Interrupt() implements Event {}

    /** Nothing comes any more. */
    record End() implements Event {}

    private enum State {
        BETWEEN,
        DATA,
        FIRST_DIGIT,
        SECOND_DIGIT
    }

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private State state = State.BETWEEN;
    private boolean tooLong;
    private int sum;
    private int firstDigit;

    /**
     * Takes the next byte.
     *
     * @param read 0 to 255
     * @return what it completes, if it does
     */
    Optional<Event> take(int read) {
        return switch (state) {
            case BETWEEN -> between(read);
            case DATA -> {
                inData(read);
                yield Optional.empty();
            }
            case FIRST_DIGIT -> {
                firstDigit = Character.digit(read, 16);
                state = State.SECOND_DIGIT;
                yield Optional.empty();
            }
            case SECOND_DIGIT -> {
                state = State.BETWEEN;
                yield Optional.of(packet(Character.digit(read, 16)));
            }
        };
    }

    private Optional<Event> between(int read) {
        switch (read) {
            case '$' -> begin();
            case '-' -> {
                return Optional.of(new Again());
            }
            case INTERRUPT -> {
                return Optional.of(new Interrupt());
            }
            default -> {
                // A plus sign, which tells nothing new; or noise.
            }
        }
        return Optional.empty();
    }

    private void begin() {
        data.reset();
        sum = 0;
        tooLong = false;
        state = State.DATA;
    }

    private void inData(int read) {
        switch (read) {
            // The debugger has begun anew: a dollar sign inside of data has an escape.
            case '$' -> begin();
            case '#' -> state = State.FIRST_DIGIT;
            default -> {
                sum += read;
                if (data.size() < MAX_LENGTH) {
                    data.write(read);
                } else {
                    tooLong = true;
                }
            }
        }
    }

    private Event packet(int secondDigit) {
        if (firstDigit < 0 || secondDigit < 0 || (sum & 0xff) != (firstDigit << 4 | secondDigit)) {
            return new Damaged();
        }
        return tooLong ? new TooLong() : new Packet(data.toString(StandardCharsets.ISO_8859_1));
    }

    /** {@return the bytes of a packet, with escapes for those that have a meaning of their own} */
    static byte[] encode(String data) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream(data.length() + 8);
        packet.write('$');
        int sum = 0;
        for (byte one : data.getBytes(StandardCharsets.ISO_8859_1)) {
            boolean hasMeaning = one == '$' || one == '#' || one == '}' || one == '*';
            if (hasMeaning) {
                packet.write('}');
                sum += '}';
            }
            int written = hasMeaning ? one ^ 0x20 : one & 0xff;
            packet.write(written);
            sum += written;
        }
        packet.write('#');
        packet.write(Character.forDigit(sum >> 4 & 0xf, 16));
        packet.write(Character.forDigit(sum & 0xf, 16));
        return packet.toByteArray();
    }
}
