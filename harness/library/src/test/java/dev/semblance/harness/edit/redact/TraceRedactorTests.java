package dev.semblance.harness.edit.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.harness.edit.redact.TraceRedactor.Redacted;
import dev.semblance.harness.fuzz.minimize.Sessions;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/MINIMIZING.md, "redact". */
class TraceRedactorTests {

    private static final String SECRET = "correct horse battery staple";
    private static final byte[] SECRET_BYTES = SECRET.getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private Path trace = Path.of("");
    private Path output = Path.of("");

    @BeforeEach
    void record() throws IOException {
        trace = folder.resolve("t.trace");
        output = folder.resolve("o.trace");
        Sessions.record(trace, Sessions.session(21, 200), new NoFrames());
    }

    @Test
    void aBlankTraceReplaysAndHasNoPixelLeft() throws IOException {
        Redacted redacted = TraceRedactor.redact(trace, new PixelMask.Blank(), new Labels.Keep(), output);
        assertThat(redacted).isEqualTo(new Redacted(Optional.empty(), Optional.empty()));
        List<TraceEvent> before = events(trace);
        List<TraceEvent> after = events(output);
        assertThat(after).hasSameSizeAs(before);
        int bytes = 0;
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).getClass()).isEqualTo(before.get(i).getClass());
            if (after.get(i) instanceof TraceEvent.Memory memory) {
                for (TraceEvent.Bytes run : memory.runs()) {
                    assertThat(run.bytes()).containsOnly(0);
                    bytes += run.bytes().length;
                }
            }
        }
        assertThat(bytes).isPositive();
    }

    /** Which bytes a trace tells, because they changed, draws the outline of every letter. */
    @Test
    void whichBytesOfAPictureChangedIsNotLeftInABlankTrace() throws IOException {
        Path cut = folder.resolve("letters.trace");
        rewrite(
                trace,
                cut,
                event -> event instanceof TraceEvent.Memory memory
                        ? new TraceEvent.Memory(
                                memory.device(),
                                memory.runs().stream()
                                        .flatMap(run -> Stream.iterate(0, at -> at < run.bytes().length, at -> at + 7)
                                                .map(at -> new TraceEvent.Bytes(run.address() + at, new byte[] {1})))
                                        .toList())
                        : event);
        TraceRedactor.redact(cut, new PixelMask.Blank(), new Labels.Keep(), output);
        BitSet told = new BitSet();
        for (TraceEvent event : events(output)) {
            if (event instanceof TraceEvent.Memory memory) {
                for (TraceEvent.Bytes run : memory.runs()) {
                    assertThat(run.address() % 4096).isZero();
                    assertThat(run.bytes().length % 4096).isZero();
                    int page = (int) (run.address() / 4096);
                    assertThat(told.get(page)).as("told again").isFalse();
                    told.set(page, page + run.bytes().length / 4096);
                }
            }
        }
        assertThat(told.cardinality()).isPositive();
    }

    @Test
    void aScrambledTraceReplaysAndEqualPixelsDifferFromPlaceToPlace() throws IOException {
        Redacted redacted = TraceRedactor.redact(trace, new PixelMask.Scramble(5), new Labels.Keep(), output);
        assertThat(redacted).isEqualTo(new Redacted(Optional.empty(), Optional.empty()));
        PixelMask mask = new PixelMask.Scramble(5);
        byte[] same = mask.apply(4096, new byte[256]);
        assertThat(same).isEqualTo(mask.apply(4096, new byte[256]));
        assertThat(same).isNotEqualTo(new PixelMask.Scramble(6).apply(4096, new byte[256]));
        boolean[] seen = new boolean[256];
        for (byte b : same) {
            seen[b & 0xff] = true;
        }
        int values = 0;
        for (boolean value : seen) {
            values += value ? 1 : 0;
        }
        assertThat(values).isGreaterThan(100);
    }

    @Test
    void nothingOfWhatWasTypedOrReadIsLeft() throws IOException {
        Path secret = folder.resolve("secret.trace");
        addSecrets(secret);
        TraceRedactor.redact(secret, new PixelMask.Blank(), new Labels.Keep(), output);
        StringBuilder printed = new StringBuilder();
        for (TraceEvent event : events(output)) {
            switch (event) {
                case TraceEvent.ConsoleInput input ->
                    printed.append(new String(input.bytes(), StandardCharsets.US_ASCII));
                case TraceEvent.ConsoleOutput console -> printed.append((char) console.value());
                case TraceEvent.Input input ->
                    assertThat(input.items())
                            .containsExactly(new TraceEvent.InputItem(1, 30, 1), new TraceEvent.InputItem(1, 272, 1));
                case TraceEvent.Command command -> {
                    if (command.payload() instanceof Payload.Disk disk) {
                        assertThat(disk.dataDigest()).isZero();
                    } else if (command.device() != 0 && command.payload() instanceof Payload.Full full) {
                        assertThat(full.request()).containsOnly(0).hasSize(SECRET_BYTES.length);
                        assertThat(full.response()).containsOnly(0).hasSize(SECRET_BYTES.length);
                    }
                }
                case TraceEvent.End end -> assertThat(end.stateDigest()).isEmpty();
                default -> {}
            }
        }
        assertThat(printed.toString()).isEqualTo("x".repeat(SECRET.length()) + "\r" + "x\n");
        try (TraceReader reader = TraceReader.open(output)) {
            assertThat(reader.manifest().toJson()).doesNotContain(SECRET).doesNotContain("secret-host");
            assertThat(reader.manifest().kind()).isEqualTo(TraceManifest.Kind.DEVICE_ONLY);
        }
    }

    private static TraceManifest withDisk(TraceManifest plain) {
        List<TraceManifest.Device> devices = new ArrayList<>(plain.devices());
        devices.add(new TraceManifest.Device("disk", 2, 0, 0, 0));
        return plain.with().devices(devices).build();
    }

    private static TraceEvent gpuCommand(byte[] request, byte[] response) {
        return command(0, new Payload.Full(request, response));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Requests and answers that are none, or longer than one; registers that the device does not have; other labels. */
    @Test
    void nothingIsLeftOfWhatAGpuDoesNotReadAsACommand() throws IOException {
        byte[] header = CommandCodec.encode(new GpuCommand.ResourceUnref(Header.NONE, 1));
        byte[] unknown = concat(new byte[] {9, 9}, new byte[22]);
        Path secret = folder.resolve("secret.trace");
        try (TraceReader reader = TraceReader.open(trace);
                TraceWriter writer = TraceWriter.create(secret, withDisk(reader.manifest()))) {
            reader.readAll((cycle, event) -> {
                if (event instanceof TraceEvent.End) {
                    writer.accept(cycle, gpuCommand(SECRET_BYTES, SECRET_BYTES));
                    writer.accept(cycle, gpuCommand(concat(header, SECRET_BYTES), concat(header, SECRET_BYTES)));
                    writer.accept(cycle, gpuCommand(concat(unknown, SECRET_BYTES), new byte[0]));
                    writer.accept(
                            cycle,
                            gpuCommand(concat(Arrays.copyOf(header, 24), new byte[] {'c', 'o', 'r'}), SECRET_BYTES));
                    writer.accept(cycle, new TraceEvent.RequestPart(0, 0, SECRET_BYTES));
                    writer.accept(cycle, gpuCommand(SECRET_BYTES, SECRET_BYTES));
                    writer.accept(cycle, new TraceEvent.RequestPart(0, 0, SECRET_BYTES));
                    writer.accept(cycle, new TraceEvent.Snapshot("correct-horse", 0, 1, 1, 5));
                    writer.accept(cycle, new TraceEvent.ConfigWrite(0, 16, 4, 0x72726f63));
                    writer.accept(cycle, new TraceEvent.ConfigRead(1, 0, 4, 0x72726f63));
                    writer.accept(
                            cycle,
                            new TraceEvent.Fault(
                                    1,
                                    0,
                                    RingFault.Reason.CHAIN_TOO_LONG,
                                    List.of(new TraceEvent.Bytes(0, SECRET_BYTES))));
                }
                writer.accept(cycle, event);
            });
            writer.complete();
        }
        TraceRedactor.redact(secret, new PixelMask.Blank(), new Labels.Numbered(), output);
        StringWriter printed = new StringWriter();
        try (TraceReader reader = TraceReader.open(output)) {
            EventJson json = new EventJson(reader.manifest());
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                printed.append(json.line(next.get())).append('\n');
            }
        }
        String lines = printed.toString();
        assertThat(lines).contains("\"snapshot-1\"").doesNotContain("horse", "72726f63");
        for (int at = 0; at + 4 <= SECRET_BYTES.length; at++) {
            assertThat(lines).doesNotContain(HexFormat.of().formatHex(SECRET_BYTES, at, at + 4));
        }
    }

    @Test
    void keysBehindTheButtonsAreKeysToo() {
        List<TraceEvent.InputItem> items = new ArrayList<>();
        for (int code = 0; code < 0x300; code++) {
            items.add(InputRedaction.apply(new TraceEvent.InputItem(1, code, 1)));
        }
        // KEY_NUMERIC_5 of input-event-codes.h is 0x205, KEY_BRL_DOT1 0x1f1.
        assertThat(items.get(0x205).code()).isEqualTo(30);
        assertThat(items.get(0x1f1).code()).isEqualTo(30);
        assertThat(items.get(0x110)).isEqualTo(new TraceEvent.InputItem(1, 0x110, 1));
        assertThat(InputRedaction.apply(new TraceEvent.InputItem(1, 46, 0x61626364)))
                .isEqualTo(new TraceEvent.InputItem(1, 30, 0));
        assertThat(InputRedaction.apply(new TraceEvent.InputItem(0x15, 46, 0x61626364)))
                .isEqualTo(new TraceEvent.InputItem(0x15, 0, 0));
        assertThat(InputRedaction.apply(new TraceEvent.InputItem(3, 1, 700)))
                .isEqualTo(new TraceEvent.InputItem(3, 1, 700));
    }

    @Test
    void theLabelThatNobodyChoseStaysAndEachOtherGetsANumber() {
        Labels labels = new Labels.Numbered();
        assertThat(Stream.of("b", "a", "end", "b@3", "end@1", "a", "c").map(labels::apply))
                .containsExactly(
                        "snapshot-1", "snapshot-2", "end", "snapshot-1@3", "end@1", "snapshot-2", "snapshot-3");
    }

    @Test
    void aFailureOfAnAnswerSurvives() throws IOException {
        Path edited = folder.resolve("edited.trace");
        int[] commands = new int[1];
        rewrite(trace, edited, event -> {
            if (event instanceof TraceEvent.Command command
                    && command.payload() instanceof Payload.Full full
                    && commands[0]++ == 50) {
                return new TraceEvent.Command(
                        command.device(),
                        command.queue(),
                        command.head(),
                        command.descriptors(),
                        new Payload.Full(full.request(), new byte[full.response().length]),
                        command.usedLength(),
                        command.notification());
            }
            return event;
        });
        Redacted redacted = TraceRedactor.redact(edited, new PixelMask.Blank(), new Labels.Keep(), output);
        assertThat(redacted.survives()).isTrue();
    }

    @Test
    void aWrongPictureOfTheRecordingDoesNotSurviveAndThatIsSaid() throws IOException {
        Path edited = folder.resolve("edited.trace");
        int[] flushes = new int[1];
        rewrite(
                trace,
                edited,
                event -> event instanceof TraceEvent.Flush flush && flushes[0]++ == 3
                        ? new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() ^ 1)
                        : event);
        Redacted redacted = TraceRedactor.redact(edited, new PixelMask.Blank(), new Labels.Keep(), output);
        assertThat(redacted.before()).isPresent();
        assertThat(redacted.survives()).isFalse();
    }

    private void addSecrets(Path to) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            TraceManifest plain = reader.manifest();
            List<TraceManifest.Device> devices = new ArrayList<>(plain.devices());
            devices.add(new TraceManifest.Device("keyboard", 18, 0, 0, 0));
            devices.add(new TraceManifest.Device("disk", 2, 0, 0, 0));
            TraceManifest manifest = TraceManifest.builder(TraceManifest.Kind.MACHINE)
                    .toolVersion(plain.toolVersion())
                    .profile("semu")
                    .isa("rv32ima")
                    .harts(1)
                    .ramBytes(plain.ramBytes())
                    .timebaseHz(plain.timebaseHz())
                    .bootargs("root=secret-host " + SECRET)
                    .devices(devices)
                    .displayModes(plain.displayModes())
                    .edid(plain.edid())
                    .images(List.of(new TraceManifest.Image(
                            TraceManifest.Image.Role.KERNEL, "secret-host.img", 1, "0".repeat(64))))
                    .scenario(Optional.of("type \"" + SECRET + "\""))
                    .build();
            try (TraceWriter writer = TraceWriter.create(to, manifest)) {
                writer.accept(0, new TraceEvent.ConsoleInput((SECRET + "\r").getBytes(StandardCharsets.US_ASCII)));
                writer.accept(0, new TraceEvent.ConsoleOutput((byte) 'p'));
                writer.accept(0, new TraceEvent.ConsoleOutput((byte) '\n'));
                writer.accept(
                        0,
                        new TraceEvent.Input(
                                1, List.of(new TraceEvent.InputItem(1, 46, 1), new TraceEvent.InputItem(1, 272, 1))));
                writer.accept(0, command(1, new Payload.Full(SECRET_BYTES, SECRET_BYTES)));
                writer.accept(0, command(2, new Payload.Disk(new byte[16], 5, 512, 0x1234, OptionalLong.of(0))));
                reader.readAll(writer);
                writer.complete();
            }
        }
    }

    private static TraceEvent command(int device, Payload payload) {
        return new TraceEvent.Command(
                device, 0, 0, List.of(new Descriptor(0, 4096, 64, 0)), payload, 0, Notification.SENT);
    }

    private static List<TraceEvent> events(Path path) throws IOException {
        List<TraceEvent> events = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(path)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get().event());
            }
        }
        return events;
    }

    private static void rewrite(Path from, Path to, UnaryOperator<TraceEvent> change) throws IOException {
        try (TraceReader reader = TraceReader.open(from);
                TraceWriter writer = TraceWriter.create(to, reader.manifest())) {
            reader.readAll((cycle, event) -> writer.accept(cycle, change.apply(event)));
            writer.complete();
        }
    }
}
