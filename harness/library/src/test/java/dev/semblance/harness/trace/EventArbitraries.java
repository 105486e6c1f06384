package dev.semblance.harness.trace;

import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Checkpoint;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.ConfigRead;
import dev.semblance.harness.trace.TraceEvent.ConfigWrite;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.Cursor;
import dev.semblance.harness.trace.TraceEvent.DisplayChange;
import dev.semblance.harness.trace.TraceEvent.DriverOk;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceEvent.Fault;
import dev.semblance.harness.trace.TraceEvent.Features;
import dev.semblance.harness.trace.TraceEvent.Flush;
import dev.semblance.harness.trace.TraceEvent.Input;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Memory;
import dev.semblance.harness.trace.TraceEvent.NeedsReset;
import dev.semblance.harness.trace.TraceEvent.Notify;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.QueueDisabled;
import dev.semblance.harness.trace.TraceEvent.QueueEnabled;
import dev.semblance.harness.trace.TraceEvent.QueueReset;
import dev.semblance.harness.trace.TraceEvent.RequestPart;
import dev.semblance.harness.trace.TraceEvent.Reset;
import dev.semblance.harness.trace.TraceEvent.ScanoutDisabled;
import dev.semblance.harness.trace.TraceEvent.Snapshot;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary events of every kind, over the whole range of every field, for the properties of whatever handles events. */
public final class EventArbitraries {

    /** Events name devices 0 to 15. */
    public static final int DEVICES = 16;

    private EventArbitraries() {}

    /** An event with the cycles since the one before. */
    public record Step(long cycleDelta, TraceEvent event) {}

    /** Any event that may stand anywhere in a trace: all but End. */
    public static Arbitrary<TraceEvent> events() {
        return Arbitraries.oneOf(List.of(
                devices().map(Reset::new).map(TraceEvent.class::cast),
                Combinators.combine(devices(), longs(), Arbitraries.of(true, false))
                        .as(Features::new),
                Combinators.combine(
                                devices(),
                                queues(),
                                Combinators.combine(u16(), longs(), longs(), longs())
                                        .as(QueueLayout::new))
                        .as(QueueEnabled::new),
                Combinators.combine(devices(), queues()).as(QueueDisabled::new),
                Combinators.combine(devices(), queues()).as(QueueReset::new),
                Combinators.combine(devices(), scanouts(), modes()).as(DisplayChange::new),
                devices().map(DriverOk::new),
                devices().map(NeedsReset::new),
                Combinators.combine(devices(), u31(), Arbitraries.integers().between(0, 8), ints())
                        .as(ConfigRead::new),
                Combinators.combine(devices(), u31(), Arbitraries.integers().between(0, 8), ints())
                        .as(ConfigWrite::new),
                Combinators.combine(devices(), queues()).as(Notify::new),
                Combinators.combine(devices(), runs()).as(Memory::new),
                Combinators.combine(devices(), queues(), bytes(200)).as(RequestPart::new),
                commands(),
                Combinators.combine(devices(), queues(), Arbitraries.of(RingFault.Reason.class), runs())
                        .as(Fault::new),
                Combinators.combine(
                                devices(),
                                Combinators.combine(u16(), u16(), ints())
                                        .as(InputItem::new)
                                        .list()
                                        .ofMaxSize(5))
                        .as(Input::new),
                bytes(50).map(ConsoleInput::new),
                Arbitraries.bytes().map(ConsoleOutput::new),
                Combinators.combine(scanouts(), u31(), u31(), longs()).as(Flush::new),
                scanouts().map(ScanoutDisabled::new),
                Combinators.combine(scanouts(), optionalLongs(longs()), ints(), ints(), ints(), ints())
                        .as(Cursor::new),
                Combinators.combine(plainLabels(), scanouts(), u31(), u31(), longs())
                        .as((label, scanout, width, height, digest) ->
                                new Snapshot(SnapshotLabel.of(label, scanout), scanout, width, height, digest)),
                Combinators.combine(longs(), bytes(64)).as(Checkpoint::new)));
    }

    private static Arbitrary<DisplayMode> modes() {
        Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 0xffff);
        return Arbitraries.oneOf(
                Arbitraries.just(DisplayMode.OFF),
                Combinators.combine(sizes, sizes).as(DisplayMode::new));
    }

    /** An event that ends a trace. */
    public static Arbitrary<End> ends() {
        return Combinators.combine(Arbitraries.of(End.Reason.class), longs(), bytes(64))
                .as(End::new);
    }

    /** A whole trace: some events and an End, a million cycles apart at most. */
    public static Arbitrary<List<Step>> traces(int maximum) {
        return Combinators.combine(steps(events()).list().ofMaxSize(maximum), steps(ends().map(TraceEvent.class::cast)))
                .as((steps, end) -> {
                    steps.add(end);
                    return List.copyOf(steps);
                });
    }

    /** A block or another command. */
    public static Arbitrary<Command> commands() {
        Arbitrary<Payload> full = Combinators.combine(bytes(200), bytes(200)).as(Payload.Full::new);
        Arbitrary<Payload> disk = Combinators.combine(
                        bytes(16),
                        longs(),
                        longs(),
                        longs(),
                        optionalLongs(Arbitraries.longs().between(0, 255)))
                .as(Payload.Disk::new);
        return Combinators.combine(
                        devices(),
                        queues(),
                        u16(),
                        descriptors(),
                        Arbitraries.oneOf(full, disk),
                        u32(),
                        Arbitraries.of(Notification.class))
                .as(Command::new);
    }

    /** Descriptors that follow each other as drivers make them, and others. */
    private static Arbitrary<List<Descriptor>> descriptors() {
        return Combinators.combine(u16(), longs(), u32(), u16())
                .as(Descriptor::new)
                .list()
                .ofMaxSize(6);
    }

    private static Arbitrary<List<Bytes>> runs() {
        return Combinators.combine(longs(), bytes(100)).as(Bytes::new).list().ofMaxSize(4);
    }

    private static Arbitrary<Step> steps(Arbitrary<TraceEvent> events) {
        return Combinators.combine(Arbitraries.longs().between(0, 1_000_000), events)
                .as(Step::new);
    }

    private static Arbitrary<String> plainLabels() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(64);
    }

    private static Arbitrary<byte[]> bytes(int maximum) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(maximum);
    }

    private static Arbitrary<OptionalLong> optionalLongs(Arbitrary<Long> longs) {
        return longs.optional().map(value -> value.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static Arbitrary<Integer> devices() {
        return Arbitraries.integers().between(0, DEVICES - 1);
    }

    private static Arbitrary<Integer> queues() {
        return Arbitraries.oneOf(Arbitraries.integers().between(0, 1), u16());
    }

    private static Arbitrary<Integer> scanouts() {
        return Arbitraries.integers().between(0, 15);
    }

    private static Arbitrary<Integer> u16() {
        return Arbitraries.integers().between(0, 0xffff);
    }

    private static Arbitrary<Integer> u31() {
        return Arbitraries.integers().between(0, Integer.MAX_VALUE);
    }

    private static Arbitrary<Long> u32() {
        return Arbitraries.longs().between(0, 0xffff_ffffL);
    }

    private static Arbitrary<Integer> ints() {
        return Arbitraries.integers();
    }

    private static Arbitrary<Long> longs() {
        return Arbitraries.longs();
    }
}
