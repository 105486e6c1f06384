package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.util.Text;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a verb writes is there whole or not at all, is what the user named, and is nothing that the verb reads. */
class OutputsTests {

    private static final String SCRIPT = """
            {"op":"status"}
            {"request_hex":"010100000000000000000000000000000000000000000000010000000100000040000000400000000000","resp_len":24}
            {"op":"screendump"}
            """;

    /** Every verb that makes a file, with what it makes it of. IN and OUT stand for paths. */
    enum Verb {
        EXEC("script.jsonl", "exec IN -o OUT"),
        ASM("lines.jsonl", "asm IN -o OUT"),
        REPAIR("torn.trace", "repair IN -o OUT"),
        TRIM("good.trace", "trim IN -o OUT"),
        REDACT("good.trace", "redact IN -o OUT"),
        PACK("good.trace", "pack --no-replay IN -o OUT"),
        JUNIT("good.trace", "replay --device IN --junit OUT"),
        HTML("good.trace", "replay --device IN --html OUT"),
        APNG("shown.trace", "render IN --apng OUT"),
        MINIMIZE("good.trace", "minimize IN --test false --max-runs 1 -o OUT"),
        SESSION("shown.trace", "scenario --no-verify IN -o OUT"),
        SCENARIO("s.scenario", "record --bare PROGRAM --scenario IN -o OUT"),
        BARE("program.bin", "record --bare IN --max-cycles 1e5 -o OUT"),
        DISK("disk.img", "record --bare PROGRAM --disk IN --max-cycles 1e5 -o OUT");

        private final String input;
        private final String words;

        Verb(String input, String words) {
            this.input = input;
            this.words = words;
        }
    }

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void makeInputs() throws IOException {
        Files.createDirectory(folder.resolve("in"));
        Path good = in("good.trace");
        write("script.jsonl", SCRIPT);
        write("script-to-record.jsonl", SCRIPT);
        assertThat(run("exec", in("script-to-record.jsonl"), "-o", good))
                .as(err.toString())
                .isZero();
        byte[] bytes = Files.readAllBytes(good);
        Files.write(in("torn.trace"), Arrays.copyOf(bytes, bytes.length - 20));
        out.reset();
        assertThat(run("dump", "--json", good)).isZero();
        write("lines.jsonl", out.toString(StandardCharsets.UTF_8));
        Files.copy(Recordings.cursor(), in("shown.trace"));
        write("s.scenario", "snapshot one\n");
        Files.copy(Recordings.bare("hello-semu.bin"), in("program.bin"));
        Files.write(in("disk.img"), new byte[4096]);
        out.reset();
    }

    private Path in(String name) {
        return folder.resolve("in").resolve(name);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(in(name), text);
    }

    private int run(Object... args) {
        return run(out, args);
    }

