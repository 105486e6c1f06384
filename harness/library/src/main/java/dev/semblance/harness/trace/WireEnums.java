package dev.semblance.harness.trace;

import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.List;

/**
 * The numbers by which the format knows the constants of enums: their places in these lists. Written out here so that
 * changing the order of an enum elsewhere does not change the format; new constants go to the end.
 */
final class WireEnums {

    static final List<Notification> NOTIFICATIONS =
            List.of(Notification.SENT, Notification.SUPPRESSED, Notification.HELD);

    static final List<RingFault.Reason> FAULTS = List.of(
            RingFault.Reason.AVAILABLE_INDEX_JUMPED,
            RingFault.Reason.INDEX_OUT_OF_RANGE,
            RingFault.Reason.CHAIN_TOO_LONG,
            RingFault.Reason.READABLE_AFTER_WRITABLE,
            RingFault.Reason.BUFFER_OUTSIDE_MEMORY,
            RingFault.Reason.INDIRECT_NOT_NEGOTIATED,
            RingFault.Reason.INDIRECT_MALFORMED);

    static final List<End.Reason> ENDS = List.of(
            End.Reason.POWER_OFF,
            End.Reason.REBOOT,
            End.Reason.IDLE,
            End.Reason.LIMIT,
            End.Reason.SCENARIO,
            End.Reason.SCENARIO_FAILED,
            End.Reason.INTERRUPTED,
            End.Reason.SCRIPT,
            End.Reason.STUCK);

    static final List<Boolean> FLAGS = List.of(false, true);

    private WireEnums() {}

    /** {@return the number of {@code constant}} */
    static <E extends Enum<E>> int of(List<E> numbered, E constant) {
        int number = numbered.indexOf(constant);
        if (number < 0) {
            throw new IllegalStateException(constant + " has no number in the trace format yet: see WireNumbers");
        }
        return number;
    }
}
