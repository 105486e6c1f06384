package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.util.Text;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/SCRIPT.md: exec, and dump --script as its inverse. */
class ExecTests {

    private static final Pattern EXAMPLE =
            Pattern.compile("```jsonl script\n(.*?)```\n\n```jsonl answers\n(.*?)```", Pattern.DOTALL);

    private static final Pattern BOTH_WAYS = Pattern.compile(
            "### ([A-Z_0-9]+)\n(?:(?!###).)*?```jsonl script\n([^`]*)```\n(?:(?!###).)*?```jsonl named\n([^`]*)```",
            Pattern.DOTALL);

    private static final String INFO = "000100000000000000000000000000000000000000000000";

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Terminal terminal() {
        return new Terminal(new PrintWriter(out), new PrintWriter(err), false);
    }

    private String exec(String script, Optional<Path> output, boolean keepGoing) {
        return exec(script, output, keepGoing, false);
    }

    private String exec(String script, Optional<Path> output, boolean keepGoing, boolean decode) {
        out.getBuffer().setLength(0);
        InputStream in = new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8));
        new ExecCommand(Environments.of(terminal(), in))
                .run(new ExecCommand.Request(Optional.empty(), output, keepGoing, decode, false));
        return out.toString();
    }

    private String exec(String script) {
        return exec(script, Optional.empty(), false);
    }

    private String dumpScript(Path trace) {
        out.getBuffer().setLength(0);
        assertThat(new DumpCommand(Environments.of(terminal()))
                        .run(new DumpCommand.Request(trace, DumpCommand.Style.SCRIPT)))
                .isEqualTo(ExitCode.PASS);
        return out.toString();
    }

    static List<List<String>> examples() throws IOException {
        Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("..", "..", "docs", "SCRIPT.md")));
        List<List<String>> examples = new ArrayList<>();
        while (matcher.find()) {
            examples.add(List.of(matcher.group(1), matcher.group(2)));
        }
        return examples;
    }

    @Test
    void everyExampleOfTheDocumentationGivesTheAnswersThatItShows() throws IOException {
        List<List<String>> examples = examples();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(17);
        for (List<String> example : examples) {
            assertThat(exec(example.getFirst())).isEqualTo(example.getLast());
        }
    }

    @Test
    void everyCommandIsShownBothWaysAndBothSayTheSame() throws IOException {
        Matcher matcher = BOTH_WAYS.matcher(Files.readString(Path.of("..", "..", "docs", "SCRIPT.md")));
        Set<String> shown = new TreeSet<>();
        while (matcher.find()) {
            List<ScriptLine> bytes =
                    matcher.group(2).lines().map(ScriptReader::parse).toList();
            assertThat(matcher.group(3).lines().map(ScriptReader::parse).toList())
                    .isEqualTo(bytes);
            shown.add(matcher.group(1));
        }
        assertThat(shown)
                .containsAll(Arrays.stream(CommandType.values())
                        .map(CommandType::name)
                        .toList());
    }

    @Test
    void aResponseIsDecodedWhereTheCommandHasANameOrAllAreAskedFor() {
        String byName = "{\"command\":{\"type\":\"RESOURCE_UNREF\",\"resourceId\":1},\"fence\":7}";
        String bytes = "{\"request_hex\":\"000100000000000000000000000000000000000000000000\",\"resp_len\":408}";
        String decoded = "\"response\":{\"type\":\"ERR_INVALID_RESOURCE_ID\",\"flags\":1,\"fenceId\":7}";
        assertThat(exec(byName)).contains(decoded);
        assertThat(exec(bytes)).doesNotContain("\"response\"");
        assertThat(exec(bytes, Optional.empty(), false, true))
                .contains("\"response\":{\"type\":\"OK_DISPLAY_INFO\"", "\"width\":1024,\"height\":768");
        assertThat(exec("{\"op\":\"batch\",\"cmds\":[" + bytes + "," + byName + "]}"))
                .containsOnlyOnce("\"response\"")
                .contains(decoded);
    }

    @Test
    void theScriptOfARecordedExampleGetsTheSameResponses() throws IOException {
        Pattern response = Pattern.compile("\"response_hex\":\"[0-9a-f]*\"|\"sha256\":\"[0-9a-f]*\"");
        for (List<String> example : examples()) {
            Path trace = folder.resolve("t.trace");
            String first = exec(example.getFirst(), Optional.of(trace), false);
            String again = exec(dumpScript(trace));
            // Dumped, it has a screendump at its end, and no room for a response to a chain that was refused.
            List<String> recorded = response.matcher(first)
                    .results()
                    .map(found -> found.group())
                    .filter(text -> !text.matches(".*\"(aa)+\""))
                    .toList();
            assertThat(response.matcher(again)
                            .results()
                            .map(found -> found.group())
                            .filter(text -> !text.matches(".*\"\""))
                            .limit(recorded.size())
                            .toList())
                    .isEqualTo(recorded);
        }
    }

    @Test
    void aBadLineEndsTheRunAfterTheAnswersBeforeItAndLeavesNoTrace() {
        Path trace = folder.resolve("t.trace");
        assertThatThrownBy(() ->
                        exec("{\"op\":\"status\"}\n{\"op\":\"x\"}\n{\"op\":\"status\"}", Optional.of(trace), false))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        e -> assertThat(CommandException.exitCode(e)).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith("standard input, line 2: there is no op \"x\"");
        assertThat(out.toString()).startsWith("{\"status\":15").hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void withKeepGoingABadLineIsAnsweredAndTheRestRuns() {
        String answers = exec(
                "x\n{\"id\":2,\"op\":\"mem_read\",\"addr\":536870912,\"len\":1}\n{\"id\":3,\"op\":\"status\"}",
                Optional.of(folder.resolve("t.trace")),
                true);
        assertThat(answers.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("{\"error\":\"line 1: "),
                        line -> assertThat(line).startsWith("{\"id\":2,\"error\":\"line 2: 1 bytes at 0x20000000"),
                        line -> assertThat(line).startsWith("{\"id\":3,\"status\":15"));
        assertThat(folder.resolve("t.trace")).exists();
    }

    @Test
    void aBatchOfWhichOneCommandDoesNotFitLeavesNothingOnTheRing() {
        String command = "{\"request_hex\":\"" + INFO + "\",\"resp_len\":24}";
        String tooLong = "{\"chain\":[" + "{\"addr\":0,\"len\":0},".repeat(64) + "{\"addr\":0,\"len\":0}]}";
        String answers = exec(
                "{\"op\":\"batch\",\"cmds\":[" + command + "," + tooLong + "]}\n" + command + "\n{\"op\":\"status\"}",
                Optional.empty(),
                true);
        assertThat(answers.lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).contains("need 67 descriptors, the queue has 64"),
                        line -> assertThat(line).contains("\"used\":true"),
                        line -> assertThat(line).contains("\"used_idx\":{\"control\":1,\"cursor\":0}"));
    }

    @Test
    void interruptsAreThoseOfTheLastCommand() {
        String command = "{\"request_hex\":\"" + INFO + "\",\"resp_len\":24";
        String status = "}\n{\"op\":\"status\"}\n";
        assertThat(exec(command + status + command + ",\"no_interrupt\":true" + status)
                        .lines())
                .satisfiesExactly(
                        line -> {},
                        line -> assertThat(line).contains("\"interrupt_status\":1"),
                        line -> {},
                        line -> assertThat(line).contains("\"interrupt_status\":0"));
    }

    @Test
    void aWildNextIsWildInABatchToo() {
        String wild = "{\"chain\":[{\"req_off\":0,\"len\":0,\"flags\":1,\"next\":65535}]}";
        String command = "{\"request_hex\":\"" + INFO + "\",\"resp_len\":24}";
        assertThat(exec("{\"op\":\"batch\",\"cmds\":[" + command + "," + wild + "]}"))
                .contains("\"used\":true", "\"used\":false", "\"status\":79");
    }

    @Test
    void screendumpsBecomeSnapshotsAndPictures() throws IOException {
        Path png = folder.resolve("a.png");
        Path trace = folder.resolve("t.trace");
        exec(
                Text.format(
                        "{\"op\":\"screendump\",\"id\":\"first\",\"png\":\"%s\"}\n{\"op\":\"screendump\",\"id\":\"first\"}\n{\"op\":\"screendump\",\"id\":7}",
                        png),
                Optional.of(trace),
                false);
        assertThat(ImageFiles.read(png).width()).isEqualTo(1024);
        assertThat(dumpScript(trace)).contains("\"first\"", "\"screendump-2\"", "\"screendump-3\"", "\"end\"");
    }

    @Test
    void everyAnswerIsThereBeforeTheNextLineIsRead() throws IOException, InterruptedException {
        PipedOutputStream lines = new PipedOutputStream();
        try (PipedInputStream in = new PipedInputStream(lines);
                PipedWriter answers = new PipedWriter();
                BufferedReader reader = new BufferedReader(new PipedReader(answers, 1 << 16))) {
            Terminal here = new Terminal(new PrintWriter(answers), new PrintWriter(err), false);
            Thread device = Thread.ofPlatform()
                    .start(() -> new ExecCommand(Environments.of(here, in))
                            .run(new ExecCommand.Request(Optional.empty(), Optional.empty(), false, false, false)));
            for (int i = 0; i < 3; i++) {
                lines.write(Text.format("{\"op\":\"config_read\",\"id\":%d,\"off\":8,\"width\":4}\n", i)
                        .getBytes(StandardCharsets.UTF_8));
                lines.flush();
                assertThat(reader.readLine()).isEqualTo(Text.format("{\"id\":%d,\"value\":1}", i));
            }
            lines.close();
            device.join();
        }
    }

    @Test
    void withDamageAScreendumpShowsOnlyWhatFlushesBrought() {
        String script = """
                {"command":{"type":"RESOURCE_CREATE_2D","resourceId":1,"format":"B8G8R8X8","width":4,"height":2}}
                {"command":{"type":"RESOURCE_ATTACH_BACKING","resourceId":1,"entries":[{"address":"0x100000","length":32}]}}
                {"command":{"type":"SET_SCANOUT","rect":{"x":0,"y":0,"width":4,"height":2},"scanoutId":0,"resourceId":1}}
                {"op":"mem_write","mem":[{"addr":"0x100000","fill":"0000ff00","len":32}]}
                {"command":{"type":"TRANSFER_TO_HOST_2D","rect":{"x":0,"y":0,"width":4,"height":2},"offset":0,"resourceId":1}}
                {"op":"screendump","head":0}
                {"command":{"type":"RESOURCE_FLUSH","rect":{"x":0,"y":0,"width":1,"height":2},"resourceId":1}}
                {"op":"screendump","head":0,"pixels":[[0,1],[1,1]]}
                """;
        assertThat(exec(script)).contains("\"pixels\":[\"ff0000\",\"ff0000\"]");
        out.getBuffer().setLength(0);
        InputStream in = new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8));
        Path trace = folder.resolve("t.trace");
        new ExecCommand(Environments.of(terminal(), in))
                .run(new ExecCommand.Request(Optional.empty(), Optional.of(trace), false, false, true));
        assertThat(out.toString()).contains("\"dark\":true", "\"pixels\":[\"ff0000\",\"ff00ff\"]");
        // What is recorded is what the device shows.
        String again = exec(dumpScript(trace));
        assertThat(again).doesNotContain("ff00ff");
    }
}
