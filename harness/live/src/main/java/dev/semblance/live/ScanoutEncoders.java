package dev.semblance.live;

import dev.semblance.harness.record.live.Shown;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What a page has of all scanouts. Each has its turn, so that none waits for one that changes all the time. For one thread. */
final class ScanoutEncoders {

    private final List<PictureEncoder> encoders;

    /** Whose turn is next. */
    private int turn;

    private ScanoutEncoders(List<PictureEncoder> encoders) {
        this.encoders = encoders;
    }

    /** Makes one for a page that has nothing yet. */
    static ScanoutEncoders of(int scanouts) {
        return new ScanoutEncoders(
                IntStream.range(0, scanouts).mapToObj(PictureEncoder::new).toList());
    }

    /**
     * Returns the next message by which the page comes nearer to what is shown; empty when it has it all.
     *
     * @param shown gives what a scanout shows
     */
    Optional<ByteBuffer> next(IntFunction<Shown> shown) {
        for (int i = 0; i < encoders.size(); i++) {
            int scanout = (turn + i) % encoders.size();
            Optional<ByteBuffer> message = encoders.get(scanout).next(shown.apply(scanout));
            if (message.isPresent()) {
                turn = (scanout + 1) % encoders.size();
                return message;
            }
        }
        return Optional.empty();
    }

    /** Gives memory back that is not Java's. */
    void end() {
        encoders.forEach(PictureEncoder::end);
    }
}
