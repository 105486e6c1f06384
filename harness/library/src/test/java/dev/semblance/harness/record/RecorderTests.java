package dev.semblance.harness.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.trace.EventParts;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.Virtqueue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * docs/ARCHITECTURE.md, "Forwards": whatever passes a decorator of the recorder is one event at the current cycle, with all
 * of its fields, and goes on as it came.
 */
class RecorderTests {

    private static final QueueLayout LAYOUT = new QueueLayout(8, 0x1000, 0x2000, 0x3000);

    private final CycleTimeline timeline = new CycleTimeline();

    /** Events and what the decorated part was asked, in order. */
    private final List<Object> log = new ArrayList<>();

    private final List<Stamped> stamped = new ArrayList<>();
    private final Recorder recorder = new Recorder(timeline, this::accept);
    private final Ram ram = new Ram(1 << 20);

    private void accept(long cycle, TraceEvent event) {
        log.add(event);
        stamped.add(new Stamped(stamped.size(), cycle, event));
    }

    /** A device that notes what it is asked. */
    private final class Probe implements VirtioDevice {
        private final List<DescriptorChain> taken = new ArrayList<>();
        private Optional<DeviceContext> context = Optional.empty();

        DeviceContext context() {
            return context.orElseThrow();
        }

        @Override
        public int deviceId() {
            return 77;
        }

        @Override
        public long offeredFeatures() {
            return 0x1_0000_0003L;
        }

        @Override
        public int queueCount() {
            return 2;
        }

        @Override
        public int maxQueueSize(int queue) {
            return 32 << queue;
        }

        @Override
        public int configSize() {
            return 12;
        }

        @Override
        public int readConfig(int offset, int width) {
            log.add("readConfig " + offset + " " + width);
            return 1000 + offset;
        }

        @Override
        public void writeConfig(int offset, int width, int value) {
            log.add("writeConfig " + offset + " " + width + " " + value);
        }

        @Override
        public void reset() {
            log.add("reset");
        }

        @Override
        public void featuresAccepted(long features) {
            log.add("accepted " + features);
        }

        @Override
        public void featuresRefused(long features) {
            log.add("refused " + features);
        }

        @Override
        public void queueEnabled(int queue, QueueLayout layout) {
            log.add("enabled " + queue + " " + layout.size());
        }

        @Override
        public void queueDisabled(int queue) {
            log.add("disabled " + queue);
        }

        @Override
        public void start(DeviceContext given) {
            log.add("start");
            context = Optional.of(given);
        }

        @Override
        public void queueNotified(int queue) {
            log.add("notified " + queue);
            Virtqueue ring = context().queue(queue);
            ring.poll().ifPresent(taken::add);
        }

        @Override
        public void ringBroken(int queue, RingFault fault) {
            log.add("broken " + queue + " " + fault.reason());
        }

        @Override
        public void resetNeeded() {
            log.add("needed");
        }
    }

    /** A queue of chains that wait. */
    private final class Waiting implements Virtqueue {
        private final int index;
        private final ArrayDeque<DescriptorChain> chains = new ArrayDeque<>();
        private final List<DescriptorChain> completed = new ArrayList<>();
        private Notification answer = Notification.SENT;

        Waiting(int index) {
            this.index = index;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public int available() {
            return chains.size();
        }

        @Override
        public Optional<DescriptorChain> poll() {
            return Optional.ofNullable(chains.poll());
        }

        @Override
        public Notification complete(DescriptorChain chain, long written, Announce announce) {
            log.add("complete " + index + " " + written + " " + announce);
            completed.add(chain);
            return answer;
        }
    }

    private final Waiting control = new Waiting(0);
    private final Waiting cursor = new Waiting(1);

    private final DeviceContext transport = new DeviceContext() {
        @Override
        public long features() {
            return 42;
        }

        @Override
        public Virtqueue queue(int queue) {
            return queue == 0 ? control : cursor;
        }

        @Override
        public void configChanged() {
            log.add("configChanged");
        }

        @Override
        public void needsReset() {
            log.add("needsReset");
        }
    };

