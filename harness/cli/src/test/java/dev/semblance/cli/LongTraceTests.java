package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.EventCodec;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/ARCHITECTURE.md, corner 9: traces whose few bytes stand for as much as the format allows. Each verb gets through
 * them in the heap of 256 MiB that the Maven profile {@code hostile} gives it; no other build has the time.
 */
@EnabledIfSystemProperty(named = "semblance.hostile.traces", matches = "[0-9]+")
class LongTraceTests {

    private static final int MAX = EventCodec.MAX_EVENT_BYTES;

    @TempDir
    private Path folder = Path.of("");

    private final Terminal quiet =
            new Terminal(new PrintWriter(Writer.nullWriter()), new PrintWriter(new StringWriter()), false);

    private Path write(String name, List<TraceEvent> events) {
        Path trace = folder.resolve(name);
        try (TraceWriter writer = TraceWriter.create(trace, TraceFiles.MANIFEST)) {
            events.forEach(event -> writer.accept(1, event));
            writer.accept(1, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]));
            writer.complete();
            return trace;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Every verb that only reads. */
    private void assertReads(Path trace) throws IOException {
        assertThat(new InfoCommand(Environments.of(quiet)).run(new InfoCommand.Request(List.of(TraceFile.of(trace)))))
                .isEqualTo(ExitCode.PASS);
        assertThat(new DumpCommand(Environments.of(quiet)).run(new DumpCommand.Request(trace, DumpCommand.Style.TEXT)))
                .isEqualTo(ExitCode.PASS);
        Path lines = folder.resolve("t.jsonl");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(lines))) {
            assertThat(new DumpCommand(Environments.of(new Terminal(out, new PrintWriter(new StringWriter()), false)))
                            .run(new DumpCommand.Request(trace, DumpCommand.Style.JSON)))
                    .isEqualTo(ExitCode.PASS);
        }
        Path again = folder.resolve("again.trace");
        assertThat(new AsmCommand(Environments.of(quiet)).run(new AsmCommand.Request(Optional.of(lines), again)))
                .isEqualTo(ExitCode.PASS);
        assertThat(new DiffCommand(Environments.of(quiet)).run(new DiffCommand.Request(trace, again, false)))
                .isEqualTo(ExitCode.PASS);
    }

    private static Command command(List<Descriptor> descriptors, byte[] request) {
        return new Command(0, 0, 0, descriptors, new Payload.Full(request, new byte[0]), 0, Notification.SENT);
    }

    @Test
    void theMostRunsDescriptorsAndItemsOfOneEvent() throws IOException {
        assertReads(write(
                "runs.trace",
                List.of(new TraceEvent.Memory(0, Collections.nCopies(MAX / 2 - 10, new Bytes(0, new byte[0]))))));
        assertReads(write(
                "items.trace",
                List.of(new TraceEvent.Input(0, Collections.nCopies(MAX / 3 - 10, new InputItem(1, 1, 1))))));
        Descriptor round = new Descriptor(0, 0, 0, 0);
        assertReads(write("chain.trace", List.of(command(Collections.nCopies(MAX / 4 - 100, round), new byte[0]))));
    }

    @Test
    void theLongestRequestsOnManyQueues() throws IOException {
        byte[] part = new byte[MAX - 64];
        List<TraceEvent> events = new java.util.ArrayList<>();
        for (int queue = 0; queue < 40; queue++) {
            for (int i = 0; i < 9; i++) {
                events.add(new TraceEvent.RequestPart(0, queue, part));
            }
        }
        assertReads(write("parts.trace", events));
    }

    @Test
    void aBackingWithAsManyEntriesAsFit() throws IOException {
        int entries = 131_072;
        ByteBuffer request = ByteBuffer.allocate(32 + 16 * entries).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(0, 0x0106).putInt(24, 1).putInt(28, entries);
        List<TraceEvent> events = new java.util.ArrayList<>();
        byte[] bytes = request.array();
        int last = bytes.length / 200_000 * 200_000;
        for (int at = 0; at < last; at += 200_000) {
            events.add(new TraceEvent.RequestPart(0, 0, java.util.Arrays.copyOfRange(bytes, at, at + 200_000)));
        }
        events.add(command(List.of(), java.util.Arrays.copyOfRange(bytes, last, bytes.length)));
        assertReads(write("backing.trace", events));
    }

    @Test
    void aReplayThatWouldHoldTooMuchIsRefusedWithTheLimit() {
        byte[] zeros = new byte[MAX - 64];
        List<TraceEvent> told = new java.util.ArrayList<>();
        told.add(new TraceEvent.Notify(0, 0));
        for (long address = 0; address + zeros.length < TraceFiles.MANIFEST.ramBytes(); address += zeros.length) {
            told.add(new TraceEvent.Memory(0, List.of(new Bytes(address, zeros))));
        }
        told.addAll(List.copyOf(told));
        assertRefused(write("memory.trace", told), "MiB");
        List<TraceEvent> flushes = Collections.nCopies(200_000, new TraceEvent.Flush(0, 1, 1, 1));
        List<TraceEvent> events = new java.util.ArrayList<>(List.of(new TraceEvent.Notify(0, 0)));
        events.addAll(flushes);
        assertRefused(write("flushes.trace", events), "no device does that much at once");
    }

    private void assertRefused(Path trace, String reason) {
        GuestImages none = new GuestImages(Optional.empty(), new ImageCache(folder.resolve("cache")));
        TraceVerdict verdict = new TraceReplay(none, List.of(), TraceReplay.Kind.DEVICE)
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        TraceVerdict.Refused.class,
                        refused -> assertThat(refused.reason()).contains(reason));
    }
}
