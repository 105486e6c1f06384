package dev.semblance.harness.trace;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One thing that happened, in the order in which it happened. A trace is a list of events, each with a sequence number
 * (its place in the list, from 0) and the cycle at which it happened ({@link Stamped}).
 *
 * <p>Byte arrays belong to the event and are not to be changed. Events compare by content.
 */
public sealed interface TraceEvent {

    /**
     * An event with its place in the trace.
     *
     * @param sequence its number in the trace, from 0
     * @param cycle the cycle at which it happened
     * @param event what happened
     */
    record Stamped(long sequence, long cycle, TraceEvent event) {}

    /** An event of one virtio device, by its number in the manifest's device list. */
    sealed interface OfDevice extends TraceEvent {
        /** {@return the device's place in the manifest's device list} */
        int device();
    }

    // ---- device life --------------------------------------------------------------------------------------------

    /**
     * The driver reset the device: Status was written 0.
     *
     * @param device the number of the device in the manifest, from 0
     */
    record Reset(int device) implements OfDevice {}

    /**
     * FEATURES_OK was written: the features that the driver accepted, and whether the device agreed.
     *
     * @param device the number of the device in the manifest, from 0
     * @param features the feature bits that the driver accepted
     * @param agreed whether the device took them
     */
    record Features(int device, long features, boolean agreed) implements OfDevice {}

    /**
     * QueueReady was set to 1.
     *
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the virtqueue
     * @param layout where its rings lie
     */
    record QueueEnabled(int device, int queue, QueueLayout layout) implements OfDevice {}

    /**
     * QueueReady was set to 0.
     *
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the virtqueue
     */
    record QueueDisabled(int device, int queue) implements OfDevice {}

    /**
     * A queue was reset by itself (VIRTIO 1.2, 2.6.1), ready or not: its rings are forgotten, and both begin at 0 again. What
     * {@link QueueDisabled} leaves is where the device was in the rings. Since version 3 of the format.
     *
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the virtqueue
     */
    record QueueReset(int device, int queue) implements OfDevice {}

    /**
     * The host changed what a scanout's display offers, or plugged it in or off: VIRTIO_GPU_EVENT_DISPLAY (VIRTIO 1.2, 5.7.4). It
     * happens to the device, as {@link Input} does. Since version 3 of the format.
     *
     * @param device the number of the device in the manifest, from 0
     * @param scanout the number of the scanout, from 0
     * @param mode what it offers from then on
     */
    record DisplayChange(int device, int scanout, TraceManifest.DisplayMode mode) implements OfDevice {

        /**
         * {@return what is offered from then on; empty if there is no such scanout, or no display here can have the mode}
         *
         * @param before what was offered
         */
        public Optional<DisplayConfig> appliedTo(DisplayConfig before) {
            boolean possible = scanout >= 0
                    && scanout < before.count()
                    && mode.width() <= Display.MAX_SIZE
                    && mode.height() <= Display.MAX_SIZE;
            return possible ? Optional.of(before.with(scanout, mode.display())) : Optional.empty();
        }
    }

    /**
     * DRIVER_OK was set.
     *
     * @param device the number of the device in the manifest, from 0
     */
    record DriverOk(int device) implements OfDevice {}

    /**
     * DEVICE_NEEDS_RESET was set.
     *
     * @param device the number of the device in the manifest, from 0
     */
    record NeedsReset(int device) implements OfDevice {}

    /**
     * A load from the configuration space.
     *
     * @param device the number of the device in the manifest, from 0
     * @param offset in the configuration space, in bytes
     * @param width 1, 2 or 4 bytes
     * @param value in the low bits
     */
    record ConfigRead(int device, int offset, int width, int value) implements OfDevice {}

    /**
     * A store to the configuration space.
     *
     * @param device the number of the device in the manifest, from 0
     * @param offset in the configuration space, in bytes
     * @param width 1, 2 or 4 bytes
     * @param value in the low bits
     */
    record ConfigWrite(int device, int offset, int width, int value) implements OfDevice {}

    // ---- queues -------------------------------------------------------------------------------------------------

    /**
     * The device was told of new buffers. The commands up to the next Notify of the queue are one batch.
     *
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the virtqueue
     */
    record Notify(int device, int queue) implements OfDevice {}

