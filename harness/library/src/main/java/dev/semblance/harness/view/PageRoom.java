package dev.semblance.harness.view;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;

/** How much of a page of limited size is taken, and by what. */
final class PageRoom {

    private static final int BASE64_BYTES = 3;
    private static final int BASE64_CHARACTERS = 4;

    private final long limit;
    private final int first;
    private final int last;
    private long taken;
    private int event;

    /**
     * Makes the room of a page without a trace in it.
     *
     * @param own how many bytes that has
     * @param limit how many bytes it may have
     * @param first the first event that goes into it
     * @param last the last one
     */
    PageRoom(long own, long limit, int first, int last) {
        this.taken = own;
        this.limit = limit;
        this.first = first;
        this.last = last;
        this.event = first;
    }

    /** Says which event is put into it now. */
    void at(int now) {
        event = now;
    }

    /**
     * Takes room for bytes, which are in the page in Base64.
     *
     * @throws UnusableInputException if there is not so much; it says how far it was enough
     */
    void take(long bytes) {
        taken += (bytes + BASE64_BYTES - 1) / BASE64_BYTES * BASE64_CHARACTERS + 1;
        if (taken > limit) {
            throw new UnusableInputException(Text.format(
                    "a page of the events %,d to %,d has more than %,d bytes: so much is needed up to event %,d; name a shorter range"
                            + " with --from and --to, or allow more with --max-size",
                    first, last, limit, event));
        }
    }

    /** {@return how many bytes of the page are taken} */
    long taken() {
        return taken;
    }
}
