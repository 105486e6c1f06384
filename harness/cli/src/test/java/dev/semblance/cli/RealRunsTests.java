package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README.md, exit codes: the whole program, with the exit code and the sentence of each situation. */
class RealRunsTests {

    private static final int BLACK = 0xff00_0000;
    private static final int RED = 0xffff_0000;

    @TempDir
    private Path folder = Path.of("");

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();
    private GuestImages images = Recordings.images();
    private Map<String, String> environment = Map.of();

    @BeforeEach
    void useACacheOfItsOwn() {
        images = new GuestImages(ProjectHome.guestFolder(), new ImageCache(folder.resolve("cache")));
    }

    private ExitCode run(Object... args) {
        out = new StringWriter();
        err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        int code = Semblance.run(
                Environments.of(terminal, () -> images, environment),
                Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        assertThat(err.toString()).doesNotContain("\tat ");
        return Arrays.stream(ExitCode.values())
                .filter(known -> known.code() == code)
                .findFirst()
                .orElseThrow();
    }

    /** Asserts that a command ends with a code and says one sentence that has these words in it. */
    private void assertRefused(ExitCode code, List<?> args, String... words) {
        assertThat(run(args.toArray())).as(err.toString() + out).isEqualTo(code);
        assertThat(err.toString()).contains(words);
        assertThat(err.toString().lines().filter(line -> line.startsWith("semblance: ")))
                .hasSize(1);
    }

    private Path record(String name) {
        return record(name, "hello-semu.bin");
    }

    private Path record(String name, String program) {
        Path trace = folder.resolve(name);
        assertThat(run("record", "--bare", Recordings.bare(program), "--max-cycles", "1e5", "-o", trace))
                .as(err.toString())
                .isEqualTo(ExitCode.PASS);
        return trace;
    }

    private List<String> left(Path where) throws IOException {
        try (Stream<Path> files = Files.list(where)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> !file.equals("cache"))
                    .sorted()
                    .toList();
        }
    }

    private Path golden(String trace, String label, Frame picture) throws IOException {
        Path file = folder.resolve("golden").resolve(trace).resolve(label + ".png");
        ImageFiles.writePng(picture, file);
        return file;
    }

    private static Frame picture(int argb) {
        return Frame.solid(1024, 768, argb);
    }

    // ---- good ends ----------------------------------------------------------------------------------------------

    @Test
    void aRecordingReplaysInBothWays() throws IOException {
        Path trace = record("t.trace");
        assertThat(left(folder)).containsExactly("t.trace");
        assertThat(out.toString()).containsPattern("t\\.trace: [0-9,]+ cycles.*POWER_OFF, identity [0-9a-f]{64}\n");
        assertThat(run("replay", trace)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString())
                .contains(
                        "unchecked  " + trace,
                        "machine agrees in",
                        "device agrees in",
                        "1 snapshot compared with nothing",
                        "1 trace: 0 passed, 0 failed, 1 unchecked");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aGoldenThatMatchesPasses() throws IOException {
        Path trace = record("t.trace");
        golden("t", "end", picture(BLACK));
        assertThat(run("replay", "--golden", folder.resolve("golden"), "--report", folder.resolve("report"), trace))
                .isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("1 of 1 snapshot matches");
        assertThat(left(folder.resolve("report"))).containsExactly(".semblance-report", "index.html", "summary.txt");
    }

    // ---- goldens ------------------------------------------------------------------------------------------------

    @Test
    void aGoldenThatDiffersIsAMismatchWithAReport() throws IOException {
        Path trace = record("t.trace");
        golden("t", "end", picture(RED));
        Path report = folder.resolve("report");
        assertThat(run("replay", "--golden", folder.resolve("golden"), "--report", report, trace))
                .isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString())
                .contains("FAIL  " + trace)
                .contains("786432 of 786432 pixels differ, within 1024x768 at (0, 0); the first at (0, 0): expected"
                        + " #FF0000, got #000000.");
        assertThat(left(report.resolve("t"))).containsExactly("end.actual.png", "end.diff.png", "end.expected.png");
        assertThat(ImageFiles.read(report.resolve("t/end.actual.png"))).isEqualTo(picture(BLACK));
        assertThat(ImageFiles.read(report.resolve("t/end.expected.png"))).isEqualTo(picture(RED));
        assertThat(ImageFiles.read(report.resolve("t/end.diff.png")).width()).isEqualTo(1024);
        assertThat(report.resolve("summary.txt"))
                .content(StandardCharsets.UTF_8)
                .contains("FAIL", "pixels differ", "1 trace: 0 passed, 1 failed");

        // Once it is right, the pictures of the failure are gone.
        golden("t", "end", picture(BLACK));
        assertThat(run("replay", "--golden", folder.resolve("golden"), "--report", report, trace))
                .isEqualTo(ExitCode.PASS);
        assertThat(left(report)).containsExactly(".semblance-report", "index.html", "summary.txt");
    }