    private int run(OutputStream to, Object... args) {
        err = new StringWriter();
        Terminal terminal = Terminal.of(to, StandardCharsets.UTF_8, new PrintWriter(err, true), false);
        GuestImages images = new GuestImages(
                ProjectHome.guestFolder(), new ImageCache(folder.resolveSibling(folder.getFileName() + "-cache")));
        return Semblance.run(
                Environments.of(terminal, () -> images),
                Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    private Object[] words(Verb verb, Object input, Object output) {
        return Stream.of(verb.words.split(" ", -1))
                .map(word -> switch (word) {
                    case "IN" -> input;
                    case "OUT" -> output;
                    case "PROGRAM" -> Recordings.bare("hello-semu.bin");
                    default -> word;
                })
                .toArray();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.startsWith(folder.resolve("semblance-report")))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void anOutputThatIsTheInputIsRefusedAndTheInputUnharmed(Verb verb) throws IOException {
        Path input = in(verb.input);
        byte[] before = Files.readAllBytes(input);
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic"), input);
        Path hard = Files.createLink(folder.resolve("hard"), input);
        Path throughFolder = Files.createSymbolicLink(folder.resolve("in-again"), folder.resolve("in"))
                .resolve(verb.input);
        List<String> files = left();
        for (Path output : List.of(input, in("./" + verb.input), symbolic, hard, throughFolder)) {
            assertThat(run(words(verb, input, output))).as("%s %s", output, err).isEqualTo(ExitCode.USAGE.code());
            assertThat(err.toString()).contains(output.toString(), "is a file that is read");
            assertThat(Files.readAllBytes(input)).isEqualTo(before);
            assertThat(left()).isEqualTo(files);
        }
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void anOutputWithoutAFolderIsNamedAndNothingIsLeftBehind(Verb verb) throws IOException {
        Path output = folder.resolve("in/good.trace/x");
        List<String> files = left();
        assertThat(run(words(verb, in(verb.input), output))).as(err.toString()).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains(output.toString());
        assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
        assertThat(left()).isEqualTo(files);
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    @Timeout(600)
    void aFifoIsGivenWhatAFileWouldBe(Verb verb) throws Exception {
        Path file = folder.resolve("file");
        assertThat(run(words(verb, in(verb.input), file))).as(err.toString()).isZero();
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        out.reset();
        FutureTask<byte[]> reader = new FutureTask<>(() -> Files.readAllBytes(fifo));
        Thread.ofPlatform().daemon().start(reader);
        assertThat(run(words(verb, in(verb.input), fifo))).as(err.toString()).isZero();
        if (verb != Verb.JUNIT && verb != Verb.HTML) {
            // Those say how long it took, and how they were made.
            assertThat(reader.get()).isEqualTo(Files.readAllBytes(file));
        }
        assertThat(reader.get()).isNotEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("replay it");
        assertThat(Files.isRegularFile(fifo)).isFalse();
        assertThat(left())
                .filteredOn(name -> name.endsWith(".part") || name.endsWith(".new"))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void aLinkIsWrittenThrough(Verb verb) throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
        assertThat(run(words(verb, in(verb.input), link))).as(err.toString()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(Files.isSymbolicLink(real)).isFalse();
        assertThat(real).isNotEmptyFile();
        assertThat(Files.readAllBytes(real)).isNotEqualTo("old".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void standardOutputIsAFileOfItsOwn(Verb verb) throws IOException {
        Path file = folder.resolve("file");
        assertThat(run(words(verb, in(verb.input), file))).as(err.toString()).isZero();
        out.reset();
        int code = run(words(verb, in(verb.input), "-"));
        if (verb == Verb.EXEC || verb == Verb.JUNIT || verb == Verb.HTML) {
            assertThat(code).isEqualTo(ExitCode.USAGE.code());
            assertThat(err.toString()).contains("prints its results on standard output");
        } else {
            assertThat(code).as(err.toString()).isZero();
            assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(file));
            assertThat(err.toString()).isNotEmpty();
        }
    }

    @Test
    void aReportIsNotWrittenOverAGoldenOrAPolicy() throws IOException {
        Path recordings = Files.createDirectories(folder.resolve("x/recordings"));
        Path trace = Files.copy(in("good.trace"), recordings.resolve("good.trace"));
        assertThat(run("render", trace, "-o", folder.resolve("x/pictures")))
                .as(err.toString())
                .isZero();
        Path golden = Files.createDirectories(folder.resolve("x/golden/good")).resolve("a.png");
        try (Stream<Path> pictures = Files.list(folder.resolve("x/pictures"))) {
            Files.copy(pictures.findFirst().orElseThrow(), golden);
        }
        Path policy = Files.writeString(folder.resolve("x/golden/policy.toml"), "");
        for (Path output : List.of(golden, policy)) {
            byte[] before = Files.readAllBytes(output);
            for (String option : List.of("--junit", "--html")) {
                assertThat(run("replay", "--device", trace, option, output)).isEqualTo(ExitCode.USAGE.code());
                assertThat(Files.readAllBytes(output)).isEqualTo(before);
            }
        }
        assertThat(run("pack", "--no-replay", trace, "-o", golden)).isEqualTo(ExitCode.USAGE.code());
        assertThat(run("replay", "--device", trace, "--junit", folder.resolve("r"), "--html", folder.resolve("./r")))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("is to be written twice");
    }

    @Test
    void trimDeletesNoFileOfTheUsersThatIsNamedLikeItsOutput() throws IOException {
        Files.writeString(folder.resolve("t.trace.prefix"), "mine");
        Files.writeString(folder.resolve("t.trace.state"), "mine too");
        assertThat(run("trim", in("good.trace"), "-o", folder.resolve("t.trace")))
                .as(err.toString())
                .isZero();
        assertThat(folder.resolve("t.trace.prefix")).hasContent("mine");
        assertThat(folder.resolve("t.trace.state")).hasContent("mine too");
    }

    @Test
    void aPartThatWasLeftBehindIsKeptAndSaidInOneLine() throws IOException {
        for (Verb verb : List.of(Verb.EXEC, Verb.BARE)) {
            Path output = folder.resolve(verb + ".trace");
            Files.writeString(folder.resolve(verb + ".trace.part"), "precious");
            assertThat(run(words(verb, in(verb.input), output)))
                    .as(err.toString())
                    .isZero();
            assertThat(folder.resolve(verb + ".trace.1.part")).hasContent("precious");
            assertThat(err.toString().lines().filter(line -> line.contains(".1.part")))
                    .hasSize(1);
            assertThat(TraceFiles.read(output).status().orElseThrow()).isInstanceOf(TraceStatus.Complete.class);
        }
    }

    @Test
    void aScriptThatIsThePartOfItsRecordingIsNotMovedAway() throws IOException {
        Path script = Files.copy(in("script.jsonl"), folder.resolve("x.trace.part"));
        assertThat(run("exec", script, "-o", folder.resolve("x.trace"))).isEqualTo(ExitCode.USAGE.code());
        assertThat(script).exists();
    }

    @Test
    void aScriptDoesNotWriteAPictureOverItself() throws IOException {
        Path script = in("over.png");
        write("over.png", Text.format("{\"op\":\"screendump\",\"png\":\"%s\"}%n", script));
        byte[] before = Files.readAllBytes(script);
        assertThat(run("exec", script)).isEqualTo(ExitCode.USAGE.code());
        assertThat(run("exec", script, "-o", folder.resolve("x.trace"))).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("line 1: " + script + " is a file that is read");
        assertThat(script).hasBinaryContent(before);
    }

    @Test
    void aScriptThatCannotBeRunLeavesNoTrace() throws IOException {
        write("bad.jsonl", "{\"op\":\"status\"}\nnonsense\n");
        List<String> files = left();
        assertThat(run("exec", in("bad.jsonl"), "-o", folder.resolve("x.trace")))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(left()).isEqualTo(files);
        Terminal terminal =
                Terminal.of(OutputStream.nullOutputStream(), StandardCharsets.UTF_8, new PrintWriter(err), false);
        InputStreamThatBreaks broken = new InputStreamThatBreaks();
        List<String> words = new ArrayList<>();
        try {
            new ExecCommand(Environments.of(terminal, broken))
                    .run(new ExecCommand.Request(
                            java.util.Optional.empty(),
                            java.util.Optional.of(folder.resolve("x.trace")),
                            false,
                            false,
                            false));
        } catch (SemblanceException e) {
            words.add(e.getMessage());
        }
        assertThat(words).containsExactly("standard input cannot be read: unplugged");
        assertThat(left()).isEqualTo(files);
    }

    private static final class InputStreamThatBreaks extends java.io.InputStream {
        private final ByteArrayInputStream first =
                new ByteArrayInputStream("{\"op\":\"status\"}\n".getBytes(StandardCharsets.UTF_8));

        @Override
        public int read() throws IOException {
            int next = first.read();
            if (next < 0) {
                throw new IOException("unplugged");
            }
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int next = first.read(bytes, offset, length);
            if (next < 0) {
                throw new IOException("unplugged");
            }
            return next;
        }
    }

    // ---- standard output ------------------------------------------------------------------------------------------

    /** A place that takes no byte. */
    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    private List<Object[]> printing() {
        return List.of(
                new Object[] {"info", in("good.trace")},
                new Object[] {"dump", in("good.trace")},
                new Object[] {"dump", "--json", in("good.trace")},
                new Object[] {"dump", "--script", in("good.trace")},
                new Object[] {"exec", in("script.jsonl")},
                new Object[] {"replay", "--device", in("good.trace")},
                new Object[] {"diff", in("good.trace"), in("good.trace")},
                new Object[] {"trim", in("good.trace"), "-o", "-"},
                new Object[] {"scenario", "--no-verify", in("shown.trace")},
                new Object[] {"fuzz", "--seed", "1", "--commands", "1"},
                new Object[] {"--help"},
                new Object[] {"generate-completion"});
    }

    @Test
    void standardOutputThatCannotBeWrittenIsAnError() {
        for (Object[] words : printing()) {
            assertThat(run(failing("No space left on device"), words))
                    .as(Arrays.toString(words))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .as(Arrays.toString(words))
                    .containsOnlyOnce("semblance: standard output cannot be written: No space left on device");
        }
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoError() {
        for (Object[] words : printing()) {
            assertThat(run(failing("Broken pipe"), words))
                    .as(Arrays.toString(words))
                    .isZero();
            assertThat(err.toString())
                    .doesNotContain("semblance: standard output")
                    .doesNotContain("Broken pipe");
        }
    }
}
