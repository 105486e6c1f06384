package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.trace.EventParts;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.text.DecodedCommand;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TraceScriptTests {

    private static final Path RECORDINGS = Path.of("..", "..", "recordings");
    private static final int PAGE = 4096;

    @TempDir
    private Path folder = Path.of("");

    static Stream<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            List<Path> traces = files.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
            assertThat(traces).hasSizeGreaterThan(5);
            return traces.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void theScriptOfEveryRecordingGetsTheSameResponsesAndPictures(Path recording) throws IOException {
        assertThat(ScriptedTrace.assertSame(recording)).isGreaterThan(20);
    }

    // ---- what is told of ----------------------------------------------------------------------------------------

    private TraceScript script(TraceEvent... events) throws IOException {
        List<Stamped> stamped = new ArrayList<>();
        for (TraceEvent event : events) {
            stamped.add(new Stamped(stamped.size(), 0, event));
        }
        stamped.add(new Stamped(stamped.size(), 0, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0])));
        return ScriptedTrace.of(
                Recordings.write(folder.resolve("t.trace"), RigSettings.EXEC.manifest("test"), stamped));
    }

    private static TraceEvent.Command command(
            int queue, List<Descriptor> descriptors, byte[] request, byte[] response) {
        return new TraceEvent.Command(
                0,
                queue,
                0,
                descriptors,
                new TraceEvent.Payload.Full(request, response),
                response.length,
                Notification.SENT);
    }

    private static TraceEvent.Command plain(byte[] request) {
        return command(0, List.of(new Descriptor(0, PAGE, request.length, 0)), request, new byte[0]);
    }

    private static TraceEvent.Memory memory(long address, int length) {
        return new TraceEvent.Memory(0, List.of(new TraceEvent.Bytes(address, new byte[length])));
    }

    private static byte[] transfer() {
        return CommandCodec.encode(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 1, 1), 0, 1));
    }

    private void assertRefused(String message, TraceEvent... events) {
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> script(events))
                .withMessageContaining(message);
    }

    /** docs/SCRIPT.md: what no rig can do is refused with the number of the event. */
    @Test
    void eventsThatNoGpuCanHaveAreRefusedByNumber() {
        assertRefused(
                "event 1 is about queue 2, which a GPU does not have",
                new TraceEvent.DriverOk(0),
                command(2, List.of(), new byte[0], new byte[0]));
        assertRefused(
                "event 1 is a picture of scanout 1, and there are 1",
                new TraceEvent.DriverOk(0),
                new TraceEvent.Snapshot("s@1", 1, 8, 8, 1));
        assertRefused("outside RAM", memory(RigSettings.EXEC.ramBytes() - 1, 2));
        assertRefused("outside RAM", memory(-1, 1));
        assertRefused(
                "event 0 is a disk's request on the GPU's queue",
                new TraceEvent.Command(
                        0,
                        0,
                        0,
                        List.of(),
                        new TraceEvent.Payload.Disk(new byte[16], 0, 0, 0, OptionalLong.empty()),
                        0,
                        Notification.SENT));
    }

    /** docs/ARCHITECTURE.md, corner 9: requests of 4 MiB, and none longer. */
    @Test
    void aRequestInPartsIsOneLineUpToFourMebibytes() throws IOException {
        int parts = RequestAssembler.MAX_BYTES / EventParts.PART_BYTES;
        List<TraceEvent> events = new ArrayList<>(
                Collections.nCopies(parts, new TraceEvent.RequestPart(0, 0, new byte[EventParts.PART_BYTES])));
        events.add(plain(new byte[0]));
        TraceScript whole = script(events.toArray(TraceEvent[]::new));
        assertThat(whole.lines())
                .singleElement()
                .isInstanceOfSatisfying(
                        ScriptLine.Command.class,
                        line -> assertThat(line.request()).hasSize(RequestAssembler.MAX_BYTES));
        events.set(parts, plain(new byte[1]));
        assertRefused("event 16 makes a request longer than 4 MiB", events.toArray(TraceEvent[]::new));
    }

    @Test
    void commandsOfOneNotificationAreOneLineAndThoseOfTwoAreTwo() throws IOException {
        byte[] info = CommandCodec.encode(new GpuCommand.GetDisplayInfo(Header.NONE));
        TraceScript script = script(
                new TraceEvent.DriverOk(0),
                new TraceEvent.Notify(0, 0),
                plain(info),
                plain(info),
                new TraceEvent.Notify(0, 0),
                plain(info),
                new TraceEvent.Notify(0, 1),
                command(1, List.of(), info, new byte[0]));
        assertThat(script.lines().stream().filter(ScriptLine.Submission.class::isInstance))
                .extracting(line -> line instanceof ScriptLine.Batch batch
                        ? "batch of " + batch.commands().size()
                        : "command on " + ((ScriptLine.Command) line).queue())
                .containsExactly("batch of 2", "command on CONTROL", "command on CURSOR");
    }

    /** All memory of a line is written before its first command, which must not be too early for what that reads. */
    @Test
    void memoryThatIsToldAgainBehindATransferBeginsALineOfItsOwn() throws IOException {
        assertThat(batches(memory(PAGE, 8), plain(transfer()), memory(2 * PAGE, 8), plain(transfer())))
                .as("of other pages")
                .containsExactly(2);
        assertThat(batches(memory(PAGE, 8), plain(transfer()), memory(PAGE + 100, 8), plain(transfer())))
                .as("of the page that the first one reads")
                .containsExactly(1, 1);
        byte[] info = CommandCodec.encode(new GpuCommand.GetDisplayInfo(Header.NONE));
        assertThat(batches(memory(PAGE, 8), plain(info), memory(PAGE, 8), plain(info)))
                .as("where nothing reads")
                .containsExactly(2);
        assertThat(batches(
                        memory(PAGE, 8),
                        plain(transfer()),
                        new TraceEvent.Notify(0, 0),
                        memory(PAGE, 8),
                        plain(info),
                        memory(PAGE, 8),
                        plain(info)))
                .as("what an earlier notification read does not count")
                .containsExactly(1, 2);
    }

    private List<Integer> batches(TraceEvent... events) throws IOException {
        List<TraceEvent> all = new ArrayList<>(List.of(new TraceEvent.DriverOk(0), new TraceEvent.Notify(0, 0)));
        all.addAll(List.of(events));
        return script(all.toArray(TraceEvent[]::new)).lines().stream()
                .filter(ScriptLine.Submission.class::isInstance)
                .map(line -> line instanceof ScriptLine.Batch batch
                        ? batch.commands().size()
                        : 1)
                .toList();
    }

    @Test
    void aBatchThatTheRigsQueueCannotHoldIsSeveral() throws IOException {
        byte[] info = CommandCodec.encode(new GpuCommand.GetDisplayInfo(Header.NONE));
        TraceEvent[] many = Collections.nCopies(
                        40,
                        command(
                                0,
                                List.of(
                                        new Descriptor(0, PAGE, 24, Descriptor.NEXT),
                                        new Descriptor(1, 2 * PAGE, 408, Descriptor.WRITE)),
                                info,
                                new byte[0]))
                .toArray(TraceEvent[]::new);
        List<Integer> sizes = batches(many);
        assertThat(sizes).hasSizeGreaterThan(1);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
    }

    @Test
    void aChainLongerThanTheRigsQueueIsJoinedAndThatIsNoted() throws IOException {
        List<Descriptor> chain = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            chain.add(new Descriptor(i, PAGE * (i + 1L), 1, i < 69 ? Descriptor.NEXT : 0));
        }
        TraceScript script = script(
                new TraceEvent.DriverOk(0), new TraceEvent.Notify(0, 0), command(0, chain, new byte[70], new byte[0]));
        TraceStep step = script.steps().getLast();
        assertThat(step.notes())
                .containsExactly("the chain had 70 descriptors, the queue has 64; the last ones are joined");
        ScriptLine.Command line = (ScriptLine.Command) step.line();
        assertThat(line.request()).hasSize(70);
        assertThat(line.requestSplit()).hasSize(39);
    }

    @Test
    void whatADeviceLeftAloneOfAChainIsCutShortAndThatIsNoted() throws IOException {
        List<Descriptor> chain = List.of(
                new Descriptor(0, PAGE, 10_000, Descriptor.NEXT),
                new Descriptor(1, 1 << 20, 100_000, Descriptor.WRITE));
        TraceScript script = script(
                new TraceEvent.DriverOk(0), new TraceEvent.Notify(0, 0), command(0, chain, new byte[24], new byte[24]));
        TraceStep step = script.steps().getLast();
        assertThat(step.notes())
                .containsExactly("the chain had 10000 readable and 100000 writable bytes; what the device left alone is"
                        + " cut short");
        ScriptLine.Command line = (ScriptLine.Command) step.line();
        assertThat(line.request()).hasSize(4096);
        assertThat(line.responseLength()).isEqualTo(64 << 10);
    }

    @Test
    void whatNoLineCanSayIsLeftOutAndNotedWithTheNext() throws IOException {
        TraceScript script = script(
                new TraceEvent.Features(0, 1L << 32 | 2, true),
                new TraceEvent.DriverOk(0),
                new TraceEvent.ConfigWrite(0, 4, 4, 1),
                new TraceEvent.QueueDisabled(0, 1),
                new TraceEvent.ConfigRead(0, 0, 4, 0),
                new TraceEvent.ConfigRead(0, 8, 4, 1));
        assertThat(script.steps().get(0).line()).isEqualTo(new ScriptLine.ConfigWrite(Optional.of("2"), 4, 4, 1));
        assertThat(script.steps().get(0).notes()).isEmpty();
        assertThat(script.steps().get(1).notes()).containsExactly("left out: queue 1 was disabled");
        assertThat(script.steps().get(2).notes()).isEmpty();
    }

    @Test
    void aDriverThatAgreedToLessIsSaidSo() throws IOException {
        assertThat(script(
                                new TraceEvent.Reset(0),
                                new TraceEvent.Features(0, 1L << 32, true),
                                new TraceEvent.DriverOk(0))
                        .lines())
                .singleElement()
                .isInstanceOfSatisfying(
                        ScriptLine.Reset.class,
                        reset -> assertThat(reset.features()).hasValue(1L << 32));
        assertThat(script(
                                new TraceEvent.Reset(0),
                                new TraceEvent.Features(0, 1L << 32 | 2, true),
                                new TraceEvent.DriverOk(0))
                        .lines())
                .as("that is how a rig starts by itself")
                .isEmpty();
    }

    /** VIRTIO 1.2, 5.7.6.8: an entry of backing is one stretch of memory, and stays one where it moves. */
    @Test
    void anEntryAtTheTopOfRamMovesInOnePieceToWhereNothingIs() throws IOException {
        long top = RigSettings.EXEC.ramBytes() - 4 * PAGE;
        byte[] attach = CommandCodec.encode(
                new GpuCommand.ResourceAttachBacking(Header.NONE, 1, 1, List.of(new MemoryEntry(top + 16, 2 * PAGE))));
        // Page 1 is taken, so that three in a row are free from page 2 on.
        TraceScript script = script(
                new TraceEvent.Features(0, 1L << 32 | 2, true),
                new TraceEvent.DriverOk(0),
                new TraceEvent.Notify(0, 0),
                memory(PAGE, 8),
                memory(top + 16, 2 * PAGE),
                plain(attach));
        assertThat(script.steps().getFirst().notes())
                .containsExactly("images at the top of RAM, where the rig has its rings, lie elsewhere here");
        ScriptLine.Command line = (ScriptLine.Command) script.lines().getFirst();
        assertThat(DecodedCommand.of(line.request()))
                .isInstanceOfSatisfying(
                        GpuCommand.ResourceAttachBacking.class,
                        moved -> assertThat(moved.entries()).containsExactly(new MemoryEntry(2 * PAGE + 16, 2 * PAGE)));
        assertThat(line.memory())
                .extracting(write -> write.address() + " " + write.bytes().length)
                .containsExactly(PAGE + " 8", (2 * PAGE + 16) + " " + 2 * PAGE);
    }

    /** VIRTIO 1.2, 2.7.4.1: how a request is cut means nothing to a device, and is kept all the same: it may get it wrong. */
    @Test
    void howAChainIsCutIsKeptBuffersWithoutBytesIncluded() throws IOException {
        assertThat(splits(24)).isEmpty();
        assertThat(splits(8, 16)).containsExactly(8);
        assertThat(splits(24, 0)).containsExactly(24, 0);
        assertThat(splits(0, 23, 1)).containsExactly(0, 23);
    }

    private List<Integer> splits(int... lengths) throws IOException {
        List<Descriptor> chain = new ArrayList<>();
        for (int length : lengths) {
            chain.add(new Descriptor(chain.size(), PAGE, length, Descriptor.NEXT));
        }
        chain.add(new Descriptor(chain.size(), 2 * PAGE, 24, Descriptor.WRITE));
        TraceScript script = script(
                new TraceEvent.Features(0, 1L << 32 | 2, true),
                new TraceEvent.DriverOk(0),
                new TraceEvent.Notify(0, 0),
                command(0, chain, new byte[24], new byte[24]));
        return ((ScriptLine.Command) script.lines().getFirst()).requestSplit();
    }
}
