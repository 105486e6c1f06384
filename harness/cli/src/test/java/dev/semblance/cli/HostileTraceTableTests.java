package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.edit.trim.TrimmedMachine;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateStore;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.trace.EventParts;
import dev.semblance.harness.trace.HostileManifests;
import dev.semblance.harness.trace.HostileManifests.Hostile;
import dev.semblance.harness.trace.StoredState;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every hostile trace before every verb that reads traces: it ends as the README says, with one sentence, soon, and in 256 MiB
 * of heap when the Maven profile {@code hostile} runs it.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class HostileTraceTableTests {

    /** Far more than any takes, on any computer. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** How many parts of a request that never ends. The Maven profile {@code hostile} takes 900, 225 MiB. */
    private static final int PARTS = Integer.getInteger("semblance.hostile.parts", 90);

    /** The verbs that open no trace, whatever they are given. */
    private static final Set<String> READ_NO_TRACE =
            Set.of("boot", "benchmark", "generate-completion", "help", "serve");

    /**
     * What is done with a trace.
     *
     * @param verb as the command line has it
     * @param drives whether a device is driven or memory sized as the manifest says
     */
    private record Use(String name, String verb, boolean drives, List<String> words) {
        static Use of(String name, boolean drives, String... words) {
            return new Use(name, words[0], drives, List.of(words));
        }
    }

    private static final List<Use> USES = List.of(
            Use.of("info", false, "info", "TRACE"),
            Use.of("dump", false, "dump", "TRACE"),
            Use.of("dump --json", false, "dump", "--json", "TRACE"),
            Use.of("dump --script", true, "dump", "--script", "TRACE"),
            Use.of("render", true, "render", "TRACE", "-o", "DIR/pictures"),
            Use.of("render --every-flush", true, "render", "--every-flush", "TRACE", "-o", "DIR/flushes"),
            Use.of("render --apng", true, "render", "TRACE", "--apng", "DIR/film.png"),
            Use.of("replay", true, "replay", "TRACE"),
            Use.of("replay --device", true, "replay", "--device", "TRACE"),
            Use.of("replay --machine", true, "replay", "--machine", "TRACE"),
            Use.of("compare-targets", true, "compare-targets", "--scripts", "0", "builtin", "TRACE"),
            Use.of("bisect-run", true, "bisect-run", "--", "--device", "TRACE"),
            Use.of("approve", true, "approve", "--golden", "DIR/golden", "TRACE"),
            Use.of("trim", true, "trim", "TRACE", "--from", "2", "-o", "DIR/trimmed.trace"),
            Use.of("trim --machine", true, "trim", "TRACE", "--machine", "--from", "2", "-o", "DIR/trimmed.trace"),
            Use.of("redact", true, "redact", "TRACE", "-o", "DIR/redacted.trace"),
            Use.of("redact --pixels scramble", true, "redact", "--pixels", "scramble", "TRACE", "-o", "DIR/r.trace"),
            Use.of("scenario", true, "scenario", "TRACE", "-o", "DIR/s.scenario"),
            Use.of("minimize", true, "minimize", "--max-runs", "50", "TRACE", "-o", "DIR/small.trace"),
            Use.of("diff", false, "diff", "TRACE", "TRACE"),
            Use.of("lint", true, "lint", "TRACE"),
            Use.of("blame", true, "blame", "TRACE", "--pixel", "0,0"),
            Use.of("view --export", false, "view", "TRACE", "--export", "DIR/page.html"),
            Use.of("debug", true, "debug", "TRACE", "--listen", "127.0.0.1:0"),
            Use.of("repair", false, "repair", "TRACE", "-o", "DIR/whole.trace"),
            Use.of("pack", false, "pack", "TRACE", "-o", "DIR/pack.sbpack"),
            Use.of("record --from", true, "record", "--from", "TRACE", "-o", "DIR/on.trace"),
            Use.of("record --again", false, "record", "--again", "TRACE"),
            Use.of("fuzz --corpus", false, "fuzz", "--seed", "1", "--commands", "1", "--corpus", "CORPUS"),
            Use.of("asm", false, "asm", "LINES", "-o", "DIR/again.trace"),
            Use.of("exec", false, "exec", "SCRIPT"));

    /** How a command line ended. */
    private record Ended(int code, String out, String err, long nanos) {}

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, Path> traces = new TreeMap<>();
    private TraceManifest sound = Recordings.manifest(Recordings.cursor());
    private List<Stamped> events = List.of();

    @BeforeEach
    void make() {
        Path trace = folder.resolve("sound.trace");
        SyntheticGuest.record(trace, 1, false, 400);
        sound = Recordings.manifest(trace);
        events = Recordings.events(trace);
    }

    /** Keeps what a verb prints first; a dump of everything would be larger than the heap. */
    private static final class Start extends Writer {
        private final StringBuilder text = new StringBuilder();
        private final int most;

        Start(int most) {
            this.most = most;
        }

        @Override
        public void write(char[] chars, int offset, int length) {
            text.append(chars, offset, Math.min(length, most - text.length()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        /** Returns it up to the end of a line. */
        String lines() {
            return text.substring(0, text.lastIndexOf("\n") + 1);
        }
    }

    private Ended run(int most, List<String> words) {
        Start out = new Start(most);
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        CliEnvironment environment = Environments.of(
                terminal, () -> new GuestImages(Optional.empty(), new ImageCache(folder.resolve("cache"))));
        long start = System.nanoTime();
        int code = Semblance.run(environment, words.toArray(String[]::new));
        return new Ended(code, out.lines(), err.toString(), System.nanoTime() - start);
    }

    private Path own(Use use) {
        return folder.resolve("own").resolve(use.name().replaceAll("[^a-z]+", "-"));
    }

    /** Does something with a trace, in a folder of its own. */
    private Ended run(Use use, Path trace) throws IOException {
        FileUtils.deleteDirectory(own(use).toFile());
        Path own = Files.createDirectories(own(use));
        Path copy = Files.createDirectories(own.resolve("corpus")).resolve("t.trace");
        Files.copy(trace, copy, StandardCopyOption.REPLACE_EXISTING);
        List<String> words = new ArrayList<>();
        for (String word : use.words()) {
            words.add(
                    switch (word) {
                        case "TRACE" -> copy.toString();
                        case "CORPUS" -> copy.resolveSibling("").toString();
                        case "LINES" -> text(own.resolve("lines.jsonl"), "dump", "--json", copy.toString());
                        case "SCRIPT" -> text(own.resolve("script.jsonl"), "dump", "--script", copy.toString());
                        default -> word.replace("DIR", own.toString());
                    });
        }
        return run(1 << 16, words);
    }

    private String text(Path file, String... words) throws IOException {
        return Files.writeString(file, run(8 << 20, List.of(words)).out()).toString();
    }

    // ---- the traces ----------------------------------------------------------------------------------------------

    private void add(String name, TraceManifest manifest, List<Stamped> of) throws IOException {
        Path trace = folder.resolve(name + ".trace");
        try (TraceWriter writer = TraceWriter.create(trace, manifest)) {
            of.forEach(event -> writer.accept(event.cycle(), event.event()));
            writer.complete();
        }
        traces.put(name, trace);
    }

    private void add(String name, byte[] bytes) throws IOException {
        traces.put(name, Files.write(folder.resolve(name + ".trace"), bytes));
    }

    private List<Stamped> parts(boolean inBatch) {
        List<Stamped> parts = new ArrayList<>();
        TraceEvent part = new TraceEvent.RequestPart(0, 0, new byte[EventParts.PART_BYTES]);
        List<TraceEvent> all = new ArrayList<>();
        all.add(new TraceEvent.Reset(0));
        if (inBatch) {
            all.add(new TraceEvent.Notify(0, 0));
        }
        all.addAll(Collections.nCopies(PARTS, part));
        all.add(new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]));
        all.forEach(event -> parts.add(new Stamped(parts.size(), 1, event)));
        return parts;
    }

    // ---- how it has to end ---------------------------------------------------------------------------------------

    private static final int PASS = 0;
    private static final int USAGE = 2;
    private static final int CORRUPT = 3;
    private static final int INCOMPATIBLE = 5;

    /** Those whose results, bad ones too, are a report on standard output. */
    private static final Set<String> REPORT =
            Set.of("lint", "replay", "compare-targets", "bisect-run", "approve", "diff");

    /** A table of a row's ends, for what has no rule. */
    private static ToIntFunction<Use> ends(String ends) {
        Map<String, Integer> codes = new TreeMap<>();
        for (String end : ends.split(",\\s*", -1)) {
            String[] pair = end.split(" = ", -1);
            codes.put(pair[0], Integer.parseInt(pair[1]));
        }
        assertThat(codes.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        USES.stream().map(Use::name).toList());
        return use -> codes.getOrDefault(use.name(), -1);
    }

    private void assertEnds(String trace, String reason, ToIntFunction<Use> code) throws IOException {
        for (Use use : USES) {
            Ended ended = run(use, Optional.ofNullable(traces.get(trace)).orElseThrow());
            String cell = trace + ", " + use.name() + ": " + ended;
            assertThat(ended.code()).as(cell).isEqualTo(code.applyAsInt(use));
            assertThat(ended.nanos()).as(cell).isLessThan(MAX_NANOS);
            assertSaysWhy(cell, use, ended, reason);
            if (ended.code() == USAGE || ended.code() == CORRUPT || ended.code() == INCOMPATIBLE) {
                try (Stream<Path> left = Files.list(own(use))) {
                    assertThat(left.map(file -> file.getFileName().toString()))
                            .as("what %s left behind of %s", use.name(), trace)
                            .isSubsetOf("corpus", "lines.jsonl", "script.jsonl", "pictures", "flushes");
                }
            }
        }
    }

    /** One sentence where it does not pass, on one of the streams; nothing else on standard error. */
    private static void assertSaysWhy(String cell, Use use, Ended ended, String reason) {
        List<String> said = ended.err().lines().toList();
        assertThat(said).as(cell).hasSizeLessThanOrEqualTo(1).allMatch(line -> line.startsWith("semblance: "));
        if (ended.code() == PASS) {
            return;
        }
        assertThat(said).as(cell).hasSize(REPORT.contains(use.verb()) && said.isEmpty() ? 0 : 1);
        assertThat(ended.out() + ended.err()).as(cell).isNotBlank();
        if (use.drives() && ended.code() == INCOMPATIBLE) {
            assertThat(ended.out() + ended.err()).as(cell).contains(reason);
        }
    }

    @Test
    void manifestsOfWhatIsNotHereAreRefusedByAllThatDriveADevice() throws IOException {
        Map<String, Hostile> manifests = HostileManifests.of(sound);
        for (Map.Entry<String, Hostile> hostile : manifests.entrySet()) {
            TraceManifest manifest = hostile.getValue().manifest();
            // Events name devices of the manifest, or cannot be written.
            boolean any = !manifest.devices().isEmpty();
            add(
                    hostile.getKey(),
                    manifest,
                    events.stream()
                            .filter(event -> any || !(event.event() instanceof TraceEvent.OfDevice))
                            .toList());
            assertEnds(hostile.getKey(), hostile.getValue().reason(), use -> switch (use.name()) {
                case "record --again" -> USAGE;
                case "bisect-run" -> BisectRunCommand.SKIP;
                default -> use.drives() ? INCOMPATIBLE : PASS;
            });
        }
    }

    @Test
    void whatHasNoManifestToReadIsCorrupt() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("sound.trace"));
        add("empty", new byte[0]);
        add("no-trace", "{\"op\":\"device\"}\n".getBytes(StandardCharsets.UTF_8));
        add("truncated-header", Arrays.copyOf(bytes, 11));
        byte[] wrongHeader = bytes.clone();
        wrongHeader[24] ^= 0x10;
        add("wrong-header-crc", wrongHeader);
        for (String trace : traces.keySet()) {
            assertEnds(trace, "", use -> switch (use.name()) {
                case "record --again" -> USAGE;
                case "bisect-run" -> BisectRunCommand.SKIP;
                // A script of no lines does nothing; a corpus is what can be used of it.
                case "exec", "fuzz --corpus" -> PASS;
                default -> CORRUPT;
            });
        }
    }

    /** Corrupt behind events that are good. */
    private void assertCorruptThoughWithGoodEvents(String trace, Set<String> passing) throws IOException {
        assertEnds(trace, "without a machine", use -> switch (use.name()) {
            case "record --again" -> USAGE;
            case "bisect-run" -> BisectRunCommand.SKIP;
            case "replay --machine", "record --from", "trim --machine" -> INCOMPATIBLE;
            case "exec", "fuzz --corpus", "pack", "repair" -> PASS;
            default -> passing.contains(use.name()) ? PASS : CORRUPT;
        });
    }

    @Test
    void aWrongChecksumIsCorruptAndStillGoesIntoAPack() throws IOException {
        byte[] bytes = Files.readAllBytes(Recordings.write(folder.resolve("plain.trace"), sound, events));
        bytes[bytes.length / 2] ^= 0x10;
        add("wrong-crc", bytes);
        assertCorruptThoughWithGoodEvents("wrong-crc", Set.of());
    }

    /** Puts checksums that fit into the header of a chunk. */
    private static void fixChunk(byte[] bytes, int chunk) {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C stored = new CRC32C();
        stored.update(bytes, chunk + 48, header.getInt(chunk + 16));
        header.putInt(chunk + 40, (int) stored.getValue());
        CRC32C crc = new CRC32C();
        crc.update(bytes, chunk, 44);
        header.putInt(chunk + 44, (int) crc.getValue());
    }

    /** docs/TRACE_FORMAT.md, "Footer": its chunk's header has the number of events and the last cycle. */
    @Test
    void aFooterWhoseHeaderIsWrongIsCorruptForAll() throws IOException {
        byte[] bytes = Files.readAllBytes(Recordings.write(folder.resolve("plain.trace"), sound, events));
        int footer = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - 16);
        for (int field : new int[] {20, 24, 32}) {
            byte[] wrong = bytes.clone();
            wrong[footer + field]++;
            fixChunk(wrong, footer);
            String name = "footer-" + field;
            add(name, wrong);
            // All events are good, and so are the lines made of them.
            assertCorruptThoughWithGoodEvents(name, Set.of("asm"));
        }
    }

    /** docs/TRACE_FORMAT.md, "Events": beyond scanout 0, a label ends with its scanout's number. */
    @Test
    void aLabelOfAnotherScanoutIsCorruptForAll() throws IOException {
        List<Stamped> labelled = new ArrayList<>(events.subList(0, events.size() - 1));
        labelled.add(
                new Stamped(labelled.size(), events.getLast().cycle(), new TraceEvent.Snapshot("x@1", 1, 8, 8, 0)));
        labelled.add(events.getLast());
        byte[] bytes = Files.readAllBytes(Recordings.write(folder.resolve("plain.trace"), sound, labelled));
        int footer = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(bytes.length - 16);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.lastIndexOf("x@1") + 2] = '2';
        fixChunk(bytes, text.lastIndexOf("EVTS") - 4);
        add("label", Arrays.copyOf(bytes, footer));
        assertCorruptThoughWithGoodEvents("label", Set.of());
    }

    @Test
    void aTornTraceIsUsedAsFarAsItGoes() throws IOException {
        byte[] bytes = Files.readAllBytes(Recordings.write(folder.resolve("plain.trace"), sound, events));
        add("torn", Arrays.copyOf(bytes, bytes.length * 3 / 4));
        assertEnds("torn", "without a machine", ends("""
                        info = 4, dump = 4, dump --json = 4, dump --script = 4, render = 4, render --every-flush = 4, \
                        render --apng = 4, replay = 4, replay --device = 4, replay --machine = 5, lint = 4, blame = 4, view --export = 4, debug = 5, bisect-run = 125, \
                        approve = 4, trim = 4, trim --machine = 5, redact = 4, redact --pixels scramble = 4, scenario = 5, minimize = 2, diff = 4, \
                        repair = 0, pack = 0, record --from = 5, record --again = 2, fuzz --corpus = 0, asm = 3, exec = 0, compare-targets = 4"""));
    }

    @Test
    void aTraceThatStopsBeforeItsFirstEventIsCorruptForAll() throws IOException {
        byte[] bytes = Files.readAllBytes(Recordings.write(folder.resolve("plain.trace"), sound, events));
        int header = 24 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        for (int length : new int[] {header, header + 1, header + 48, header + 100}) {
            add("torn-first", Arrays.copyOf(bytes, length));
            assertEnds("torn-first", "without a machine", use -> switch (use.name()) {
                case "record --again" -> USAGE;
                case "bisect-run" -> BisectRunCommand.SKIP;
                case "replay --machine", "record --from", "trim --machine" -> INCOMPATIBLE;
                case "exec", "fuzz --corpus", "pack" -> PASS;
                default -> CORRUPT;
            });
        }
    }

    /** Parts of requests that no command ends: a few KB as a file, many MiB when joined. */
    @Test
    void partsOfRequestsWithoutEndExhaustNothing() throws IOException {
        add("parts", sound, parts(false));
        assertEnds("parts", "without a machine", ends("""
                        info = 0, dump = 0, dump --json = 0, dump --script = 3, render = 1, render --every-flush = 1, \
                        render --apng = 2, replay = 1, replay --device = 1, replay --machine = 5, lint = 0, blame = 0, view --export = 0, debug = 5, bisect-run = 1, \
                        approve = 1, trim = 0, trim --machine = 5, redact = 0, redact --pixels scramble = 0, scenario = 5, minimize = 3, diff = 0, \
                        repair = 0, pack = 0, record --from = 5, record --again = 2, fuzz --corpus = 0, asm = 3, exec = 0, compare-targets = 0"""));
    }

    @Test
    void partsOfRequestsWithoutEndInABatchAreCorrupt() throws IOException {
        add("parts-in-batch", sound, parts(true));
        assertEnds("parts-in-batch", "without a machine", ends("""
                        info = 0, dump = 0, dump --json = 0, dump --script = 3, render = 3, render --every-flush = 3, \
                        render --apng = 2, replay = 3, replay --device = 3, replay --machine = 5, lint = 1, blame = 0, view --export = 0, debug = 5, bisect-run = 125, \
                        approve = 3, trim = 3, trim --machine = 5, redact = 3, redact --pixels scramble = 3, scenario = 5, minimize = 3, diff = 0, \
                        repair = 0, pack = 0, record --from = 5, record --again = 2, fuzz --corpus = 0, asm = 3, exec = 0, compare-targets = 3"""));
    }

    // ---- stored states --------------------------------------------------------------------------------------------

    /** Where in a file the first chunk of the state is. */
    private static int stateChunk(byte[] bytes) {
        return 24 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
    }

    /** A trace of a few events whose machine begins in a state. */
    private Path withState() throws IOException {
        Path whole = folder.resolve("whole.trace");
        SessionConfig config = Recordings.bareConfig("hello-semu.bin");
        Recordings.record(config, Optional.empty(), whole);
        Path cut = folder.resolve("cut.trace");
        TrimmedMachine machine = new TrimmedMachine(config, new SessionStarts(StateStore.NONE), cycle -> {});
        TraceTrimmer.trim(
                whole, new PositionRange(Position.parse("event:3"), Position.parse("end")), Optional.of(machine), cut);
        return cut;
    }

    private void addWithState(String name, Path of, StoredState told, SavedState state) throws IOException {
        Path trace = folder.resolve(name + ".trace");
        TraceManifest manifest =
                Recordings.manifest(of).with().storedState(Optional.of(told)).build();
        try (OutputFile file = OutputFile.create(trace);
                TraceWriter writer = TraceWriter.into(file, manifest, Optional.of(state))) {
            Recordings.events(of).forEach(event -> writer.accept(event.cycle(), event.event()));
            writer.complete();
        }
        traces.put(name, trace);
    }

    private static boolean playsMachines(Use use) {
        return Set.of("replay", "approve", "debug", "trim", "record").contains(use.verb());
    }

    /** How often states are made up. */
    private static final int STATES = Integer.getInteger("semblance.hostile.states", 150) / 50;

    private static SavedState stateOf(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return reader.readStoredState().orElseThrow();
        }
    }

    /** docs/TRACE_FORMAT.md, "Stored state": it matters to who plays machines. */
    private void assertOnlyTheMachineIsRefused(String trace, int alone, int both, Predicate<Use> which)
            throws IOException {
        for (Use use : USES.stream().filter(which).toList()) {
            Ended ended = run(use, Optional.ofNullable(traces.get(trace)).orElseThrow());
            int code = switch (use.name()) {
                case "replay --machine", "debug", "trim --machine", "record --from" -> alone;
                case "replay", "approve" -> both;
                case "scenario" -> INCOMPATIBLE;
                case "render --apng", "minimize", "record --again" -> USAGE;
                default -> PASS;
            };
            String cell = trace + ", " + use.name() + ": " + ended;
            assertThat(ended.code()).as(cell).isEqualTo(code);
            assertThat(ended.nanos()).as(cell).isLessThan(MAX_NANOS);
            assertThat(ended.err().lines()).as(cell).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void aStoredStateThatIsNoneHereOrDamagedIsRefusedByAllThatPlayMachines() throws IOException {
        Path cut = withState();
        StoredState told = Recordings.manifest(cut).storedState().orElseThrow();
        addWithState("layout", cut, new StoredState(told.cycle(), 99, told.preamble()), stateOf(cut));
        assertOnlyTheMachineIsRefused("layout", INCOMPATIBLE, PASS, Use::drives);
        addWithState("cycle", cut, new StoredState(told.cycle() - 1, told.layout(), told.preamble()), stateOf(cut));
        assertOnlyTheMachineIsRefused("cycle", INCOMPATIBLE, INCOMPATIBLE, HostileTraceTableTests::playsMachines);
        byte[] bytes = Files.readAllBytes(cut);
        byte[] missing = bytes.clone();
        missing[stateChunk(bytes) + 4] = 'x';
        fixChunk(missing, stateChunk(bytes));
        add("missing", missing);
        assertOnlyTheMachineIsRefused("missing", CORRUPT, CORRUPT, HostileTraceTableTests::playsMachines);
        byte[] garbled = bytes.clone();
        garbled[stateChunk(bytes) + 48 + 30] ^= 1;
        fixChunk(garbled, stateChunk(bytes));
        add("garbled", garbled);
        assertOnlyTheMachineIsRefused("garbled", CORRUPT, CORRUPT, use -> true);
    }

    @Test
    void aStoredStateThatIsMadeUpIsRefusedOrPlayed() throws IOException {
        Path cut = withState();
        StoredState told = Recordings.manifest(cut).storedState().orElseThrow();
        ChangedStates.Parts parts = ChangedStates.parts(stateOf(cut));
        addWithState("state-0", cut, new StoredState(told.cycle(), told.layout(), Long.MAX_VALUE), stateOf(cut));
        for (int i = 1; i <= STATES; i++) {
            addWithState("state-" + i, cut, told, parts.changed(new Random(i)));
        }
        Set<Integer> codes = new TreeSet<>();
        for (int i = 0; i <= STATES; i++) {
            for (Use use : USES) {
                // A machine that can be debugged waits for its debugger.
                if (use.verb().equals("replay") || use.verb().equals("trim")) {
                    Ended ended = run(
                            use, Optional.ofNullable(traces.get("state-" + i)).orElseThrow());
                    String cell = "state " + i + ", " + use.name() + ": " + ended;
                    assertThat(ended.code()).as(cell).isIn(PASS, 1, CORRUPT, INCOMPATIBLE);
                    assertThat(ended.nanos()).as(cell).isLessThan(MAX_NANOS);
                    codes.add(ended.code());
                }
            }
        }
        assertThat(codes).contains(PASS, INCOMPATIBLE);
    }

    @Test
    void everyVerbThatReadsTracesIsInTheTable() {
        Terminal terminal =
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        Set<String> verbs = new TreeSet<>(Semblance.commandLine(Environments.of(terminal), words -> 0)
                .getSubcommands()
                .keySet());
        Set<String> known = new TreeSet<>(READ_NO_TRACE);
        USES.forEach(use -> known.add(use.verb()));
        assertThat(known).isEqualTo(verbs);
    }
}
