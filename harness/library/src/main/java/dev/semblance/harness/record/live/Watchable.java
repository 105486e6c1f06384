package dev.semblance.harness.record.live;

import java.util.Optional;

/**
 * A guest that people watch, and in which they take part as far as it lets them. Everything here may be called by any thread, and waits for nobody: not
 * for the thread that runs or serves the guest, nor that one for it.
 */
public interface Watchable {

    /** {@return what a person can do with it, besides to watch, to take snapshots and to leave} */
    LiveControls controls();

    /** {@return how it stands} */
    LiveStatus status();

    /**
     * {@return what a scanout shows}
     *
     * @param scanout the number of the scanout, from 0
     */
    Shown shown(int scanout);

    /** {@return what the guest wrote to its serial console; empty where somebody else has that} */
    Optional<ConsoleHistory> console();

    /** {@return how many bytes can be typed on the serial console before the guest has read more} */
    int typingRoom();

    /**
     * Asks for something to be done soon.
     *
     * @param command what
     * @return why that is not done, as a sentence without a full stop; empty where it will be
     */
    Optional<String> submit(LiveCommand command);
}
