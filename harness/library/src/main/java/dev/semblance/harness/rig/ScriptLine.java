package dev.semblance.harness.rig;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line of a device script: something that a driver does to a virtio-gpu device, or wants to know of it.
 *
 * <p>Scripts are what {@code exec} reads, what the fuzzer makes up, what {@code minimize} cuts down, and what a trace's
 * device half can be turned into. Byte arrays belong to the line and are not to be changed. Lines compare by content.
 */
public sealed interface ScriptLine {

    /** {@return what is echoed in the answer: any JSON value, as text} */
    Optional<String> id();

    /** A queue of the device (VIRTIO 1.2, 5.7.2). */
    enum Queue {
        /** The queue of all commands but the cursor's. */
        CONTROL(VirtioGpuDevice.CONTROL_QUEUE),
        /** The queue of the cursor's commands. */
        CURSOR(VirtioGpuDevice.CURSOR_QUEUE);

        private final int number;

        Queue(int number) {
            this.number = number;
        }

        /** {@return the queue's number} */
        public int number() {
            return number;
        }
    }

    /**
     * Bytes put into guest memory at a guest-physical address.
     *
     * @param address guest physical address
     * @param bytes the bytes
     */
    record MemoryWrite(long address, byte[] bytes) {
        @Override
        public boolean equals(Object object) {
            return object instanceof MemoryWrite other && address == other.address && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(address) * 31 + Arrays.hashCode(bytes);
        }
    }

    /**
     * A descriptor written as it stands, whatever the device will think of it.
     *
     * @param place where the buffer lies
     * @param length unsigned 32 bits
     * @param flags 16 bits
     * @param next 16 bits: the place of a descriptor of the same chain, from 0, or, from the chain's length on, any index
     */
    record RawDescriptor(Place place, long length, int flags, int next) {

        /** Where a buffer lies. */
        public sealed interface Place {

            /**
             * At a guest-physical address.
             *
             * @param address guest physical address
             */
            record Address(long address) implements Place {}

            /**
             * At this offset of the request.
             *
             * @param offset in bytes
             */
            record InRequest(long offset) implements Place {}

            /**
             * At this offset of the room for the response.
             *
             * @param offset in bytes
             */
            record InResponse(long offset) implements Place {}
        }
    }

    /** Lines that put chains on a queue. */
    sealed interface Submission extends ScriptLine {}

    /** Lines that do something else: to memory, to the device's registers, or to its displays ({@link DeviceRig#perform}). */
    sealed interface Act extends ScriptLine {}

    /** Lines that ask for something, and change nothing. */
    sealed interface Query extends ScriptLine {}

    /**
     * A request, and the room for its response.
     *
     * @param id echoed in the answer: any JSON value, as text
     * @param queue the number of the virtqueue
     * @param memory written to guest memory first
     * @param request the bytes of the request
     * @param requestSplit the lengths of all buffers of the request but the last, which gets what is left
     * @param responseLength bytes of room for the response
     * @param responseSplit the lengths of all buffers of the response but the last, which gets what is left
     * @param responseFill what the room holds before, repeated; at least one byte
     * @param chain the descriptors as they stand, in place of those that the splits make; empty for those
     * @param indirect puts the descriptors into a table of their own (VIRTIO 1.2, 2.7.5.3), if the device agreed to such
     * @param noInterrupt asks for no interrupt (2.7.7): with event indices for none of this chain's, else for none of those
     *     that are notified with it
     */
    record Command(
            Optional<String> id,
            Queue queue,
            List<MemoryWrite> memory,
            byte[] request,
            List<Integer> requestSplit,
            int responseLength,
            List<Integer> responseSplit,
            byte[] responseFill,
            List<RawDescriptor> chain,
            boolean indirect,
            boolean noInterrupt)
            implements Submission {

        static final byte[] FILL = {(byte) 0xaa};

        /** Copies the lists. */
        public Command {
            memory = List.copyOf(memory);
            requestSplit = List.copyOf(requestSplit);
            responseSplit = List.copyOf(responseSplit);
            chain = List.copyOf(chain);
        }

        /**
         * {@return a request in one buffer, with room for its response in another}
         *
         * @param queue the number of the virtqueue
         * @param request what the driver sends
         * @param responseLength bytes that the device may write
         */
        public static Command of(Queue queue, byte[] request, int responseLength) {
            return new Command(
                    Optional.empty(),
                    queue,
                    List.of(),
                    request,
                    List.of(),
                    responseLength,
                    List.of(),
                    FILL,
                    List.of(),
                    false,
                    false);
        }

        /** {@return a builder of commands that are like this one but for what it is told} */
        public CommandBuilder with() {
            return new CommandBuilder(this);
        }

        /**
         * {@return the same with other memory}
         *
         * @param writes done before
         */
        public Command withMemory(List<MemoryWrite> writes) {
            return with().memory(writes).build();
        }

        /**
         * {@return the same with another request, in one buffer}
         *
         * @param bytes the bytes
         */
        public Command withRequest(byte[] bytes) {
            return with().request(bytes, List.of()).build();
        }

        /**
         * {@return the same with the request and the response cut into other buffers}
         *
         * @param request sizes of the buffers for the request
         * @param response sizes of the buffers for the response
         */
        public Command withSplits(List<Integer> request, List<Integer> response) {
            return with().request(this.request, request)
                    .response(responseLength, response)
                    .build();
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Command other
                    && id.equals(other.id)
                    && queue == other.queue
                    && memory.equals(other.memory)
                    && Arrays.equals(request, other.request)
                    && requestSplit.equals(other.requestSplit)
                    && responseLength == other.responseLength
                    && responseSplit.equals(other.responseSplit)
                    && Arrays.equals(responseFill, other.responseFill)
                    && chain.equals(other.chain)
                    && indirect == other.indirect
                    && noInterrupt == other.noInterrupt;
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(request) * 31 + memory.hashCode();
        }
    }

