package dev.semblance.harness.record.live;

import dev.semblance.harness.guest.images.Pointer;
import java.util.Optional;

/**
 * What a person can do with a guest, besides to watch it, to take snapshots and to leave.
 *
 * @param pointer its pointing devices, beside which there is a keyboard; empty where no input goes to it from here
 * @param time whether its time can stand still, go on, and go on to the next flush
 * @param displays whether displays can offer another mode
 * @param power whether it can be switched off
 */
public record LiveControls(Optional<Pointer> pointer, boolean time, boolean displays, boolean power) {

    /** Nothing more than that: everything else is another program's. */
    public static final LiveControls NONE = new LiveControls(Optional.empty(), false, false, false);

    /**
     * {@return all there is with a machine of this project}
     *
     * @param pointer its pointing devices
     */
    public static LiveControls ofMachine(Pointer pointer) {
        return new LiveControls(Optional.of(pointer), true, true, true);
    }
}