    @Test
    void aGoldenOfAnotherSizeIsAMismatch() throws IOException {
        Path trace = record("t.trace");
        golden("t", "end", Frame.solid(640, 480, BLACK));
        assertThat(run("replay", "--golden", folder.resolve("golden"), "--report", folder.resolve("report"), trace))
                .isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString()).contains("The sizes differ: expected 640x480, got 1024x768.");
    }

    @Test
    void aGoldenThatCannotBeReadIsAMismatchThatNamesTheFile() throws IOException {
        Path trace = record("t.trace");
        Path file = folder.resolve("golden/t/end.png");
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, "no picture");
        assertThat(run("replay", "--golden", folder.resolve("golden"), "--report", folder.resolve("report"), trace))
                .isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString()).contains("has a golden that cannot be read", file.toString());
    }

    @Test
    void aScreenshotFromElsewhereMayBeTheGolden() throws IOException {
        Path trace = record("t.trace");
        Path file = Files.createDirectories(folder.resolve("golden/t")).resolve("end.ppm");
        byte[] header = "P6\n1024 768\n255\n".getBytes(StandardCharsets.US_ASCII);
        Files.write(file, Arrays.copyOf(header, header.length + 3 * 1024 * 768));
        assertThat(run("replay", "--golden", folder.resolve("golden"), trace)).isEqualTo(ExitCode.PASS);
    }

    @Test
    void aMissingGoldenFailsWhereTheUserNamesAFolderAndInRecordings() throws IOException {
        Path report = folder.resolve("report");
        Path trace = record("t.trace");
        assertThat(run("replay", "--golden", folder.resolve("golden"), "--report", report, trace))
                .isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(out.toString()).contains("Snapshot end has no golden", "golden/t/end.png");
        assertThat(left(report.resolve("t"))).containsExactly("end.actual.png");

        Path ours = Files.createDirectories(folder.resolve("recordings")).resolve("t.trace");
        Files.copy(trace, ours);
        assertThat(run("replay", "--report", report, ours)).isEqualTo(ExitCode.GOLDEN_MISSING);
        golden("t", "end", picture(BLACK));
        assertThat(run("replay", "--report", report, ours)).isEqualTo(ExitCode.PASS);
    }

    @Test
    void aNameThatNoGoldenCanHaveIsRefusedWhereGoldensAreDue() throws IOException {
        Path trace = Files.move(record("t.trace"), folder.resolve("my run.trace"));
        assertThat(run("replay", trace)).isEqualTo(ExitCode.PASS);
        assertThat(run("replay", "--golden", folder.resolve("golden"), trace)).isEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).contains("\"my run\" is not a valid name for a recording with goldens");
    }

    // ---- approve ------------------------------------------------------------------------------------------------

    @Test
    void approveWritesWhatIsMissingOrDiffersAndNothingElse() throws IOException {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        for (String name : List.of("right", "wrong", "missing")) {
            Files.move(record(name + ".trace"), recordings.resolve(name + ".trace"));
        }
        // Right, though with other bytes than ours would have.
        Path right = Files.createDirectories(folder.resolve("golden/right")).resolve("end.ppm");
        byte[] header = "P6\n1024 768\n255\n".getBytes(StandardCharsets.US_ASCII);
        Files.write(right, Arrays.copyOf(header, header.length + 3 * 1024 * 768));
        Path wrong = golden("wrong", "end", picture(RED));
        assertThat(run("approve", recordings)).as(err.toString()).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("approved: ", "wrong/end.png", "missing/end.png");
        assertThat(left(folder.resolve("golden/right"))).containsExactly("end.ppm");
        assertThat(ImageFiles.read(wrong)).isEqualTo(picture(BLACK));
        assertThat(ImageFiles.read(folder.resolve("golden/missing/end.png"))).isEqualTo(picture(BLACK));
        assertThat(run("replay", recordings)).isEqualTo(ExitCode.PASS);
    }

    @Test
    void approveRefusesATraceThatDivergesOrIsTorn() throws IOException {
        Path good = record("good.trace");
        List<Stamped> events = new ArrayList<>(Recordings.events(good));
        events.replaceAll(event -> event.event() instanceof TraceEvent.Snapshot snapshot
                ? new Stamped(
                        event.sequence(),
                        event.cycle(),
                        new TraceEvent.Snapshot(
                                snapshot.label(), 0, snapshot.width(), snapshot.height(), ~snapshot.digest()))
                : event);
        Path diverging = Recordings.write(folder.resolve("bad.trace"), Recordings.manifest(good), events);
        Path golden = folder.resolve("golden");
        assertThat(run("approve", "--golden", golden, diverging)).isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString()).contains("not approved: " + diverging);
        assertThat(golden).doesNotExist();

        byte[] bytes = Files.readAllBytes(good);
        Path torn = Files.write(folder.resolve("torn.trace"), Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(run("approve", "--golden", golden, torn)).isEqualTo(ExitCode.TORN);
        assertThat(golden).doesNotExist();
        environment = Map.of("CI", "true");
        assertRefused(ExitCode.USAGE, List.of("approve", "--golden", golden, good), "CI=true");
        assertThat(golden).doesNotExist();
    }

    @Test
    void approveNeedsToKnowWhereGoldensGo() {
        assertRefused(ExitCode.USAGE, List.of("approve", record("t.trace")), "--golden");
    }

    /** One exit code, and the goldens of all the others. */
    @Test
    void approveDoesWhatItCanWhereATraceHasANameThatNoGoldenCanHave() throws IOException {
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        Path bad = Files.move(record("a.trace"), recordings.resolve("a run.trace"));
        Files.copy(bad, recordings.resolve("b.trace"));
        Path elsewhere = Files.copy(bad, folder.resolve("c.trace"));
        assertThat(run("approve", elsewhere, recordings)).isEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).contains("not approved: " + elsewhere, "not approved: " + bad);
        assertThat(err.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.contains("c.trace lies below no folder named recordings"))
                .anyMatch(line -> line.contains("\"a run\" is not a valid name for a recording with goldens"));
        assertThat(folder.resolve("golden/b/end.png")).isRegularFile();
    }

    // ---- bad images ---------------------------------------------------------------------------------------------

    @Test
    void badImagesAreNamedAndNothingIsLeftBehind() throws IOException {
        Path trace = folder.resolve("t.trace");
        assertRefused(
                ExitCode.USAGE,
                List.of("record", "--kernel", folder.resolve("none"), "-o", trace),
                "the kernel " + folder.resolve("none") + " does not exist");
        Path text = Files.writeString(folder.resolve("text"), "no kernel, and longer than a header is\n".repeat(3));
        assertRefused(
                ExitCode.INCOMPATIBLE,
                List.of("record", "--kernel", text, "-o", trace),
                "the kernel " + text,
                "RISC-V");
        Path odd = Files.write(folder.resolve("odd.img"), new byte[513]);
        assertRefused(ExitCode.INCOMPATIBLE, List.of("record", "--disk", odd, "-o", trace), "the disk " + odd, "512");
        assertRefused(
                ExitCode.USAGE,
                List.of("record", "--bare", folder.resolve("none.bin"), "-o", trace),
                folder.resolve("none.bin").toString());
        assertThat(left(folder)).containsExactly("odd.img", "text");
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefusedBeforeTheRun() throws IOException {
        Path program = Recordings.bare("hello-semu.bin");
        Path nowhere = folder.resolve("none/t.trace");
        assertRefused(
                ExitCode.USAGE,
                List.of("record", "--bare", program, "-o", nowhere),
                nowhere + " cannot be written: there is no such folder");
        Path directory = Files.createDirectories(folder.resolve("d.trace"));
        assertRefused(
                ExitCode.USAGE, List.of("record", "--bare", program, "-o", directory), directory + " is a folder");
        assertThat(left(folder)).containsExactly("d.trace");
    }

    @Test
    void anotherImageOfTheSameNameIsToldByItsHash() throws IOException {
        Path program = Files.copy(Recordings.bare("hello-semu.bin"), folder.resolve("prog.bin"));
        Path trace = folder.resolve("t.trace");
        run("record", "--bare", program, "-o", trace);
        images = new GuestImages(ProjectHome.guestFolder(), new ImageCache(folder.resolve("other-cache")));
        assertThat(run("replay", "--machine", trace)).isEqualTo(ExitCode.INCOMPATIBLE);
        assertThat(out.toString()).contains("the bare program prog.bin (SHA-256 ", ") was not found", "--images");

        Path elsewhere = Files.createDirectories(folder.resolve("images"));
        Files.writeString(elsewhere.resolve("prog.bin"), "another program");
        assertThat(run("replay", "--machine", "--images", elsewhere, trace)).isEqualTo(ExitCode.INCOMPATIBLE);
        assertThat(out.toString())
                .containsPattern("prog.bin here is another one: expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}");
        // Not asked for in so many words, the device replay alone will do, and the report says so.
        assertThat(run("replay", "--images", elsewhere, trace)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("no machine replay: the bare program prog.bin");

        Files.copy(program, elsewhere.resolve("under-another-name"));
        assertThat(run("replay", "--machine", "--images", elsewhere, trace)).isEqualTo(ExitCode.PASS);
    }

    // ---- scenarios ----------------------------------------------------------------------------------------------

    @Test
    void aTypoInAScenarioIsNamedByLineAndColumn() throws IOException {
        Path scenario = Files.writeString(folder.resolve("s.scenario"), "# fine\nsnapshot a\nwiat \"x\"\n");
        assertRefused(
                ExitCode.USAGE,
                List.of("record", "--scenario", scenario, "-o", folder.resolve("t.trace")),
                scenario + ":3:1: ",
                "did you mean wait?");
        Path reserved = Files.writeString(folder.resolve("r.scenario"), "snapshot a\nsnapshot  end\n");
        assertRefused(
                ExitCode.USAGE,
                List.of("record", "--scenario", reserved, "-o", folder.resolve("t.trace")),
                reserved + ":2:11: ");
        assertThat(left(folder)).containsExactly("r.scenario", "s.scenario");
    }

    @Test
    void aWaitInVainLeavesAPartThatOpens() throws IOException {
        Path scenario = Files.writeString(folder.resolve("s.scenario"), "wait \"never\" within 1e6\n");
        Path trace = folder.resolve("t.trace");
        assertRefused(
                ExitCode.SCENARIO_FAILED,
                List.of("record", "--bare", Recordings.bare("hello-semu.bin"), "--scenario", scenario, "-o", trace),
                scenario + ":1: ",
                "\"never\"",
                "rv32 bare metal is alive",
                trace + ".part");
        assertThat(left(folder)).containsExactly("s.scenario", "t.trace.part");
        List<Stamped> events = Recordings.events(folder.resolve("t.trace.part"));
        assertThat(((TraceEvent.End) events.getLast().event()).reason())
                .isEqualTo(TraceEvent.End.Reason.SCENARIO_FAILED);
        assertThat(run("replay", "--report", folder.resolve("report"), folder.resolve("t.trace.part")))
                .as(out.toString())
                .isEqualTo(ExitCode.TORN);
    }

    @Test
    void oneBadScenarioOfSeveralDoesNotKeepTheOthersFromBeingMade() throws IOException {
        Files.writeString(folder.resolve("a.scenario"), "wait \"never\"\n");
        Files.writeString(folder.resolve("b.scenario"), "snapshot s\n");
        assertThat(run("record", "--again", folder, "--bare", Recordings.bare("hello-semu.bin")))
                .isEqualTo(ExitCode.SCENARIO_FAILED);
        assertThat(left(folder)).containsExactly("a.scenario", "a.trace.part", "b.scenario", "b.trace");
    }

    /** What the scripted user does once the guest has stopped belongs to the run. */
    @Test
    void snapshotsAfterTheGuestHasStoppedReplay() throws IOException {
        Path scenario = Files.writeString(
                folder.resolve("s.scenario"), "wait \"alive\"\nsleep 1e9\nsnapshot one\nsettle 5e6\nsnapshot two\n");
        for (String program : List.of("hello-semu.bin", "mix-semu.bin")) {
            Path trace = folder.resolve(program + ".trace");
            Path script = program.startsWith("mix")
                    ? Files.writeString(folder.resolve("m.scenario"), "sleep 1e9\nsnapshot one\nsnapshot two\n")
                    : scenario;
            assertThat(run(
                            "record",
                            "--bare",
                            Recordings.bare(program),
                            "--scenario",
                            script,
                            "--max-cycles",
                            "1e5",
                            "-o",
                            trace))
                    .as(err.toString())
                    .isEqualTo(ExitCode.PASS);
            assertThat(run("replay", trace)).as(out.toString()).isEqualTo(ExitCode.PASS);
            assertThat(out.toString()).contains("machine agrees", "3 snapshots");
        }
    }

    // ---- bad traces ---------------------------------------------------------------------------------------------

    private Path damaged(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void damagedTracesAreToldFromTornOnesAndFromLaterVersions() throws IOException {
        byte[] good = Files.readAllBytes(record("t.trace"));

        Path empty = damaged("empty.trace", new byte[0]);
        assertThat(run("replay", empty)).isEqualTo(ExitCode.CORRUPT);
        assertThat(out.toString()).contains("FAIL  " + empty + ": ", "empty");

        byte[] flipped = good.clone();
        flipped[good.length - 200] ^= 4;
        assertThat(run("replay", damaged("flipped.trace", flipped))).isEqualTo(ExitCode.CORRUPT);
        assertThat(run("replay", damaged("noise.trace", "hello".repeat(99).getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(ExitCode.CORRUPT);
        assertThat(out.toString()).contains("not a Semblance trace");

        Path torn = damaged("torn.trace", Arrays.copyOf(good, good.length - 5));
        assertThat(run("replay", torn)).isEqualTo(ExitCode.TORN);
        assertThat(out.toString()).contains("TORN  " + torn, "The trace is torn at byte");
        assertThat(run("replay", "--golden", folder.resolve("none"), "--report", folder.resolve("report"), torn))
                .as("its prefix did not pass")
                .isEqualTo(ExitCode.GOLDEN_MISSING);

        ByteBuffer later = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN);
        later.putShort(8, (short) 99).putShort(10, (short) 99);
        CRC32C crc = new CRC32C();
        crc.update(later.array(), 0, 16);
        later.putInt(16, (int) crc.getValue());
        assertThat(run("replay", damaged("later.trace", later.array()))).isEqualTo(ExitCode.INCOMPATIBLE);
        assertThat(out.toString()).contains("version 99", "Use a newer Semblance");

        assertRefused(ExitCode.USAGE, List.of("replay", folder.resolve("none.trace")), "none.trace does not exist");
    }

    @Test
    void ofSeveralTracesTheGravestCounts() throws IOException {
        Path good = record("good.trace");
        byte[] bytes = Files.readAllBytes(good);
        Path torn = damaged("torn.trace", Arrays.copyOf(bytes, bytes.length - 5));
        Path corrupt = damaged("corrupt.trace", new byte[100]);
        assertThat(run("replay", good, torn)).isEqualTo(ExitCode.TORN);
        assertThat(run("replay", torn, corrupt, good)).isEqualTo(ExitCode.CORRUPT);
        assertThat(out.toString()).contains("3 traces: 0 passed, 2 failed, 1 unchecked");
    }
}
