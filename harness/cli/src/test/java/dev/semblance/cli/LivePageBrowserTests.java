package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.record.session.BarePrograms;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.report.Browser;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

/** The live page in a real browser, with real keys and a real mouse: docs/LIVE.md. Half a minute, so mvn -Plive has it done. */
@EnabledIfSystemProperty(named = "semblance.live", matches = "true")
@EnabledIf(
        value = "dev.semblance.cli.LivePageBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
@Timeout(180)
class LivePageBrowserTests {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final int ALT = 1;
    private static final int CTRL = 2;

    // A browser goes on writing to its profile for a moment after its end, which JUnit would complain of.
    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path folder = Path.of("");

    private static Browser browser;

    static boolean hasBrowser() {
        return Browser.program().isPresent();
    }

    @BeforeAll
    static void start() throws Exception {
        browser = new Browser(folder.resolve("profile"));
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        FileUtils.deleteQuietly(folder.toFile());
    }

    private static void press(String code, String key) throws Exception {
        browser.key(code, key, true, 0);
        browser.key(code, key, false, 0);
    }

    private static double at(String side) throws Exception {
        return Double.parseDouble(browser.evaluate("document.querySelector('.stage').getBoundingClientRect()." + side));
    }

    private static void click(String id) throws Exception {
        browser.evaluate("document.getElementById('" + id + "').click()");
    }

    private static void snapshot(String label) throws Exception {
        browser.evaluate("document.getElementById('label').value = '" + label
                + "', document.getElementById('snapshot').requestSubmit()");
    }

    private static void awaitPhase(String phase) throws Exception {
        browser.awaitTrue("semblance.status().phase === '" + phase + "'");
    }

    private static List<List<InputItem>> reports(Path trace) {
        return Recordings.events(trace).stream()
                .map(Stamped::event)
                .filter(TraceEvent.Input.class::isInstance)
                .map(event -> ((TraceEvent.Input) event).items())
                .toList();
    }

    private static Stream<InputItem> keys(Path trace) {
        return reports(trace).stream().flatMap(List::stream).filter(item -> item.type() == 1);
    }

    private static void assertReplays(Path trace) throws Exception {
        LiveProgram replay = LiveProgram.start("replay", trace.toString(), "--no-require-goldens");
        assertThat(replay.ended()).as(replay.said()).isEqualTo(ExitCode.PASS.code());
    }

    @Test
    void aSessionThatIsPlayedInTheBrowserReplaysAndEqualsItsTrace() throws Exception {
        Path trace = folder.resolve("played.trace");
        LiveProgram program = LiveProgram.start("record", "--live", "--no-open", "-o", trace.toString());
        browser.open(program.url());
        browser.awaitTrue("semblance.screens().length === 1 && semblance.status().control === 'you'");
        browser.awaitTrue("semblance.screens()[0].drawn > 3");

        // A message that the page cannot take costs it a new connection, and no more.
        browser.evaluate(
                "Object.assign(semblance.screens()[0], { old: 1, show: () => Promise.reject(new Error()) }).old");
        browser.awaitTrue("!semblance.screens()[0].old && semblance.status().control === 'you'");
        browser.awaitTrue("semblance.screens()[0].drawn > 0");

        // The serial console, which shows nothing where nobody sees it.
        browser.evaluate("document.getElementById('serial').scrollIntoView()");
        browser.awaitTrue("document.querySelector('.xterm-rows').textContent.includes('rv32#')");
        browser.evaluate("document.querySelector('.xterm-helper-textarea').focus()");
        browser.call("Input.insertText", MAPPER.createObjectNode().put("text", "kmscursor"));
        browser.press("Enter");
        browser.awaitTrue("document.querySelector('.xterm-rows').textContent.includes('kmscursor: ready')");
        browser.awaitTrue("!semblance.screens()[0].cursor.hidden");

        // A click gives keyboard and mouse to the guest, and is not the guest's.
        browser.evaluate("scrollTo(0, 0)");
        double x = at("left") + 200;
        double y = at("top") + 200;
        browser.moveTo(x, y);
        browser.button(true, x, y);
        browser.button(false, x, y);
        browser.awaitTrue("document.pointerLockElement !== null");
        browser.awaitTrue("document.getElementById('hands').textContent.includes('keyboard and mouse: Ctrl+Alt+G')");
        press("KeyA", "a");
        // A German Z, a key without a character, and a key that is held, which the guest repeats itself.
        press("KeyY", "z");
        press("ArrowLeft", "ArrowLeft");
        browser.key("KeyB", "b", true, 0);
        browser.call(
                "Input.dispatchKeyEvent",
                MAPPER.createObjectNode()
                        .put("type", "rawKeyDown")
                        .put("code", "KeyB")
                        .put("key", "b")
                        .put("autoRepeat", true));
        browser.key("KeyB", "b", false, 0);
        String before = browser.evaluate("semblance.screens()[0].cursorAt.x");
        browser.moveTo(x + 60, y + 30);
        browser.awaitTrue("semblance.screens()[0].cursorAt.x != " + before);
        browser.button(true, x + 60, y + 30);
        browser.moveTo(x + 80, y + 30);
        browser.button(false, x + 80, y + 30);

        // What is down comes up when the page loses the focus.
        browser.key("ControlLeft", "Control", true, CTRL);
        browser.awaitTrue("semblance.status().held === 1");
        browser.evaluate("window.dispatchEvent(new Event('blur'))");
        browser.awaitTrue("semblance.status().held === 0");
        browser.key("ControlLeft", "Control", false, 0);
        browser.awaitTrue("document.pointerLockElement === null");

        // The keyboard alone grabs and gives back.
        browser.evaluate("document.querySelector('.stage').focus()");
        press("Enter", "Enter");
        browser.awaitTrue("document.getElementById('hands').textContent.includes('the guest has the keyboard')");
        browser.key("ControlLeft", "Control", true, CTRL);
        browser.key("AltLeft", "Alt", true, CTRL | ALT);
        browser.key("KeyG", "g", true, CTRL | ALT);
        browser.awaitTrue("document.getElementById('hands').textContent.includes('are yours')");
        browser.awaitTrue("semblance.status().held === 0");
        browser.key("AltLeft", "Alt", false, 0);
        browser.key("ControlLeft", "Control", false, 0);

        snapshot("first");
        browser.awaitTrue("semblance.status().snapshots === 1");
        snapshot("first");
        browser.awaitTrue("document.getElementById('notice').textContent.includes('already')");
        click("pause");
        awaitPhase("PAUSED");
        click("pause");
        awaitPhase("RUNNING");
        browser.evaluate("document.getElementById('mode').value = '800x600',"
                + " document.getElementById('display').requestSubmit()");
        browser.awaitTrue("semblance.status().displays[0] === '800x600'");
        click("finish");
        assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
        browser.awaitTrue("document.getElementById('state').textContent.includes('played.trace is complete')");
        assertThat(browser.complaints()).isEmpty();

        assertThat(keys(trace))
                .containsSubsequence(
                        new InputItem(1, 30, 1),
                        new InputItem(1, 30, 0),
                        new InputItem(1, 21, 1),
                        new InputItem(1, 21, 0),
                        new InputItem(1, 105, 1),
                        new InputItem(1, 105, 0),
                        new InputItem(1, 48, 1),
                        new InputItem(1, 48, 0),
                        new InputItem(1, 272, 1),
                        new InputItem(1, 272, 0),
                        new InputItem(1, 29, 1),
                        new InputItem(1, 29, 0))
                .filteredOn(item -> item.code() == 48)
                .as("a held key is pressed once")
                .hasSize(2);
        assertThat(keys(trace).filter(item -> item.code() == 272)).hasSize(2);
        assertThat(keys(trace).filter(item -> item.code() == 34))
                .as("G of Ctrl+Alt+G")
                .isEmpty();
        assertThat(reports(trace)).anyMatch(items -> items.getFirst().type() == 2);
        assertThat(Recordings.events(trace)).anyMatch(stamped -> stamped.event() instanceof TraceEvent.DisplayChange);
        assertReplays(trace);
    }

    /** docs/SCENARIOS.md, move-to: the axes of the tablet go over all displays, side by side. */
    @Test
    void aTabletPointsAtThePixelUnderTheMouseOfWhicheverScreen() throws Exception {
        Path trace = folder.resolve("tablet.trace");
        LiveProgram program = LiveProgram.start(
                "record",
                "--live",
                "--no-open",
                "--pointer",
                "tablet",
                "--mode",
                "640x480,320x480",
                "-o",
                trace.toString());
        browser.open(program.url());
        browser.awaitTrue("semblance.screens().length === 2 && semblance.status().control === 'you'");
        browser.awaitTrue("semblance.screens().every(screen => screen.drawn > 1)");
        browser.evaluate("scrollTo(0, 0)");
        String canvas = "document.querySelectorAll('.picture')[1].getBoundingClientRect()";
        double x = Double.parseDouble(browser.evaluate(canvas + ".left")) + 10.5;
        double y = Double.parseDouble(browser.evaluate(canvas + ".top")) + 20.5;
        browser.moveTo(x, y);
        browser.button(true, x, y);
        browser.button(false, x, y);
        browser.awaitTrue("document.getElementById('hands').textContent.includes('keyboard and mouse: Ctrl+Alt+G')");
        browser.moveTo(x + 1, y);
        browser.button(true, x + 1, y);
        browser.awaitTrue("semblance.status().held === 1");

        // The guest's console has a cursor that blinks: a flush each time.
        click("pause");
        awaitPhase("PAUSED");
        for (int i = 0; i < 3; i++) {
            String flushes = browser.evaluate("semblance.status().flushes");
            click("step");
            // One notification of the queue may bring a flush of each display.
            browser.awaitTrue("semblance.status().phase === 'PAUSED' && semblance.status().flushes > " + flushes);
        }
        click("finish");
        assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
        // Pixel 11, 20 of the second display: its middle among 960 by 480.
        assertThat(reports(trace))
                .startsWith(List.of(
                        new InputItem(3, 0, (2 * (640 + 11) + 1) * 32768 / (2 * 960)),
                        new InputItem(3, 1, (2 * 20 + 1) * 32768 / (2 * 480))))
                .endsWith(List.of(new InputItem(1, 272, 1)));
        assertReplays(trace);
    }

    /**
     * ECMA-48 (DA, DSR) and xterm's control sequences: what a terminal is asked, it says as if it were typed. A recording would tell
     * whether somebody looked on.
     */
    @Test
    void aTerminalThatIsAskedByTheGuestAnswersNothing() throws Exception {
        String queries = Stream.of(
                        "[c",
                        "[>c",
                        "[=c",
                        "[5n",
                        "[6n",
                        "[?6n",
                        "[?15n",
                        "[?996n",
                        "[4$p",
                        "[?25$p",
                        "[14t",
                        "[18t",
                        "[>q",
                        "[?u",
                        "[x",
                        "]4;1;?\007",
                        "]10;?\007",
                        "]11;?\033\\",
                        "]12;?\007",
                        "P$qm\033\\",
                        "P+q544e\033\\",
                        "[?1004h",
                        "[?1003h")
                .map("\033"::concat)
                .collect(Collectors.joining());
        SessionConfig program =
                BarePrograms.program().print(queries + "all asked").echo().forever();
        Path file = Files.write(
                folder.resolve("queries.bin"), program.images().getFirst().bytes());
        Path trace = folder.resolve("asked.trace");
        LiveProgram asking =
                LiveProgram.start("record", "--live", "--no-open", "--bare", file.toString(), "-o", trace.toString());
        browser.open(asking.url());
        browser.awaitTrue("semblance.screens().length === 1 && semblance.status().control === 'you'");
        browser.evaluate("document.getElementById('serial').scrollIntoView()");
        browser.awaitTrue("document.querySelector('.xterm-rows').textContent.includes('all asked')");
        browser.evaluate("document.querySelector('.xterm-helper-textarea').focus()");
        browser.evaluate("document.querySelector('.xterm-helper-textarea').blur()");
        browser.moveTo(300, 300);
        browser.moveTo(320, 310);
        click("finish");
        assertThat(asking.ended()).as(asking.said()).isEqualTo(ExitCode.PASS.code());
        assertThat(Recordings.events(trace))
                .extracting(Stamped::event)
                .noneMatch(TraceEvent.ConsoleInput.class::isInstance);
    }

    private static void keyAt(double seconds, String code, boolean down, int modifiers) throws Exception {
        browser.call(
                "Input.dispatchKeyEvent",
                MAPPER.createObjectNode()
                        .put("type", down ? "rawKeyDown" : "keyUp")
                        .put("code", code)
                        .put("key", code)
                        .put("modifiers", modifiers)
                        .put("timestamp", seconds));
    }

    /** There, AltGr is told as two keys of one moment, of which the first was never pressed. */
    @Test
    void theControlKeyThatWindowsPutsBeforeAltGrIsNotTheGuests() throws Exception {
        Path file = Files.write(
                folder.resolve("forever.bin"),
                BarePrograms.program().forever().images().getFirst().bytes());
        Path trace = folder.resolve("altgr.trace");
        browser.call(
                "Emulation.setUserAgentOverride",
                MAPPER.createObjectNode().put("userAgent", "Mozilla/5.0").put("platform", "Win32"));
        try {
            LiveProgram program = LiveProgram.start(
                    "record", "--live", "--no-open", "--bare", file.toString(), "-o", trace.toString());
            browser.open(program.url());
            browser.awaitTrue("semblance.screens().length === 1 && semblance.status().control === 'you'");
            browser.evaluate("document.querySelector('.stage').focus()");
            press("Enter", "Enter");
            double now = System.currentTimeMillis() / 1000.0;
            keyAt(now, "ControlLeft", true, CTRL);
            keyAt(now, "AltRight", true, CTRL | ALT);
            keyAt(now + 0.2, "KeyQ", true, CTRL | ALT);
            keyAt(now + 0.3, "KeyQ", false, CTRL | ALT);
            keyAt(now + 0.4, "ControlLeft", false, ALT);
            keyAt(now + 0.4, "AltRight", false, 0);
            browser.awaitTrue("semblance.status().held === 0");
            // A true one, alone and before another key.
            keyAt(now + 1, "ControlLeft", true, CTRL);
            browser.awaitTrue("semblance.status().held === 1");
            keyAt(now + 2, "ControlLeft", false, 0);
            keyAt(now + 3, "ControlLeft", true, CTRL);
            keyAt(now + 3, "KeyC", true, CTRL);
            keyAt(now + 4, "KeyC", false, CTRL);
            keyAt(now + 4, "ControlLeft", false, 0);
            browser.awaitTrue("semblance.status().held === 0");
            click("finish");
            assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
        } finally {
            browser.call(
                    "Emulation.setUserAgentOverride", MAPPER.createObjectNode().put("userAgent", ""));
        }
        assertThat(keys(trace))
                .containsExactly(
                        new InputItem(1, 100, 1),
                        new InputItem(1, 16, 1),
                        new InputItem(1, 16, 0),
                        new InputItem(1, 100, 0),
                        new InputItem(1, 29, 1),
                        new InputItem(1, 29, 0),
                        new InputItem(1, 29, 1),
                        new InputItem(1, 46, 1),
                        new InputItem(1, 46, 0),
                        new InputItem(1, 29, 0));
    }

    /** Each comes from the picture before the message, whatever others have drawn over. Spans come last. */
    @Test
    void rowsThatMoveAreDrawnFromThePictureBefore() throws Exception {
        Path file = Files.write(
                folder.resolve("still.bin"),
                BarePrograms.program().forever().images().getFirst().bytes());
        LiveProgram program = LiveProgram.start(
                "record",
                "--live",
                "--no-open",
                "--bare",
                file.toString(),
                "-o",
                folder.resolve("still.trace").toString());
        browser.open(program.url());
        browser.awaitTrue("semblance.screens().length === 1 && semblance.status().control === 'you'");
        browser.evaluate("""
                (() => {
                const screen = semblance.screens()[0];
                const message = (flags, spans, body) => {
                  const view = new DataView(new ArrayBuffer(16 + body.length));
                  [1, 0, flags].forEach((byte, at) => view.setUint8(at, byte));
                  [1, 4, spans].forEach((number, at) => view.setUint32(4 + 4 * at, number));
                  new Uint8Array(view.buffer).set(body, 16);
                  return view;
                };
                const rows = [0, 1, 2, 3];
                const whole = [...rows.flatMap(y => [0, y, 0, 0, 0, 1]), ...rows.flatMap(y => [10 + y, 0, 0, 255])];
                const moved = [0, 2, 0, 0, 0, 3, 0, 1, 0, 1, 0, 0, 0, 3, 0, 2, 0, 0, 0, 1, 99, 0, 0, 255];
                screen.show(message(2, 4, whole)).then(() => screen.show(message(4, 1, moved))).then(() => {
                  const copy = new OffscreenCanvas(1, 4).getContext('2d', { willReadFrequently: true });
                  copy.drawImage(screen.picture, 0, 0);
                  window.reds = rows.map(y => copy.getImageData(0, y, 1, 1).data[0]).join();
                });
                })()
                """);
        browser.awaitTrue("window.reds === '13,10,99,12'");
        click("finish");
        assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
    }

    /** Many times what the guest is given at once, with characters of two units of UTF-16. */
    @Test
    void aLongPasteArrivesWholeInAGuestThatReads() throws Exception {
        Path file = Files.write(
                folder.resolve("echoing.bin"),
                BarePrograms.program().echoing().images().getFirst().bytes());
        Path trace = folder.resolve("pasted.trace");
        LiveProgram program = LiveProgram.start(
                "record", "--live", "--no-open", "--pace", "max", "--bare", file.toString(), "-o", trace.toString());
        // As a desktop opens it.
        browser.open(BrowserOpener.fileThatLeadsTo(program.url()).toUri().toString());
        browser.awaitTrue("'semblance' in window");
        browser.awaitTrue("semblance.screens().length === 1 && semblance.status().control === 'you'");
        browser.evaluate("document.querySelector('.xterm-helper-textarea').focus()");
        String text =
                IntStream.range(0, 5000).mapToObj(i -> i + "\ud83d\ude00 ").collect(Collectors.joining());
        browser.call("Input.insertText", MAPPER.createObjectNode().put("text", text + "."));
        browser.awaitTrue("document.querySelector('.xterm-rows').textContent.trimEnd().endsWith('4999\ud83d\ude00 .')");
        click("finish");
        assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
        ByteArrayOutputStream typed = new ByteArrayOutputStream();
        Recordings.events(trace).stream()
                .map(Stamped::event)
                .filter(TraceEvent.ConsoleInput.class::isInstance)
                .forEach(event -> typed.writeBytes(((TraceEvent.ConsoleInput) event).bytes()));
        assertThat(typed.toString(StandardCharsets.UTF_8)).isEqualTo(text + ".");
    }

    /** With a page that is open, gone, and open again. */
    @Test
    void aScenarioThatIsWatchedGivesTheSameBytes() throws Exception {
        Path scenario = folder.resolve("s.scenario");
        Files.writeString(scenario, Recordings.CURSOR);
        Path alone = folder.resolve("alone.trace");
        Path watched = folder.resolve("watched.trace");
        LiveProgram unwatched = LiveProgram.start("record", "--scenario", scenario.toString(), "-o", alone.toString());
        assertThat(unwatched.ended()).as(unwatched.said()).isEqualTo(ExitCode.PASS.code());
        LiveProgram program = LiveProgram.start(
                "record",
                "--scenario",
                scenario.toString(),
                "--live",
                "--no-open",
                "--pace",
                "max",
                "-o",
                watched.toString());
        browser.open(program.url());
        browser.awaitTrue("semblance.screens().length === 1");
        browser.open("about:blank");
        browser.open(program.url());
        browser.awaitTrue("semblance.screens().length === 1 && semblance.screens()[0].drawn > 0");
        awaitPhase("SCENARIO_DONE");
        click("finish");
        assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
        assertThat(Files.readAllBytes(watched)).isEqualTo(Files.readAllBytes(alone));
    }
}
