package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.trace.ParentTrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/SCENARIOS.md, "Going on from a recording": what the command line makes of it. */
class ChildRecordingCommandTests {

    private static final String GUEST = """
            profile virt
            ram 16M
            kernel hello.bin
            initrd none
            seed 3
            """;

    @TempDir
    private Path folder = Path.of("");

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void recordTheParent() throws IOException {
        Files.copy(Recordings.bare("hello-virt64.bin"), folder.resolve("hello.bin"));
        Files.writeString(folder.resolve("z.scenario"), GUEST + "wait \"e\"\nsnapshot s\nsleep 1e6\n");
        assertThat(run("record", "--again", folder.resolve("z.scenario")))
                .as(err.toString())
                .isEqualTo(ExitCode.PASS);
    }

    private ExitCode run(Object... args) {
        out = new StringWriter();
        err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        GuestImages images = new GuestImages(ProjectHome.guestFolder(), new ImageCache(folder.resolve("cache")));
        int code = Semblance.run(
                Environments.of(terminal, () -> images, Map.of()),
                Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        assertThat(err.toString()).doesNotContain("\tat ");
        return Arrays.stream(ExitCode.values())
                .filter(known -> known.code() == code)
                .findFirst()
                .orElseThrow();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private void assertRefused(String sentence, Object... args) {
        assertThat(run(args)).as(out + "" + err).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence);
    }

    @Test
    void recordAgainMakesParentsBeforeTheirChildren() throws IOException {
        Files.writeString(file("a.scenario"), "from b.trace at snapshot:t\nsnapshot u\n");
        Files.writeString(file("b.scenario"), "from z.trace at snapshot:s\nseed 3\nkernel hello.bin\nsnapshot t\n");
        byte[] before = Files.readAllBytes(file("z.trace"));
        Files.delete(file("z.trace"));
        assertThat(run("record", "--again", folder)).as(err.toString()).isEqualTo(ExitCode.PASS);
        assertThat(out.toString().lines().map(line -> line.replaceAll(".*/([a-z]).trace: .*", "$1")))
                .containsExactly("z", "b", "a");
        assertThat(file("z.trace")).hasBinaryContent(before);
        assertThat(Recordings.manifest(file("a.trace")).parent().map(ParentTrace::file))
                .contains("b.trace");
        assertThat(run("replay", "--report", file("report"), file("a.trace"), file("b.trace")))
                .as(out.toString())
                .isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("machine agrees in", "device agrees in");

        Files.writeString(file("z.scenario"), "from a.trace\n");
        assertRefused("goes on from itself, or through others that do", "record", "--again", folder);
    }

    /** The machine runs already: what is said of it may be so, and nothing else. */
    @Test
    void anotherGuestThanThatOfTheParentIsRefused() throws IOException {
        Files.copy(Recordings.bare("mix-virt64.bin"), file("mix.bin"));
        for (String option : new String[] {
            "--kernel=" + file("mix.bin"),
            "--initrd=" + file("mix.bin"),
            "--seed=4",
            "--append=quiet",
            "--mode=640x480",
            "--pointer=both",
            "--virtqueue=none",
            "--ram=32M",
            "--isa=rv32gc"
        }) {
            String word = option.substring(2, option.indexOf('='));
            assertRefused(
                    word + " is another one than that of " + file("z.trace") + ", and the machine runs already",
                    "record",
                    "--from",
                    file("z.trace"),
                    "--at",
                    "2",
                    option,
                    "-o",
                    file("on.trace"));
        }
        assertRefused(
                "--bare names a program",
                "record",
                "--from",
                file("z.trace"),
                "--bare",
                file("mix.bin"),
                "-o",
                file("on.trace"));
        assertRefused("--from TRACE names it", "record", "--at", "2", "-o", file("on.trace"));
        assertRefused("without --scenario, --from or -o", "record", "--from", file("z.trace"), "--again", folder);
        assertRefused("is a file that is read", "record", "--from", file("z.trace"), "-o", file("z.trace"));
        assertRefused(
                "has no snapshot:none",
                "record",
                "--from",
                file("z.trace"),
                "--at",
                "snapshot:none",
                "-o",
                file("on.trace"));
        assertThat(file("on.trace")).doesNotExist();
        assertThat(run(
                        "record",
                        "--from",
                        file("z.trace"),
                        "--at",
                        "2",
                        "--ram=16M",
                        "--seed=3",
                        "--max-cycles=50",
                        "-o",
                        file("on.trace")))
                .as(err.toString())
                .isEqualTo(ExitCode.PASS);
        long first = Recordings.manifest(file("on.trace")).firstCycle();
        assertThat(Recordings.events(file("on.trace")).getLast().cycle()).isEqualTo(first + 50);
    }

    @Test
    void aChildElsewhereNeedsACopyOfItsParentAndAPackHasOne() throws IOException {
        Path elsewhere = Files.createDirectory(file("elsewhere"));
        Path child = elsewhere.resolve("on.trace");
        assertThat(run("record", "--from", file("z.trace"), "--at", "2", "-o", child))
                .isEqualTo(ExitCode.PASS);
        assertThat(err.toString()).contains("a replay of " + child + " looks for z.trace beside it; put a copy there");
        assertThat(run("replay", "--report", file("report"), child)).isEqualTo(ExitCode.INCOMPATIBLE);
        assertThat(run("replay", "--device", child)).isEqualTo(ExitCode.PASS);
        assertThat(run("pack", child, "-o", file("t.pack"))).isEqualTo(ExitCode.INCOMPATIBLE);
        assertThat(err.toString()).contains(child + ": its parent z.trace, of identity ");

        Files.copy(file("z.trace"), elsewhere.resolve("z.trace"));
        for (boolean goldens : new boolean[] {false, true}) {
            if (goldens) {
                ImageFiles.writePng(Frame.solid(1024, 768, 0xff00_0000), file("golden/on/end.png"));
            }
            assertThat(run("pack", child, "--with-images", "--golden", file("golden"), "-o", file("t.pack")))
                    .as(err.toString())
                    .isEqualTo(ExitCode.PASS);
            assertThat(out.toString()).contains("parent/z.trace", "trace/on.trace");
            assertThat(run("replay", "--report", file("report"), file("t.pack")))
                    .as(out.toString())
                    .isEqualTo(ExitCode.PASS);
            assertThat(out.toString())
                    .contains("machine agrees in", "1 trace: ")
                    .contains(goldens ? "1 of 1 snapshot matches" : "unchecked");
        }
        assertThat(run("info", file("t.pack"))).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("goes on from z.trace @");
    }

    @Test
    void aPackHoldsNoOtherTraceWithTheNameOfAParent() throws IOException {
        Path others = Files.createDirectory(file("others"));
        Files.writeString(
                others.resolve("z.scenario"),
                GUEST.replace("hello.bin", "../hello.bin").replace("seed 3", "seed 4") + "sleep 1000\n");
        assertThat(run("record", "--again", others)).as(err.toString()).isEqualTo(ExitCode.PASS);
        assertThat(run("record", "--from", file("z.trace"), "--at", "2", "--max-cycles=50", "-o", file("on.trace")))
                .isEqualTo(ExitCode.PASS);
        assertRefused(
                others.resolve("z.trace") + " has the name of " + file("z.trace") + ", which " + file("on.trace")
                        + " goes on from, and is another one",
                "pack",
                others.resolve("z.trace"),
                file("on.trace"),
                "-o",
                file("t.pack"));
        assertThat(file("t.pack")).doesNotExist();
        assertThat(run("pack", file("z.trace"), file("on.trace"), "-o", file("t.pack")))
                .as(err.toString())
                .isEqualTo(ExitCode.PASS);
    }

    /** A scenario that begins at power-on does something else. */
    @Test
    void noScenarioIsMadeOfAChild() {
        assertThat(run("record", "--from", file("z.trace"), "--at", "2", "--max-cycles=50", "-o", file("on.trace")))
                .isEqualTo(ExitCode.PASS);
        assertThat(run("scenario", file("on.trace"), "-o", file("on.scenario"))).isEqualTo(ExitCode.INCOMPATIBLE);
        assertThat(err.toString()).contains("the trace goes on from z.trace, and no scenario is made of a recording");
        assertThat(file("on.scenario")).doesNotExist();
    }

    /** The name is in the manifest of the child, and must be one everywhere. */
    @Test
    void aParentWhoseNameIsNoneEverywhereIsRefusedFirst() throws IOException {
        for (String name : new String[] {"a:b.trace", "a\\b.trace", "a\u0007.trace"}) {
            Files.copy(file("z.trace"), file(name));
            assertRefused("; rename it", "record", "--from", file(name), "--at", "2", "-o", file("on.trace"));
        }
        assertThat(file("on.trace")).doesNotExist();
    }
}
