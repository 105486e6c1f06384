package dev.semblance.harness.edit.lint;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.edit.lint.FindingList.Place;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import java.util.Optional;
import java.util.function.Predicate;

/** The rules on the life of a device and on its queues (VIRTIO 1.2, 2.1, 2.2, 2.7, 3.1, 5.7.4). */
final class TransportRules {

    /** Of the configuration of a GPU: the one field that a driver writes (5.7.4). */
    private static final int EVENTS_CLEAR = 4;

    private final FindingList findings;
    private long features;
    private boolean agreed;
    private boolean started;

    /** The first change of a display since the driver asked what there is. */
    private Optional<Place> displayChange = Optional.empty();

    TransportRules(FindingList findings) {
        this.findings = findings;
    }

    /** {@return whether the driver negotiated all of these features} */
    boolean has(long mask) {
        return (features & mask) == mask;
    }

    /** {@return whether DRIVER_OK is set} */
    boolean isStarted() {
        return started;
    }

    void reset() {
        features = 0;
        agreed = false;
        started = false;
        displayChange = Optional.empty();
    }

    void take(TraceEvent.Features event, Place at) {
        agreed = event.agreed();
        features = event.agreed() ? event.features() : 0;
        if (!event.agreed()) {
            findings.add(
                    LintRule.FEATURES_REFUSED,
                    at,
                    Text.format("the features 0x%x were not agreed to", event.features()));
        }
    }

    void driverOk(Place at) {
        started = true;
        if (!agreed) {
            findings.add(LintRule.INITIALIZATION_ORDER, at, "DRIVER_OK is set, and no features are agreed");
        }
    }

    /** Before DRIVER_OK nobody has asked yet; a driver does so when it starts. */
    void displayChanged(Place at) {
        if (started) {
            displayChange = displayChange.or(() -> Optional.of(at));
        }
    }

    /** The driver asked what displays there are. */
    void displaysAsked() {
        displayChange = Optional.empty();
    }

    /** {@code isOld} tells whether there was time enough since a place. */
    void end(Predicate<Place> isOld) {
        displayChange
                .filter(isOld)
                .ifPresent(at -> findings.add(
                        LintRule.DISPLAY_EVENT_IGNORED,
                        at,
                        "the displays changed, and no GET_DISPLAY_INFO came after that"));
    }

    void take(TraceEvent.QueueEnabled enabled, Place at) {
        QueueLayout layout = enabled.layout();
        if (Integer.bitCount(layout.size()) != 1) {
            findings.add(
                    LintRule.QUEUE_SIZE,
                    at,
                    Text.format("%s has %d entries, no power of 2", queue(enabled.queue()), layout.size()));
        }
        aligned("descriptor table", layout.descriptorTable(), 16, enabled.queue(), at);
        aligned("available ring", layout.availableRing(), 2, enabled.queue(), at);
        aligned("used ring", layout.usedRing(), 4, enabled.queue(), at);
    }

    private void aligned(String part, long address, int bytes, int queue, Place at) {
        if (address % bytes != 0) {
            findings.add(
                    LintRule.QUEUE_ALIGNMENT,
                    at,
                    Text.format("the %s of %s is at 0x%x, no multiple of %d", part, queue(queue), address, bytes));
        }
    }

    void take(TraceEvent.Notify notify, Place at) {
        if (!started) {
            findings.add(
                    LintRule.NOTIFIED_TOO_EARLY,
                    at,
                    Text.format("%s is notified before DRIVER_OK", queue(notify.queue())));
        }
    }

    void take(TraceEvent.ConfigWrite write, Place at) {
        if (write.offset() < EVENTS_CLEAR || write.offset() + write.width() > EVENTS_CLEAR + Integer.BYTES) {
            findings.add(
                    LintRule.CONFIG_READ_ONLY,
                    at,
                    Text.format(
                            "a store of %d bytes to offset %d of the configuration", write.width(), write.offset()));
        }
    }

    void take(TraceEvent.Fault fault, Place at) {
        findings.add(LintRule.RING_MALFORMED, at, Text.format("%s: %s", queue(fault.queue()), reason(fault.reason())));
    }

    private static String reason(RingFault.Reason reason) {
        return switch (reason) {
            case AVAILABLE_INDEX_JUMPED -> "the available index went back, or ahead by more than the queue's size";
            case INDEX_OUT_OF_RANGE -> "an index of a descriptor is not below the queue's size";
            case CHAIN_TOO_LONG -> "a chain has more descriptors than the queue, as one with a loop has, or 2^32 bytes";
            case READABLE_AFTER_WRITABLE -> "a buffer to be read comes behind one to be written";
            case BUFFER_OUTSIDE_MEMORY -> "a buffer is not wholly inside memory";
            case INDIRECT_NOT_NEGOTIATED -> "an indirect table, and VIRTIO_F_INDIRECT_DESC was not negotiated";
            case INDIRECT_MALFORMED ->
                "an indirect table that is empty, no whole descriptors long, or leads to another";
        };
    }

    static String queue(int queue) {
        return switch (queue) {
            case VirtioGpuDevice.CONTROL_QUEUE -> "the control queue";
            case VirtioGpuDevice.CURSOR_QUEUE -> "the cursor queue";
            default -> "queue " + queue;
        };
    }
}