    /**
     * Commands of one queue that are put on its ring together, with one notification.
     *
     * @param id the name of the line, which its answer bears
     * @param commands sent together, in their order
     */
    record Batch(Optional<String> id, List<Command> commands) implements Submission {

        /** Copies the list. */
        public Batch {
            commands = List.copyOf(commands);
        }
    }

    /**
     * Bytes put into guest memory by themselves.
     *
     * @param id the name of the line, which its answer bears
     * @param memory what is written, and where
     */
    record Poke(Optional<String> id, List<MemoryWrite> memory) implements Act {

        /** Copies the list. */
        public Poke {
            memory = List.copyOf(memory);
        }

        /**
         * Makes one without an id.
         *
         * @param memory what is written, and where
         */
        public Poke(List<MemoryWrite> memory) {
            this(Optional.empty(), memory);
        }
    }

    /**
     * The primary plane of a scanout, as last flushed.
     *
     * @param id the name of the line, which its answer bears
     * @param head the number of the scanout, from 0
     * @param pixels coordinates to tell the colours of
     * @param png where to put the picture
     */
    record Screendump(Optional<String> id, int head, List<Point> pixels, Optional<String> png) implements Query {

        /** Copies the list. */
        public Screendump {
            pixels = List.copyOf(pixels);
        }
    }

    /**
     * A pixel's place.
     *
     * @param x the column, from 0
     * @param y the row, from 0
     */
    record Point(int x, int y) {}

    /**
     * A reset of the device.
     *
     * @param id the name of the line, which its answer bears
     * @param statusOnly whether it is left at that, and not negotiated afresh
     * @param features what the driver accepts afterwards; empty for all that the device offers
     */
    record Reset(Optional<String> id, boolean statusOnly, OptionalLong features) implements Act {

        /**
         * Makes a reset after which the driver, if it negotiates, accepts all that the device offers.
         *
         * @param id the name of the line, which its answer bears
         * @param statusOnly whether the driver stops after writing 0 to the status
         */
        public Reset(Optional<String> id, boolean statusOnly) {
            this(id, statusOnly, OptionalLong.empty());
        }
    }

    /**
     * A reset of one queue (VIRTIO 1.2, 2.6.1), which is set up again at once.
     *
     * @param id the name of the line, which its answer bears
     * @param queue the number of the virtqueue
     */
    record QueueReset(Optional<String> id, Queue queue) implements Act {}

    /**
     * The host changes what a scanout's display offers, or plugs it in or off (VIRTIO 1.2, 5.7.4, VIRTIO_GPU_EVENT_DISPLAY).
     *
     * @param id the name of the line, which its answer bears
     * @param head the number of the scanout, from 0
     * @param mode what it offers from then on
     */
    record DisplayChange(Optional<String> id, int head, DisplayMode mode) implements Act {}

    /**
     * Stores to the configuration space (5.7.4).
     *
     * @param id the name of the line, which its answer bears
     * @param offset in bytes
     * @param width 1, 2 or 4 bytes
     * @param value in the low bits
     */
    record ConfigWrite(Optional<String> id, int offset, int width, int value) implements Act {}

    /**
     * Asks for device status, interrupt status and used indexes.
     *
     * @param id the name of the line, which its answer bears
     */
    record Status(Optional<String> id) implements Query {}

    /**
     * Asks for bytes of guest memory.
     *
     * @param id the name of the line, which its answer bears
     * @param address guest physical address
     * @param length in bytes
     */
    record MemoryRead(Optional<String> id, long address, int length) implements Query {}

    /**
     * Loads from the configuration space (5.7.4).
     *
     * @param id the name of the line, which its answer bears
     * @param offset in bytes
     * @param width 1, 2 or 4 bytes
     */
    record ConfigRead(Optional<String> id, int offset, int width) implements Query {}
}
