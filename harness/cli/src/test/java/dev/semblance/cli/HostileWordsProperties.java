package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.util.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a name or a text from outside is, no verb prints a control character of it, or a line that is a command for CI. */
class HostileWordsProperties {

    /** What the texts try to say to GitHub. */
    private static final String FORGED = "::error title=forged::";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Optional<TemporaryFolder> scratch = Optional.empty();
    private Path folder = Path.of("");

    @BeforeTry
    void make() {
        TemporaryFolder made = TemporaryFolder.create();
        scratch = Optional.of(made);
        folder = made.path();
    }

    @AfterTry
    void remove() {
        scratch.ifPresent(TemporaryFolder::close);
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.of(
                        "\u001b[2J",
                        "\u009b31m",
                        "\u001b]0;t\u0007",
                        "\n" + FORGED,
                        FORGED,
                        "\r\n ",
                        "\r",
                        "\t",
                        "\u0085",
                        "\u2028",
                        "\u202e",
                        "\u2066",
                        "\u200f",
                        "\ud800",
                        "\udc00x",
                        "\u007f",
                        "##[error]",
                        "##vso[task.complete]",
                        "%s%n",
                        "${x}",
                        "@|red a|@",
                        "\"",
                        "größe",
                        "a")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(pieces -> String.join("", pieces));
    }

    /** Writes a trace that is small: what every verb prints of it is looked at, character by character. */
    private static void record(Path trace) {
        SyntheticGuest.record(trace, 1, false, 10);
    }

