package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.Boot;
import dev.semblance.machine.Machine;
import dev.semblance.machine.MachineConfig;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.Slot;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.time.Timeline.Lane;
import dev.semblance.machine.virtio.blk.CopyOnWriteDisk;
import dev.semblance.machine.virtio.blk.DiskImage;
import dev.semblance.machine.virtio.blk.VirtioBlk;
import dev.semblance.machine.virtio.input.InputEvent;
import dev.semblance.machine.virtio.input.InputProfile;
import dev.semblance.machine.virtio.input.VirtioInput;
import dev.semblance.machine.virtio.rng.VirtioRng;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "State": the laws of saved states for the shipped guest with its user, against what a recording says. */
class LinuxStateTests {

    private static final long SEED = 7;
    private static final SessionConfig CONFIG = Recordings.linux(Recordings.BOOTARGS, SEED);

    /** The machine of a recording, without a recorder, and what comes out of it. */
    private static final class Seat implements FrameSink {
        final List<String> events = new ArrayList<>();
        final Machine machine = new Machine(new MachineConfig(SEED), value -> log("console " + value));
        final VirtioInput keyboard = new VirtioInput(InputProfile.keyboard());
        final VirtioInput mouse = new VirtioInput(InputProfile.mouse());

        Seat() {
            VirtioBlk disk =
                    new VirtioBlk(new CopyOnWriteDisk(DiskImage.none()), machine.timeline(), VirtioBlk.Options.semu());
            VirtioRng entropy = new VirtioRng(SEED);
            VirtioGpuDevice gpu = new VirtioGpuDevice(machine.memory(), CONFIG.displays(), this);
            machine.attach(Slot.BLOCK, disk, disk);
            machine.attach(Slot.ENTROPY, entropy, entropy);
            machine.attach(Slot.KEYBOARD, keyboard, keyboard);
            machine.attach(Slot.MOUSE, mouse, mouse);
            machine.attach(Slot.GPU, gpu, gpu);
        }

        /** Starts it with the whole of a recording's input. */
        static Seat started(List<Stamped> trace) throws BadImageException {
            Seat seat = new Seat();
            SessionConfig.Start.Linux linux = (SessionConfig.Start.Linux) CONFIG.boot();
            seat.machine.start(new Boot.Linux(
                    linux.kernel().bytes(),
                    linux.initrd().map(image -> image.bytes()),
                    Optional.empty(),
                    linux.bootargs()));
            return seat.expecting(trace);
        }

        /** Goes on from a state with what of a recording's input has not come yet. */
        static Seat loaded(SavedState state, List<Stamped> trace) throws BadStateException {
            Seat seat = new Seat();
            seat.machine.load(state);
            return seat.expecting(trace);
        }

        private Seat expecting(List<Stamped> trace) {
            for (Stamped stamped : trace) {
                if (stamped.cycle() >= machine.timeline().now()) {
                    switch (stamped.event()) {
                        case TraceEvent.Input input ->
                            machine.timeline().schedule(stamped.cycle(), Lane.HOST, () -> report(input));
                        case TraceEvent.ConsoleInput input ->
                            machine.timeline()
                                    .schedule(stamped.cycle(), Lane.HOST, () -> machine.receiveConsole(input.bytes()));
                        default -> {}
                    }
                }
            }
            machine.timeline().schedule(trace.getLast().cycle(), Lane.OBSERVER, () -> {});
            return this;
        }

        private void report(TraceEvent.Input input) {
            VirtioInput target = input.device() == Devices.KEYBOARD ? keyboard : mouse;
            target.report(input.items().stream()
                    .map(item -> new InputEvent(item.type(), item.code(), item.value()))
                    .toList());
        }

        private void log(String event) {
            events.add(machine.timeline().now() + " " + event);
        }

        @Override
        public void flushed(int scanout, Frame frame) {
            log("flushed " + frame.digest());
        }

        @Override
        public void disabled(int scanout) {
            log("disabled");
        }

        @Override
        public void cursorChanged(int scanout, CursorPlane cursor) {
            log("cursor " + cursor);
        }
    }

    @Test
    void linuxGoesOnFromWhereverItWasSavedToTheEndOfTheRecording() throws Exception {
        List<Stamped> trace = Recordings.events(Recordings.cursor());
        long end = trace.getLast().cycle();
        byte[] digest = ((TraceEvent.End) trace.getLast().event()).stateDigest();

        Seat unseen = Seat.started(trace);
        unseen.machine.run(end);
        assertThat(unseen.machine.stateDigest()).as("a run without a recorder").isEqualTo(digest);
        SavedState atTheEnd = unseen.machine.save();

        Seat running = Seat.started(trace);
        List<Long> cuts = new Random(11).longs(4, 0, end).sorted().boxed().toList();
        for (long cut : cuts) {
            running.machine.run(cut);
            SavedState state = running.machine.save();
            Seat other = Seat.loaded(throughBytes(state), trace);
            assertThat(other.machine.save()).as("law 1 at cycle %d", cut).isEqualTo(state);
            int before = running.events.size();
            other.machine.run(end);
            assertThat(other.machine.stateDigest())
                    .as("law 2 from cycle %d", cut)
                    .isEqualTo(digest);
            assertThat(other.events).isEqualTo(unseen.events.subList(before, unseen.events.size()));
            assertThat(other.machine.save()).isEqualTo(atTheEnd);
        }
        running.machine.run(end);
        assertThat(running.machine.stateDigest()).as("law 3").isEqualTo(digest);
        assertThat(running.events).as("law 3").isEqualTo(unseen.events);
        assertThat(running.machine.save()).isEqualTo(atTheEnd);
    }

    private static SavedState throughBytes(SavedState state) throws IOException, BadStateException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        state.writeTo(out);
        assertThat(out.size()).isLessThan((int) state.byteSize());
        return SavedState.readFrom(new ByteArrayInputStream(out.toByteArray()), state.byteSize());
    }
}
