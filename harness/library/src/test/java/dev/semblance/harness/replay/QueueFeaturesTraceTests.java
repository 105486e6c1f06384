package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.redact.Labels;
import dev.semblance.harness.edit.redact.PixelMask;
import dev.semblance.harness.edit.redact.TraceRedactor;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.trace.text.JsonEvents;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TRACE_FORMAT.md, version 3: what is kept of queues with features, and what is done with such traces. */
class QueueFeaturesTraceTests {

    private static final QueueFeatures ALL =
            QueueFeatures.parse("indirect,event-idx,ring-reset").orElseThrow();

    @TempDir
    private Path folder = Path.of("");

    private Path trace = Path.of("");
    private List<Stamped> events = List.of();

    @BeforeEach
    void record() {
        trace = folder.resolve("t.trace");
        SyntheticGuest.record(trace, 5, false, ALL, 300);
        events = Recordings.events(trace);
    }

    private static Optional<Divergence> replay(Path path) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                    .run(cycle -> {})
                    .divergence();
        }
    }

    private Path edited(UnaryOperator<TraceEvent> edit) {
        List<Stamped> changed = events.stream()
                .map(old -> new Stamped(old.sequence(), old.cycle(), edit.apply(old.event())))
                .toList();
        assertThat(changed).isNotEqualTo(events);
        return Recordings.write(folder.resolve("edited.trace"), Recordings.manifest(trace), changed);
    }

    /** Changes the descriptors of the first chain with a table. */
    private Path withTable(UnaryOperator<List<Descriptor>> edit) {
        boolean[] done = new boolean[1];
        return edited(event -> {
            if (done[0] || !(event instanceof Command command) || !isIndirect(command)) {
                return event;
            }
            done[0] = true;
            return with(command, edit.apply(command.descriptors()), command.notification());
        });
    }

    private static Command with(Command command, List<Descriptor> descriptors, Notification notification) {
        return new Command(
                command.device(),
                command.queue(),
                command.head(),
                descriptors,
                command.payload(),
                command.usedLength(),
                notification);
    }

    private static boolean isIndirect(Command command) {
        return command.descriptors().stream().anyMatch(Descriptor::isIndirect);
    }

    private List<Command> commands() {
        return events.stream()
                .map(Stamped::event)
                .filter(Command.class::isInstance)
                .map(Command.class::cast)
                .toList();
    }

    @Test
    void theGuestUsesAllOfThem() throws IOException {
        assertThat(commands()).anyMatch(QueueFeaturesTraceTests::isIndirect);
        assertThat(commands()).anyMatch(command -> !isIndirect(command));
        assertThat(commands())
                .anyMatch(command -> command.descriptors().getFirst().isIndirect());
        assertThat(commands())
                .anyMatch(command -> !command.descriptors().getFirst().isIndirect() && isIndirect(command));
        assertThat(commands()).extracting(Command::notification).contains(Notification.SENT, Notification.SUPPRESSED);
        assertThat(events).anyMatch(event -> event.event() instanceof TraceEvent.QueueReset);
        assertThat(events).anyMatch(event -> event.event() instanceof TraceEvent.QueueDisabled);
        assertThat(replay(trace)).isEmpty();
        try (TraceReader reader = TraceReader.open(trace)) {
            assertThat(reader.formatVersion()).isEqualTo(3);
        }
    }

    /** The buffers are what is read and written; the descriptor of a table is neither. */
    @Test
    void theDescriptorOfATableIsNoBuffer() {
        for (Command command : commands()) {
            assertThat(command.buffers()).noneMatch(Descriptor::isIndirect);
            assertThat(command.buffers()).hasSize(command.descriptors().size() - (isIndirect(command) ? 1 : 0));
        }
    }

    @Test
    void anotherNotificationThanRecordedIsADifference() throws IOException {
        for (Notification wanted : List.of(Notification.SENT, Notification.SUPPRESSED)) {
            int[] left = {40};
            Path changed = edited(
                    event -> event instanceof Command command && command.notification() != wanted && left[0]-- == 0
                            ? with(command, command.descriptors(), Notification.HELD)
                            : event);
            assertThat(replay(changed).orElseThrow()).isInstanceOf(Divergence.Different.class);
        }
    }

    @Test
    void aTableThatNoDeviceFollowsIsAnImpossibleEvent() {
        List<UnaryOperator<Descriptor>> wrong = List.of(
                pointer -> new Descriptor(pointer.index(), pointer.address(), 0, pointer.flags()),
                pointer -> new Descriptor(pointer.index(), pointer.address(), 17, pointer.flags()),
                pointer -> new Descriptor(pointer.index(), pointer.address(), 16L << 27, pointer.flags()),
                pointer -> new Descriptor(pointer.index(), SyntheticGuest.RAM - 15, 16, pointer.flags()),
                pointer -> new Descriptor(
                        pointer.index(), pointer.address(), pointer.length(), pointer.flags() | Descriptor.NEXT));
        for (UnaryOperator<Descriptor> edit : wrong) {
            Path path = withTable(descriptors -> descriptors.stream()
                    .map(each -> each.isIndirect() ? edit.apply(each) : each)
                    .toList());
            assertThatExceptionOfType(TraceFormatException.class)
                    .isThrownBy(() -> replay(path))
                    .withMessageContaining("no table of descriptors");
        }
        Path twice = withTable(descriptors -> {
            List<Descriptor> more = new ArrayList<>(descriptors);
            more.add(descriptors.stream()
                    .filter(Descriptor::isIndirect)
                    .findFirst()
                    .orElseThrow());
            return more;
        });
        assertThatExceptionOfType(TraceFormatException.class).isThrownBy(() -> replay(twice));
        Path beyond = withTable(descriptors -> {
            List<Descriptor> more = new ArrayList<>(descriptors);
            more.add(new Descriptor(1000, 0, 0, 0));
            return more;
        });
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> replay(beyond))
                .withMessageContaining("descriptor 1000 in a table of");
        Path empty = withTable(descriptors ->
                descriptors.stream().filter(Descriptor::isIndirect).toList());
        assertThatExceptionOfType(TraceFormatException.class).isThrownBy(() -> replay(empty));
    }

    /** "dump --json" and "asm" are each other's inverse. */
    @Test
    void everyEventGoesToJsonAndBack() {
        EventJson json = new EventJson(Recordings.manifest(trace));
        List<Stamped> all = new ArrayList<>(events);
        all.add(new Stamped(
                all.size(),
                all.getLast().cycle(),
                new TraceEvent.Fault(0, 0, RingFault.Reason.INDIRECT_MALFORMED, List.of())));
        for (Stamped event : all) {
            JsonEvents.Placed placed = JsonEvents.event(json.line(event).getBytes(StandardCharsets.UTF_8));
            assertThat(placed.event()).isEqualTo(event.event());
        }
    }

    @Test
    void peopleAreToldOfTablesAndResets() {
        EventText text = new EventText(Recordings.manifest(trace));
        List<String> lines = events.stream().map(text::line).toList();
        assertThat(lines).anyMatch(line -> line.contains(", indirect, used "));
        assertThat(lines).anyMatch(line -> line.endsWith("control reset") || line.endsWith("cursor reset"));
    }

    @Test
    void aRedactedTraceKeepsItsTables() throws IOException {
        Path output = folder.resolve("o.trace");
        TraceRedactor.redact(trace, new PixelMask.Blank(), new Labels.Keep(), output);
        assertThat(chains(Recordings.events(output))).isEqualTo(chains(events));
    }

    private static List<List<Descriptor>> chains(List<Stamped> events) {
        return events.stream()
                .map(Stamped::event)
                .filter(Command.class::isInstance)
                .map(event -> ((Command) event).descriptors())
                .toList();
    }

    @Test
    void whatIsCutOutOfSuchATraceReplays() throws IOException {
        Path output = folder.resolve("o.trace");
        for (int from = 60; from < events.size(); from += events.size() / 5) {
            TraceTrimmer.Trimmed trimmed = TraceTrimmer.trim(
                    trace, new PositionRange(new Position.OfEvent(from), new Position.OfEvent(from + 60)), output);
            assertThat(trimmed.divergence()).isEmpty();
            assertThat(replay(output)).isEmpty();
        }
    }
}