    private String run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CliEnvironment environment = Environments.of(
                new Terminal(new PrintWriter(out), new PrintWriter(err), false),
                () -> new GuestImages(Optional.empty(), new ImageCache(folder.resolve("cache"))),
                Map.of("GITHUB_ACTIONS", "true"));
        int code = Semblance.run(environment, words);
        String said = out + "\n" + err;
        assertThat(code).as(said).isNotEqualTo(70);
        said.lines().forEach(line -> {
            assertThat(line.codePoints())
                    .as("%s prints %s", List.of(words), line)
                    .noneMatch(Printable::isHidden);
            assertThat(line.strip()).as("a line of %s", List.of(words)).doesNotStartWith(FORGED);
            assertThat(line).doesNotContain("##[").doesNotContain("##vso[");
        });
        // Lines that separators of other kinds would make are none.
        assertThat(said.chars().filter(c -> c < ' ')).containsOnly((int) '\n');
        return said;
    }

    @Property(tries = 8)
    void wordsOfTheCommandLineAreEscaped(@ForAll("words") String word) {
        run(word);
        run("--" + word);
        for (String verb : Semblance.commandLine(
                        Environments.of(new Terminal(
                                new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false)),
                        words -> 0)
                .getSubcommands()
                .keySet()) {
            // Boot would wait for what is typed, benchmark and fuzz would work for long, if a word were nothing to
            // them.
            run(verb, "--" + word);
            run(verb, "--images=" + word, "--golden=" + word, "--jobs=" + word, "--mode=" + word, "nowhere" + word);
            run(verb, "--no-such-option", word);
        }
        run("replay", "nowhere/" + word, "--shard", word);
        run("replay", "[" + word);
        run("fuzz", "--time", word);
        run("trim", "nowhere/" + word, "-o", word, "--to", word);
        run("redact", "nowhere/" + word, "-o", word, "--labels", word);
        run("record", "--max-cycles", word);
        run("record", "--scenario", "nowhere/" + word, "-o", word);
        run("boot", "--bare", "nowhere/" + word);
        run("benchmark", word);
        run("generate-completion", word);
    }

    @Property(tries = 5)
    void namesOfFilesAreEscaped(@ForAll("words") String word) throws IOException {
        Path recordings;
        Path trace;
        try {
            recordings = Files.createDirectories(folder.resolve("r" + word.replace("/", "") + "/recordings"));
            trace = recordings.resolve("t" + word.replace("/", "") + ".trace");
        } catch (InvalidPathException e) {
            return; // No file can have that name here.
        }
        record(trace);
        everyVerb(trace);
        run(
                "replay",
                "--device",
                recordings.toString(),
                "--report",
                recordings.resolve("report").toString());
        Files.write(recordings.resolve("u.trace"), new byte[100]);
        Files.createSymbolicLink(recordings.resolve("v.trace"), Path.of("nowhere"));
        run(
                "replay",
                "--device",
                recordings.toString(),
                "--junit",
                recordings.resolve("j.xml").toString());
        run("info", recordings.toString());
        run("approve", recordings.toString());
        run(
                "pack",
                "--no-replay",
                trace.toString(),
                "-o",
                recordings.resolve("p.semblance").toString());
        everyVerb(recordings.resolve("p.semblance"));
    }

    private void everyVerb(Path trace) {
        String name = trace.toString();
        String other = trace.resolveSibling("other-" + trace.getFileName()).toString();
        run("info", name);
        run("dump", name);
        lines(run("dump", "--json", name));
        lines(run("dump", "--script", name));
        run("diff", name, name);
        run("diff", "--json", name, name);
        run("replay", "--device", name);
        run("replay", "--device", "--golden", other, name);
        run("render", name, "-o", other + ".d");
        run("trim", name, "--to", "5", "-o", other);
        run("redact", name, "-o", other);
        run("scenario", name, "-o", other);
        run("repair", name, "-o", other);
        run("minimize", name, "-o", other);
        run("asm", name, "-o", other);
        run("blame", name, "--pixel", "0,0");
        run("blame", name, "--pixel", "0,0", "--symbols", name);
        run("exec", name);
        run("bisect-run", name);
        run("record", "--again", name);
        run("record", "--scenario", name, "-o", other);
        run("replay", "--device", "--policy", name, name);
    }

    /** Lines of JSON still are that. */
    private static void lines(String said) {
        said.lines().filter(line -> line.startsWith("{")).forEach(MAPPER::readTree);
    }

    @Property(tries = 8)
    void textsInTracesAreEscaped(@ForAll("words") String any) throws IOException {
        // No manifest has half of a surrogate pair.
        String word = new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Path plain = folder.resolve("plain.trace");
        Path trace = folder.resolve("t.trace");
        record(plain);
        try (TraceReader reader = TraceReader.open(plain)) {
            TraceManifest sound = reader.manifest();
            TraceManifest manifest = sound.with()
                    .toolVersion(word)
                    .profile(word)
                    .isa(word)
                    .bootargs(word)
                    .devices(sound.devices().stream()
                            .map(device -> new TraceManifest.Device(
                                    word, device.virtioId(), device.features(), device.address(), device.interrupt()))
                            .toList())
                    .scenario(Optional.of(word))
                    .build();
            try (TraceWriter writer = TraceWriter.create(trace, manifest)) {
                for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                    writer.accept(next.get().cycle(), next.get().event());
                }
                writer.complete();
            }
        }
        everyVerb(trace);
        run("diff", plain.toString(), trace.toString());
        run("diff", "--json", plain.toString(), trace.toString());
    }

    @Property(tries = 12)
    void textsInScriptsScenariosPoliciesAndPacksAreEscaped(@ForAll("words") String word) throws IOException {
        String quoted = MAPPER.writeValueAsString(word);
        Path file = folder.resolve("file");
        for (String script : List.of(
                word,
                "{" + word,
                quoted,
                "{\"op\":" + quoted + "}",
                "{" + quoted + ":1}",
                "{\"op\":\"screendump\",\"label\":" + quoted + "}",
                "{\"op\":\"screendump\",\"png\":" + quoted + "}",
                "{\"op\":\"note\",\"text\":" + quoted + ",\"id\":" + quoted + "}",
                "{\"request_hex\":" + quoted + "}",
                "{\"id\":" + quoted + ",\"op\":\"status\"}")) {
            write(file, script + "\n");
            run("exec", file.toString());
            lines(run("exec", "--keep-going", file.toString()));
            run("asm", file.toString(), "-o", folder.resolve("made.trace").toString());
        }
        for (String line : List.of(
                word,
                "snapshot " + word,
                "type " + word,
                "type \"" + word,
                "key " + word,
                "wait \"" + word + "\" " + word,
                "mode " + word,
                "pointer " + word,
                "press " + word,
                "release " + word,
                "scroll " + word,
                "move-to 1 " + word,
                "move-to 1 1 " + word,
                "kernel " + word,
                "seed " + word)) {
            write(file, "sleep 1\n" + line + "\n");
            run(
                    "record",
                    "--scenario",
                    file.toString(),
                    "-o",
                    folder.resolve("made.trace").toString());
            write(file, line + "\nsleep 1\n");
            run(
                    "record",
                    "--scenario",
                    file.toString(),
                    "-o",
                    folder.resolve("made.trace").toString());
        }
        Path trace = folder.resolve("t.trace");
        record(trace);
        for (String policy : List.of(
                word,
                quoted + " = 1",
                "[[rule]]\nreason = " + quoted,
                "[[rule]]\nname = " + quoted + "\nreason = " + quoted + "\ntrace = " + quoted)) {
            write(file, policy + "\n");
            run("replay", "--device", "--policy", file.toString(), trace.toString());
        }
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (String name : List.of("semblance.json", "trace/" + word, word)) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                byte[] content = ("{" + quoted + ":" + quoted + "}").getBytes(StandardCharsets.UTF_8);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        run("info", file.toString());
        run("dump", file.toString());
        run("replay", "--device", file.toString());
    }

    private static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
