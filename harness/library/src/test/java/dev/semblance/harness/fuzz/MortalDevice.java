package dev.semblance.harness.fuzz;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.Completion;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.driver.GuestDriver;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A device that answers every request with OK, and fails as a program does at some of them. */
record MortalDevice(DeviceUnderTest inside, AtomicReference<Optional<TargetFailure>> found) implements DeviceUnderTest {

    private static final byte[] OK = {0, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    /**
     * Makes devices.
     *
     * @param deadly what a request does to the program
     */
    static Factory of(Function<byte[], Optional<TargetFailure>> deadly) {
        return config -> {
            AtomicReference<Optional<TargetFailure>> found = new AtomicReference<>(Optional.empty());
            DeviceUnderTest inside = DeviceAdapter.of((memory, displays, sink) -> new DeviceAdapter.Answering() {
                        @Override
                        public byte[] answer(int queue, byte[] request, int room) {
                            if (found.get().isEmpty()) {
                                found.set(deadly.apply(request));
                            }
                            return OK.clone();
                        }

                        @Override
                        public void reset() {}

                        @Override
                        public void start(long features) {}
                    })
                    .make(config);
            return new MortalDevice(inside, found);
        };
    }

    @Override
    public Optional<TargetFailure> failure() {
        return found.get();
    }

    @Override
    public GuestDriver driver() {
        return inside.driver();
    }

    @Override
    public GuestMemory memory() {
        return inside.memory();
    }

    @Override
    public long heldBytes() {
        return inside.heldBytes();
    }

    @Override
    public DisplayConfig displays() {
        return inside.displays();
    }

    @Override
    public Pictures pictures() {
        return inside.pictures();
    }

    @Override
    public Set<Capability> capabilities() {
        return inside.capabilities();
    }

    @Override
    public Completion completion() {
        return inside.completion();
    }

    @Override
    public void close() {
        inside.close();
    }
}
