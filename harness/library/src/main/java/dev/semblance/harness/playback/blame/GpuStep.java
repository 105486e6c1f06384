package dev.semblance.harness.playback.blame;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.harness.util.Text;

/**
 * A command of the driver, and when it was.
 *
 * @param sequence the number of its event
 * @param cycle when it was executed
 * @param command what it says
 * @param <C> the kind of command
 */
public record GpuStep<C extends GpuCommand>(long sequence, long cycle, C command) {

    /** {@return when, as people see it: {@code #720 @85,736,705}} */
    public String when() {
        return Text.format("#%d @%,d", sequence, cycle);
    }
}