    private DescriptorChain chain(int head, String request, int room) {
        byte[] bytes = ascii(request);
        ram.write(0x8000, bytes, 0, bytes.length);
        return new DescriptorChain(
                ram,
                head,
                List.of(
                        new Descriptor(head, 0x8000, bytes.length, Descriptor.NEXT),
                        new Descriptor(head + 1, 0x9000, room, Descriptor.WRITE)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** VIRTIO 1.2, 2.6.1: a queue that is reset gives up the chains that are out; so does what records them. */
    @Test
    void whatAQueueResetGaveUpIsForgottenOfThatQueueAlone() {
        Probe probe = new Probe();
        VirtioDevice device = recorder.device(3, probe);
        device.start(transport);
        control.chains.add(chain(4, "given up", 24));
        cursor.chains.add(chain(6, "kept", 24));
        device.queueNotified(0);
        device.queueNotified(1);
        device.queueReset(0);
        Virtqueue own = probe.context().queue(0);
        DescriptorChain givenUp = probe.taken.getFirst();
        assertThatIllegalStateException()
                .isThrownBy(() -> own.complete(givenUp, 0, Virtqueue.Announce.NOW))
                .withMessage("a chain came back that is not under way");
        probe.context().queue(1).complete(probe.taken.getLast(), 0, Virtqueue.Announce.NOW);
        assertThat(control.completed).isEmpty();
        assertThat(cursor.completed).hasSize(1);
    }

    @Test
    void theDevicesLifeIsRecordedBeforeTheDeviceLearnsOfIt() {
        VirtioDevice device = recorder.device(3, new Probe());
        device.reset();
        device.featuresAccepted(5);
        device.featuresRefused(6);
        device.queueEnabled(1, LAYOUT);
        device.queueDisabled(1);
        device.writeConfig(4, 2, 99);
        device.start(transport);
        device.queueNotified(1);
        device.resetNeeded();
        assertThat(log)
                .containsExactly(
                        new TraceEvent.Reset(3),
                        "reset",
                        new TraceEvent.Features(3, 5, true),
                        "accepted 5",
                        new TraceEvent.Features(3, 6, false),
                        "refused 6",
                        new TraceEvent.QueueEnabled(3, 1, LAYOUT),
                        "enabled 1 8",
                        new TraceEvent.QueueDisabled(3, 1),
                        "disabled 1",
                        new TraceEvent.ConfigWrite(3, 4, 2, 99),
                        "writeConfig 4 2 99",
                        new TraceEvent.DriverOk(3),
                        "start",
                        new TraceEvent.Notify(3, 1),
                        "notified 1",
                        new TraceEvent.NeedsReset(3),
                        "needed");
    }

    @Test
    void aLoadFromTheConfigurationIsRecordedWithWhatItGave() {
        VirtioDevice device = recorder.device(3, new Probe());
        assertThat(device.readConfig(8, 4)).isEqualTo(1008);
        assertThat(log).containsExactly("readConfig 8 4", new TraceEvent.ConfigRead(3, 8, 4, 1008));
    }

    @Test
    void aRingFaultIsRecordedWithWhatWasReadOfTheRing() {
        VirtioDevice device = recorder.device(2, new Probe());
        RingFault fault = new RingFault(
                RingFault.Reason.CHAIN_TOO_LONG,
                List.of(new RingFault.Read(16, new byte[] {1, 2}), new RingFault.Read(64, new byte[] {3})));
        device.ringBroken(1, fault);
        assertThat(log)
                .containsExactly(
                        new TraceEvent.Fault(
                                2,
                                1,
                                RingFault.Reason.CHAIN_TOO_LONG,
                                List.of(
                                        new TraceEvent.Bytes(16, new byte[] {1, 2}),
                                        new TraceEvent.Bytes(64, new byte[] {3}))),
                        "broken 1 CHAIN_TOO_LONG");
    }

    @Test
    void theDecoratedDeviceIsTheSameToItsTransport() {
        VirtioDevice device = recorder.device(3, new Probe());
        assertThat(device.deviceId()).isEqualTo(77);
        assertThat(device.offeredFeatures()).isEqualTo(0x1_0000_0003L);
        assertThat(device.queueCount()).isEqualTo(2);
        assertThat(device.maxQueueSize(1)).isEqualTo(64);
        assertThat(device.configSize()).isEqualTo(12);
        assertThat(log).isEmpty();
    }

    @Test
    void theContextIsThatOfTheTransport() {
        Probe probe = new Probe();
        recorder.device(3, probe).start(transport);
        log.clear();
        assertThat(probe.context().features()).isEqualTo(42);
        control.chains.add(chain(0, "x", 1));
        assertThat(probe.context().queue(0).available()).isEqualTo(1);
        assertThat(probe.context().queue(1).available()).isZero();
        assertThat(probe.context().queue(1).index()).isEqualTo(1);
        probe.context().configChanged();
        probe.context().needsReset();
        assertThat(log).containsExactly("configChanged", "needsReset");
    }

    @Test
    void aCommandIsRecordedWhenItComesBackWithAllThatPassed() {
        Probe probe = new Probe();
        VirtioDevice device = recorder.device(3, probe);
        device.start(transport);
        DescriptorChain original = chain(4, "hello", 16);
        cursor.chains.add(original);
        cursor.answer = Virtqueue.Notification.SUPPRESSED;
        timeline.setNow(10);
        device.queueNotified(1);
        log.clear();
        DescriptorChain chain = probe.taken.getFirst();
        assertThat(chain.head()).isEqualTo(4);
        assertThat(chain.reader().readUpTo(100)).isEqualTo(ascii("hello"));
        chain.writer().write(ascii("good"));
        chain.writer().write(ascii("bye"));
        timeline.setNow(25);
        assertThat(probe.context().queue(1).complete(chain, 7, Virtqueue.Announce.LATER))
                .isEqualTo(Virtqueue.Notification.SUPPRESSED);
        assertThat(cursor.completed).containsExactly(original);
        assertThat(log)
                .containsExactly(
                        "complete 1 7 LATER",
                        new TraceEvent.Command(
                                3,
                                1,
                                4,
                                original.descriptors(),
                                new TraceEvent.Payload.Full(ascii("hello"), ascii("goodbye")),
                                7,
                                Virtqueue.Notification.SUPPRESSED));
        assertThat(stamped.getLast().cycle()).isEqualTo(25);
        byte[] written = new byte[7];
        ram.read(0x9000, written, 0, 7);
        assertThat(written).isEqualTo(ascii("goodbye"));
    }

    /** VIRTIO 1.2, 2.7.8: a device may complete chains in any order. */
    @Test
    void chainsThatComeBackInAnotherOrderKeepTheirBytes() {
        Probe probe = new Probe();
        VirtioDevice device = recorder.device(0, probe);
        device.start(transport);
        for (int head : new int[] {0, 2}) {
            control.chains.add(chain(head, "unread", 8));
            device.queueNotified(0);
        }
        Virtqueue queue = probe.context().queue(0);
        probe.taken.get(1).writer().write(ascii("b"));
        probe.taken.get(0).writer().write(ascii("aa"));
        queue.complete(probe.taken.get(1), 1, Virtqueue.Announce.NOW);
        queue.complete(probe.taken.get(0), 2, Virtqueue.Announce.NOW);
        List<TraceEvent.Command> commands = log.stream()
                .filter(TraceEvent.Command.class::isInstance)
                .map(TraceEvent.Command.class::cast)
                .toList();
        assertThat(commands).extracting(TraceEvent.Command::head).containsExactly(2, 0);
        assertThat(commands)
                .extracting(TraceEvent.Command::payload)
                .containsExactly(
                        new TraceEvent.Payload.Full(new byte[0], ascii("b")),
                        new TraceEvent.Payload.Full(new byte[0], ascii("aa")));
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.complete(probe.taken.get(0), 2, Virtqueue.Announce.NOW));
    }

    /** docs/TRACE_FORMAT.md: a command's Memory comes right before it, and each byte is told once. */
    @Test
    void whatACommandReadOfMemoryIsToldBeforeItOnce() {
        RecordingMemory memory = recorder.memory(3, ram);
        Probe probe = new Probe();
        VirtioDevice device = recorder.device(3, probe, memory);
        device.start(transport);
        byte[] pixels = ascii("pixels");
        ram.write(0x4000, pixels, 0, 6);
        control.chains.add(chain(0, "x", 8));
        control.chains.add(chain(2, "y", 8));
        device.queueNotified(0);
        device.queueNotified(0);
        log.clear();
        byte[] read = new byte[6];
        memory.read(0x4000, read, 0, 3);
        memory.read(0x4003, read, 3, 3);
        assertThat(read).isEqualTo(pixels);
        assertThat(log).isEmpty();
        probe.context().queue(0).complete(probe.taken.get(0), 0, Virtqueue.Announce.NOW);
        assertThat(log)
                .hasSize(3)
                .startsWith(
                        "complete 0 0 NOW", new TraceEvent.Memory(3, List.of(new TraceEvent.Bytes(0x4000, pixels))));
        log.clear();
        memory.read(0x4000, read, 0, 6);
        probe.context().queue(0).complete(probe.taken.get(1), 0, Virtqueue.Announce.NOW);
        assertThat(log).hasSize(2).first().isEqualTo("complete 0 0 NOW");
    }

    @Test
    void whatADeviceWritesToMemoryIsNoNewsToTheTrace() {
        RecordingMemory memory = recorder.memory(3, ram);
        memory.write(0x4000, ascii("x"), 0, 1);
        assertThat(ram.getByte(0x4000)).isEqualTo((byte) 'x');
        assertThat(memory.size()).isEqualTo(ram.size());
        memory.drain(recorder);
        assertThat(log).isEmpty();
    }

    @Test
    void runsThatTouchAreOneAndThoseApartAreSeveral() {
        RecordingMemory memory = recorder.memory(1, ram);
        ram.write(0x4000, ascii("abcdef"), 0, 6);
        byte[] read = new byte[6];
        memory.read(0x4000, read, 0, 2);
        memory.read(0x4002, read, 0, 2);
        memory.read(0x5000, read, 0, 1);
        memory.read(0x4004, read, 0, 2);
        memory.drain(recorder);
        assertThat(log)
                .containsExactly(new TraceEvent.Memory(
                        1,
                        List.of(
                                new TraceEvent.Bytes(0x4000, ascii("abcd")),
                                new TraceEvent.Bytes(0x5000, new byte[1]),
                                new TraceEvent.Bytes(0x4004, ascii("ef")))));
        log.clear();
        memory.read(0x4006, read, 0, 1);
        memory.drain(recorder);
        assertThat(log)
                .as("a run does not go on behind what was told before")
                .containsExactly(new TraceEvent.Memory(1, List.of(new TraceEvent.Bytes(0x4006, new byte[1]))));
    }

    @Test
    void picturesGoOnBeforeTheyAreRecorded() {
        FrameSink next = new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                log.add("flushed " + scanout);
            }

            @Override
            public void disabled(int scanout) {
                log.add("disabled " + scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                log.add("cursor " + scanout);
            }
        };
        FrameSink frames = recorder.frames(next);
        Frame frame = Frame.solid(3, 2, 0xff00_00ff);
        frames.flushed(1, frame);
        frames.disabled(2);
        frames.cursorChanged(3, new CursorPlane(Optional.of(frame), -1, 2, 3, 4));
        frames.cursorChanged(4, CursorPlane.HIDDEN);
        assertThat(log)
                .containsExactly(
                        "flushed 1",
                        new TraceEvent.Flush(1, 3, 2, frame.digest()),
                        "disabled 2",
                        new TraceEvent.ScanoutDisabled(2),
                        "cursor 3",
                        new TraceEvent.Cursor(3, OptionalLong.of(frame.digest()), -1, 2, 3, 4),
                        "cursor 4",
                        new TraceEvent.Cursor(4, OptionalLong.empty(), 0, 0, 0, 0));
    }

    @Test
    void inputIsRecordedBeforeItArrivesAndOutputBeforeItIsShown() {
        HostPort port = recorder.port(new HostPort() {
            @Override
            public void console(byte[] bytes) {
                log.add("console " + bytes.length);
            }

            @Override
            public void input(TraceEvent.Input report) {
                log.add("input " + report.device());
            }

            @Override
            public void display(TraceEvent.DisplayChange change) {
                log.add("display " + change.scanout());
            }
        });
        TraceEvent.DisplayChange change = new TraceEvent.DisplayChange(4, 1, TraceManifest.DisplayMode.OFF);
        TraceEvent.Input report = new TraceEvent.Input(2, List.of(new TraceEvent.InputItem(1, 30, 1)));
        timeline.setNow(7);
        port.console(ascii("ls"));
        port.input(report);
        port.display(change);
        recorder.console(value -> log.add("shown " + value)).put((byte) 65);
        assertThat(log)
                .containsExactly(
                        new TraceEvent.ConsoleInput(ascii("ls")),
                        "console 2",
                        report,
                        "input 2",
                        change,
                        "display 1",
                        new TraceEvent.ConsoleOutput((byte) 65),
                        "shown 65");
        assertThat(stamped).extracting(Stamped::cycle).containsOnly(7L);
    }

    /** docs/TRACE_FORMAT.md: no event takes more than a chunk; what is longer comes in parts, at one cycle. */
    @Test
    void longEventsComeInParts() {
        byte[] bytes = new byte[3 * EventParts.PART_BYTES / 2];
        Arrays.fill(bytes, (byte) 5);
        timeline.setNow(9);
        recorder.emit(new TraceEvent.ConsoleInput(bytes));
        assertThat(stamped).hasSize(2);
        assertThat(stamped).extracting(Stamped::cycle).containsOnly(9L);
        assertThat(((TraceEvent.ConsoleInput) stamped.get(0).event()).bytes()).hasSize(EventParts.PART_BYTES);
        assertThat(((TraceEvent.ConsoleInput) stamped.get(1).event()).bytes()).hasSize(EventParts.PART_BYTES / 2);
    }
}
