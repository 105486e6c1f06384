package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.semblance.harness.Recordings;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/DEBUGGING.md: what a real gdb says at a trace is what stands below {@code <!-- gdb: TRACE at POSITION -->}, line after line, blanks
 * aside. The other commands of "A walk" are examples that {@link DocsExamplesTests} runs.
 */
class DebuggerSessionsTests {

    private static final Path ROOT = DocsExamplesTests.ROOT;
    private static final Pattern MARK = Pattern.compile("<!-- gdb: (\\S+) at (\\S+) -->");
    private static final Pattern COMMAND = Pattern.compile("  gdb-multiarch (.*)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final String PROMPT = "(gdb) ";

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();

    /** What stands below the mark: which trace, where, and the lines of the session. */
    record Session(String trace, String at, List<String> lines) {

        static List<Session> ofPage() throws IOException {
            List<String> page = Files.readAllLines(ROOT.resolve("docs/DEBUGGING.md"));
            List<Session> sessions = new ArrayList<>();
            for (int i = 0; i < page.size(); i++) {
                Matcher mark = MARK.matcher(page.get(i));
                if (mark.matches()) {
                    List<String> block = page.subList(i + 3, page.size());
                    sessions.add(new Session(mark.group(1), mark.group(2), block.subList(0, block.indexOf("```"))));
                }
            }
            return sessions;
        }

        @Override
        public String toString() {
            return trace + " at " + at;
        }

        List<String> commands() {
            return lines.stream()
                    .filter(line -> line.startsWith(PROMPT))
                    .map(line -> line.substring(PROMPT.length()))
                    .toList();
        }

        List<String> printed() {
            return lines.stream()
                    .filter(line -> !line.startsWith(PROMPT) && !line.startsWith("$ ") && !line.equals("..."))
                    .map(DebuggerSessionsTests::plain)
                    .toList();
        }
    }

    /** A line without its tabs and indentation. */
    private static String plain(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }

    private List<String> debuggerWords() throws InterruptedException {
        for (int i = 0; i < 1200; i++) {
            Matcher command = COMMAND.matcher(err.toString());
            if (command.find()) {
                List<String> words = new ArrayList<>();
                Matcher word = WORD.matcher(command.group(1));
                while (word.find()) {
                    words.add(Optional.ofNullable(word.group(1)).orElseGet(word::group));
                }
                return words;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("it does not say how gdb is called: " + err);
    }

    /** The source of the program that was recorded: the guest's, with the line that the patch has. */
    private Path sources() throws IOException {
        List<String> patch = Files.readAllLines(ROOT.resolve("buildroot-config/progs/faults/kmsdraw-stride.patch"));
        String right = changed(patch, "-");
        String wrong = changed(patch, "+");
        String source = Files.readString(ROOT.resolve("buildroot-config/progs/kmsdraw.c"));
        assertThat(source).containsOnlyOnce(right);
        Files.createDirectories(folder.resolve("progs"));
        Files.writeString(folder.resolve("progs/kmsdraw.c"), source.replace(right, wrong));
        return folder;
    }

    private static String changed(List<String> patch, String sign) {
        return patch.stream()
                .filter(line -> line.startsWith(sign + " "))
                .map(line -> line.substring(1))
                .findFirst()
                .orElseThrow();
    }

    static List<Session> sessions() throws IOException {
        List<Session> sessions = Session.ofPage();
        assertThat(sessions).hasSize(3);
        return sessions;
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void aDebuggerSaysWhatStandsOnThePage(Session session) throws Exception {
        Optional<Path> gdb = Stream.of(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(path -> Path.of(path, "gdb-multiarch"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(gdb.isPresent(), "gdb-multiarch is missing: no session of the page is tried");
        assertThat(session.commands()).hasSizeGreaterThanOrEqualTo(3);
        CliEnvironment environment = Environments.of(
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err, true), false),
                Recordings::images);
        CompletableFuture<Integer> debug = CompletableFuture.supplyAsync(() -> Semblance.run(
                environment,
                "debug",
                ROOT.resolve(session.trace()).toString(),
                "--at",
                session.at(),
                "--listen",
                "127.0.0.1:0",
                "--once"));
        List<String> words =
                new ArrayList<>(List.of(gdb.get().toString(), "-nx", "-q", "--batch", "-ex", "set width 0"));
        words.addAll(debuggerWords());
        // Before the last option, which connects and shows where it is.
        words.addAll(words.size() - 2, List.of("-ex", "directory " + sources()));
        session.commands().forEach(command -> words.addAll(List.of("-ex", command)));
        Path output = folder.resolve("gdb.txt");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(debug.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(Files.readAllLines(output).stream().map(DebuggerSessionsTests::plain))
                .containsSubsequence(session.printed());
    }
}
