package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.report.Browser;
import dev.semblance.harness.util.Text;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Does what docs/SESSIONS.md does, in its order, and compares what is printed with what stands there. Its pictures go to the folder that {@code
 * -Dsemblance.pictures} names, docs/pictures for those of the page; else they are made and thrown away.
 */
@EnabledIfSystemProperty(named = "semblance.live", matches = "true")
@EnabledIf(
        value = "dev.semblance.cli.LivePageBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
@Timeout(240)
class SessionWalkTests {

    private static final Path ROOT = DocsExamplesTests.ROOT;
    private static final Path PAGE = ROOT.resolve("docs/SESSIONS.md");
    private static final Pattern MARK = Pattern.compile("<!-- walk(?:: exit ([0-9]+))? -->");
    private static final Pattern MADE = Pattern.compile("(?:session|bars)\\.(?:trace|scenario)|golden");

    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path folder = Path.of("");

    private static Browser browser;

    /** A marked block of the page. */
    private record Block(int code, List<String> lines) {}

    /** What a command line came to. */
    private record Ran(int code, String printed) {}

    @BeforeAll
    static void start() throws Exception {
        browser = new Browser(folder.resolve("profile"));
        browser.setSize(1280, 900);
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        FileUtils.deleteQuietly(folder.toFile());
    }

    @Test
    void theWalkFromASessionToATestToABugPrintsWhatStandsThere() throws Exception {
        playSession();
        List<Block> blocks = blocks();
        assertThat(blocks).hasSize(3);
        for (Block block : blocks) {
            check(block);
        }
        String page = Files.readString(PAGE);
        assertThat(page.replaceFirst("(?s).*```text\n(.*?)\n```.*", "$1"))
                .as("the scenario that stands there")
                .isEqualTo(Files.readString(folder.resolve("bars.scenario")).strip());
        // The golden of the faulty program's recording is of the right one.
        assertThat(ImageFiles.read(folder.resolve("golden/bars/frame.png")))
                .isEqualTo(ImageFiles.read(ROOT.resolve("docs/walk/golden/stride/frame.png")));
        lookIntoIt();
        for (String picture : List.of("live", "viewer", "export")) {
            for (String scheme : List.of("light", "dark")) {
                String name = "pictures/" + picture + "-" + scheme + ".png";
                assertThat(page).contains(name);
                assertThat(ROOT.resolve("docs").resolve(name)).isRegularFile();
            }
        }
    }

    /** What a person does in the page of the first step. */
    private static void playSession() throws Exception {
        LiveProgram program = LiveProgram.start(
                "record",
                "--live",
                "--no-open",
                "--mode",
                "1280x800",
                "-o",
                folder.resolve("session.trace").toString());
        browser.open(program.url());
        browser.awaitTrue(
                "window.semblance && semblance.screens().length === 1 && semblance.status().control === 'you'");
        browser.evaluate("document.getElementById('serial').scrollIntoView()");
        browser.awaitTrue("document.querySelector('.xterm-rows').textContent.includes('rv32#')");
        browser.evaluate("document.querySelector('.xterm-helper-textarea').focus()");
        browser.call(
                "Input.insertText",
                JsonMapper.builder().build().createObjectNode().put("text", "kmsdraw 4 2 1"));
        browser.press("Enter");
        browser.awaitTrue("document.querySelector('.xterm-rows').textContent.includes('kmsdraw: frames 4')");
        // As long as a person takes to see that it stands still.
        Thread.sleep(1000);
        browser.evaluate("document.getElementById('pause').click()");
        browser.awaitTrue("semblance.status().phase === 'PAUSED'");
        browser.evaluate(
                "document.getElementById('label').value = 'frame',"
                        + " document.getElementById('snapshot').requestSubmit(), document.activeElement.blur(), scrollTo(0, 0)");
        browser.awaitTrue("semblance.status().snapshots === 1");
        browser.setSize(1280, 1340);
        take("live");
        browser.setSize(1280, 900);
        browser.evaluate("document.getElementById('finish').click()");
        assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
    }

    private static void lookIntoIt() throws Exception {
        String trace = ROOT.resolve("docs/walk/stride.trace").toString();
        String golden = ROOT.resolve("docs/walk/golden").toString();
        LiveProgram program = LiveProgram.start("view", "--no-open", trace, "--golden", golden);
        browser.open(program.url() + "#snapshot:frame");
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()"
                + " && semblance.verdict().ready");
        browser.evaluate("document.getElementById('tab-snapshots').click()");
        browser.awaitTrue(
                "document.querySelectorAll('#panel-snapshots img').length >= 3"
                        + " && [...document.querySelectorAll('#panel-snapshots img')].slice(0, 3).every(image => image.complete)");
        browser.awaitTrue("document.getElementById('where').textContent.includes('snapshot frame')");
        take("viewer");
        click(0, 1);
        browser.awaitTrue("document.getElementById('panel-pixel').textContent.includes('progs/kmsdraw.c:66')");

        Path page = folder.resolve("stride.html");
        Ran exported = run(List.of("view", trace, "--golden", golden, "--export", page.toString()));
        assertThat(exported.code()).as(exported.printed()).isZero();
        browser.open(page.toUri() + "#snapshot:frame");
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
        click(300, 200);
        browser.awaitTrue("document.getElementById('panel-pixel').textContent.includes('semblance blame')");
        take("export");
    }

    private static void click(int x, int y) throws Exception {
        browser.evaluate(Text.format(
                "(() => { const canvas = document.querySelector('#stages canvas'), box = canvas.getBoundingClientRect();"
                        + " canvas.dispatchEvent(new MouseEvent('click', { bubbles: true,"
                        + " clientX: box.left + box.width * %d.5 / 1280, clientY: box.top + box.height * %d.5 / 800 })); })()",
                x, y));
    }

    /** Takes a picture of the window in light and in dark. */
    private static void take(String name) throws Exception {
        Path pictures = Optional.ofNullable(System.getProperty("semblance.pictures"))
                .map(ROOT::resolve)
                .orElse(folder.resolve("pictures"));
        Files.createDirectories(pictures);
        // As if it had been called from the project's folder.
        browser.evaluate("(() => { const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
                + " while (texts.nextNode()) { texts.currentNode.data = texts.currentNode.data.replaceAll('" + ROOT
                + "/', ''); } })()");
        for (String scheme : List.of("dark", "light")) {
            browser.setColorScheme(scheme);
            Thread.sleep(300);
            byte[] picture = browser.window();
            Files.write(pictures.resolve(name + "-" + scheme + ".png"), picture);
            assertThat(ImageFiles.read(pictures.resolve(name + "-" + scheme + ".png"))
                            .width())
                    .isEqualTo(1280);
        }
    }

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(PAGE);
        for (int i = 0; i < lines.size(); i++) {
            Matcher mark = MARK.matcher(lines.get(i));
            if (mark.matches()) {
                int code = Optional.ofNullable(mark.group(1))
                        .map(Integer::parseInt)
                        .orElse(0);
                blocks.add(new Block(
                        code,
                        lines.stream()
                                .skip(i + 2L)
                                .takeWhile(line -> line.startsWith("    "))
                                .map(line -> line.substring(4))
                                .toList()));
            }
        }
        return blocks;
    }

    private static void check(Block block) throws IOException {
        List<String> commands =
                block.lines().stream().filter(line -> line.startsWith("$ ")).toList();
        String printed = "";
        for (String command : commands) {
            List<String> words = Arrays.stream(
                            command.substring("$ semblance ".length()).split(" ", -1))
                    .map(word -> MADE.matcher(word).matches()
                            ? folder.resolve(word).toString()
                            : word.startsWith("docs/") ? ROOT.resolve(word).toString() : word)
                    .toList();
            Ran ran = run(words);
            printed += command + "\n" + ran.printed();
            assertThat(ran.code()).as(printed).isEqualTo(command.equals(commands.getLast()) ? block.code() : 0);
        }
        String expected = block.lines().stream()
                .map(line -> line.strip().equals("...")
                        ? "(?s:.*)"
                        : Arrays.stream(line.split(Pattern.quote("..."), -1))
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".*")))
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(printed).matches(expected);
    }

    private static Ran run(List<String> words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Terminal terminal = Terminal.of(out, StandardCharsets.UTF_8, new PrintWriter(err), false);
        int code = Semblance.run(Environments.of(terminal, Recordings::images, Map.of()), words.toArray(String[]::new));
        String printed = err + out.toString(StandardCharsets.UTF_8);
        return new Ran(code, printed.replace(folder + "/", "").replace(ROOT + "/", ""));
    }
}