    /**
     * Bytes of guest memory that the device is about to read for the next {@link Command} beyond its request (image data
     * behind TRANSFER_TO_HOST_2D), as far as they differ from what earlier events of the trace told of them.
     *
     * @param device the number of the device in the manifest, from 0
     * @param runs what has changed since the device last looked
     */
    record Memory(int device, List<Bytes> runs) implements OfDevice {}

    /**
     * A stretch of guest memory.
     *
     * @param address guest physical address
     * @param bytes the bytes
     */
    record Bytes(long address, byte[] bytes) {
        @Override
        public boolean equals(Object object) {
            return object instanceof Bytes other && address == other.address && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(address) * 31 + Arrays.hashCode(bytes);
        }
    }

    /**
     * The start of a request too long for one event; the next {@link Command} of the queue has the rest.
     *
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the virtqueue
     * @param bytes the bytes
     */
    record RequestPart(int device, int queue, byte[] bytes) implements OfDevice {
        @Override
        public boolean equals(Object object) {
            return object instanceof RequestPart other
                    && device == other.device
                    && queue == other.queue
                    && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /**
     * A descriptor chain that came back from the device.
     *
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the virtqueue
     * @param head the index by which the driver knows the chain
     * @param descriptors the chain's descriptors in order; since version 3 of the format, one may point to a table
     *     ({@link Descriptor#isIndirect}), and those behind it are that table's
     * @param payload what was in them, before and after
     * @param usedLength the length in the used element
     * @param notification what became of the used buffer notification
     */
    record Command(
            int device,
            int queue,
            int head,
            List<Descriptor> descriptors,
            Payload payload,
            long usedLength,
            Notification notification)
            implements OfDevice {

        /** {@return the chain's buffers in order: its descriptors without one that points to a table of others} */
        public List<Descriptor> buffers() {
            return descriptors.stream()
                    .filter(descriptor -> !descriptor.isIndirect())
                    .toList();
        }
    }

    /** What went in and out of a chain. */
    sealed interface Payload {

        /**
         * The bytes that the device read of the request (or the last part of them), and those that it wrote.
         *
         * @param request what the driver sent
         * @param response what the device answered
         */
        record Full(byte[] request, byte[] response) implements Payload {
            @Override
            public boolean equals(Object object) {
                return object instanceof Full other
                        && Arrays.equals(request, other.request)
                        && Arrays.equals(response, other.response);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(request) * 31 + Arrays.hashCode(response);
            }
        }

        /**
         * A block request: its data only as a digest.
         *
         * @param header the request's first 16 bytes, or fewer where it was shorter
         * @param sector the first sector, 0 where the header was short
         * @param dataLength bytes of data moved, in the direction of the request type
         * @param dataDigest SHA-256 of those bytes, cut to its first 8 bytes, big-endian
         * @param status the status byte, or empty where there was no room for one
         */
        record Disk(byte[] header, long sector, long dataLength, long dataDigest, OptionalLong status)
                implements Payload {
            @Override
            public boolean equals(Object object) {
                return object instanceof Disk other
                        && Arrays.equals(header, other.header)
                        && sector == other.sector
                        && dataLength == other.dataLength
                        && dataDigest == other.dataDigest
                        && status.equals(other.status);
            }

            @Override
            public int hashCode() {
                return Arrays.hashCode(header) * 31 + Long.hashCode(dataDigest);
            }
        }
    }

    /**
     * A ring that the transport refused, with the bytes of it that it had read.
     *
     * @param device the number of the device in the manifest, from 0
     * @param queue the number of the virtqueue
     * @param reason what was wrong with the ring
     * @param reads what the device had read of it
     */
    record Fault(int device, int queue, RingFault.Reason reason, List<Bytes> reads) implements OfDevice {}

    // ---- host input and console ---------------------------------------------------------------------------------

    /**
     * A whole report (events up to SYN_REPORT, not included) put to an input device's port.
     *
     * @param device the number of the device in the manifest, from 0
     * @param items events of Linux input, in their order
     */
    record Input(int device, List<InputItem> items) implements OfDevice {}

    /**
     * One evdev event: type and code as in Linux's input-event-codes.h.
     *
     * @param type of Linux input, such as 1 for keys
     * @param code of Linux input
     * @param value as Linux input has it
     */
    record InputItem(int type, int code, int value) {}

    /**
     * Bytes put on the console's input queue.
     *
     * @param bytes the bytes
     */
    record ConsoleInput(byte[] bytes) implements TraceEvent {
        @Override
        public boolean equals(Object object) {
            return object instanceof ConsoleInput other && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /**
     * A byte that the guest wrote to the console.
     *
     * @param value the byte
     */
    record ConsoleOutput(byte value) implements TraceEvent {}

    // ---- pictures -----------------------------------------------------------------------------------------------

    /**
     * A flush published this picture of the primary plane: {@link dev.semblance.gpu.frame.FrameDigest}.
     *
     * @param scanout the number of the scanout, from 0
     * @param width in pixels
     * @param height in pixels
     * @param digest of the pixels
     */
    record Flush(int scanout, int width, int height, long digest) implements TraceEvent {}

    /**
     * The primary plane went dark.
     *
     * @param scanout the number of the scanout, from 0
     */
    record ScanoutDisabled(int scanout) implements TraceEvent {}

    /**
     * The cursor plane changed.
     *
     * @param scanout the number of the scanout, from 0
     * @param image the digest of the cursor's image, empty when it is hidden
     * @param x the column of the scanout that it points to
     * @param y the row of the scanout that it points to
     * @param hotX the column of the cursor that points
     * @param hotY the row of the cursor that points
     */
    record Cursor(int scanout, OptionalLong image, int x, int y, int hotX, int hotY) implements TraceEvent {}

    /**
     * The picture to compare under this name: the planes of a scanout as last published, composed.
     *
     * @param label the name; {@code LABEL@SCANOUT} beyond scanout 0
     * @param scanout the number of the scanout, from 0
     * @param width in pixels
     * @param height in pixels
     * @param digest of the composed picture
     */
    record Snapshot(String label, int scanout, int width, int height, long digest) implements TraceEvent {

        /** The name of the snapshot that is taken when a run ends, for whatever reason; no other has it. */
        public static final String END = "end";
    }

    // ---- the run ------------------------------------------------------------------------------------------------

    /**
     * A digest of hart and device state (not of RAM), to find where two runs part.
     *
     * @param instret instructions retired since power-on
     * @param stateDigest of the whole machine, 32 bytes
     */
    record Checkpoint(long instret, byte[] stateDigest) implements TraceEvent {
        @Override
        public boolean equals(Object object) {
            return object instanceof Checkpoint other
                    && instret == other.instret
                    && Arrays.equals(stateDigest, other.stateDigest);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(stateDigest);
        }
    }

    /**
     * The last event of a complete trace.
     *
     * @param reason why the run ended
     * @param instret instructions retired
     * @param stateDigest SHA-256 of hart and device state and of checksums of RAM; empty in a trace made without a hart
     */
    record End(Reason reason, long instret, byte[] stateDigest) implements TraceEvent {

        /**
         * The end of a trace whose real end was lost, and which was repaired. Nothing is known of the state then, and what
         * happened at the cycle of the last events may be incomplete.
         */
        public static final End UNKNOWN = new End(Reason.INTERRUPTED, 0, new byte[0]);

        /** Why a run ended. Each has its number in the format in {@link WireEnums}. */
        public enum Reason {
            /** The guest powered off. */
            POWER_OFF,
            /** The guest asked for a reboot. */
            REBOOT,
            /** The hart waits, and nothing is there to wake it. */
            IDLE,
            /** The cycle limit was reached. */
            LIMIT,
            /** The scenario came to its end, or switched the machine off. */
            SCENARIO,
            /** A wait of the scenario did not come true. */
            SCENARIO_FAILED,
            /** The person at the console left. */
            INTERRUPTED,
            /** A script or a fuzzer ended; there was no hart. */
            SCRIPT,
            /** The guest did nothing any more but trap. Since version 2 of the format. */
            STUCK
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof End other
                    && reason == other.reason
                    && instret == other.instret
                    && Arrays.equals(stateDigest, other.stateDigest);
        }

        @Override
        public int hashCode() {
            return reason.hashCode() * 31 + Arrays.hashCode(stateDigest);
        }
    }
}
