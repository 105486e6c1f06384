package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TOOLS.md, "dump": which events are printed. */
class DumpChoiceTests {

    private static final Path FLIPS = Path.of("../../recordings/flips.trace");

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final Terminal terminal =
            new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter(), true), false);
    private final List<Stamped> events = Recordings.events(FLIPS);
    private List<String> text = List.of();
    private List<String> json = List.of();

    @BeforeEach
    void describe() {
        EventText people = new EventText(Recordings.manifest(FLIPS));
        EventJson programs = new EventJson(Recordings.manifest(FLIPS));
        text = events.stream().map(people::line).toList();
        json = events.stream().map(programs::line).toList();
    }

    private ExitCode dump(Path trace, DumpCommand.Style style, String from, String to, List<String> only, String grep) {
        out.getBuffer().setLength(0);
        return new DumpCommand(Environments.of(terminal))
                .run(new DumpCommand.Request(
                        trace,
                        style,
                        new DumpCommand.Choice(
                                new PositionRange(Position.parse(from), Position.parse(to)),
                                only,
                                Optional.of(grep).filter(some -> !some.isEmpty()))));
    }

    private List<String> lines(DumpCommand.Style style, String from, String to, List<String> only, String grep) {
        assertThat(dump(FLIPS, style, from, to, only, grep)).isEqualTo(ExitCode.PASS);
        return out.toString().lines().toList();
    }

    private List<String> only(String... kinds) {
        return lines(DumpCommand.Style.TEXT, "start", "end", List.of(kinds), "");
    }

    private List<String> where(Predicate<Stamped> wanted) {
        return events.stream()
                .filter(wanted)
                .map(event -> text.get((int) event.sequence()))
                .toList();
    }

    @Test
    void bothEndsOfARangeArePrinted() {
        assertThat(lines(DumpCommand.Style.TEXT, "720", "event:730", List.of(), ""))
                .isEqualTo(text.subList(720, 731));
        assertThat(lines(DumpCommand.Style.TEXT, "start", "start", List.of(), ""))
                .isEqualTo(text.subList(0, 1));
        assertThat(lines(DumpCommand.Style.TEXT, "end", "end", List.of(), ""))
                .isEqualTo(text.subList(text.size() - 1, text.size()));
        List<String> atOneCycle = lines(DumpCommand.Style.TEXT, "cycle:87,237,273", "cycle:87_237_273", List.of(), "");
        assertThat(atOneCycle)
                .isEqualTo(where(event -> event.cycle() == 87_237_273))
                .hasSizeGreaterThan(3);
        assertThat(lines(DumpCommand.Style.TEXT, "flush:3", "snapshot:under-way", List.of(), ""))
                .first()
                .asString()
                .contains("flush of scanout 0");
    }

    @Test
    void inJsonTheManifestComesFirstAndNoEventIsOther() {
        List<String> part = lines(DumpCommand.Style.JSON, "720", "722", List.of(), "");
        assertThat(part).hasSize(4);
        assertThat(part.getFirst()).startsWith("{\"event\":\"manifest\"");
        assertThat(part.subList(1, 4)).isEqualTo(json.subList(720, 723));
    }

    @Test
    void kindsAreDevicesEventsAndCommands() {
        assertThat(only("flush")).isEqualTo(where(event -> event.event() instanceof TraceEvent.Flush));
        assertThat(only("gpu"))
                .isEqualTo(where(event -> event.event() instanceof TraceEvent.OfDevice of
                        && Recordings.manifest(FLIPS)
                                .devices()
                                .get(of.device())
                                .kind()
                                .equals("gpu")));
        assertThat(only("RESOURCE_FLUSH")).hasSize(69).allMatch(line -> line.contains("gpu control RESOURCE_FLUSH"));
        assertThat(only("snapshot", "end"))
                .isEqualTo(where(event ->
                        event.event() instanceof TraceEvent.Snapshot || event.event() instanceof TraceEvent.End));
        assertThat(only("disk")).isNotEmpty().allMatch(line -> line.contains(" disk (none) "));
        // The disk's FLUSH, not the GPU's and not the event.
        assertThat(only("FLUSH")).isEmpty();
    }

    @Test
    void aKindThatIsNoneIsRefusedWithTheOneThatWasMeant() {
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> only("flush", "RESOURCE_FLUHS"))
                .withMessage("--only RESOURCE_FLUHS: that is no device of the trace, no event and no command;"
                        + " did you mean RESOURCE_FLUSH?")
                .satisfies(e -> assertThat(CommandException.exitCode(e)).isEqualTo(ExitCode.USAGE));
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> only("\u001b[2J"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\u001b"));
    }

    @Test
    void aTextIsLookedForInTheLinesAsTheyArePrinted() {
        assertThat(lines(DumpCommand.Style.TEXT, "start", "end", List.of(), "resource=4"))
                .isEqualTo(text.stream()
                        .filter(line -> line.contains("resource=4"))
                        .toList())
                .hasSizeGreaterThan(10);
        assertThat(lines(DumpCommand.Style.JSON, "start", "end", List.of("command"), "\"resourceId\":4").stream()
                        .skip(1))
                .isEqualTo(json.stream()
                        .filter(line -> line.contains("\"event\":\"command\"") && line.contains("\"resourceId\":4"))
                        .toList())
                .hasSizeGreaterThan(10);
        assertThat(lines(DumpCommand.Style.TEXT, "start", "end", List.of(), "RESOURCE=4"))
                .isEmpty();
    }

    /** docs/TRACE_FORMAT.md, "Long events": a request in parts is read whole, though its first part is not printed. */
    @Test
    void whatComesBeforeTheRangeIsReadAllTheSame() throws IOException {
        byte[] request = new byte[48];
        request[0] = 4;
        request[1] = 1;
        request[40] = 77;
        int gpu = 4;
        Path parts = Recordings.write(
                folder.resolve("parts.trace"),
                Recordings.manifest(FLIPS),
                List.of(
                        new Stamped(0, 0, new TraceEvent.RequestPart(gpu, 0, Arrays.copyOf(request, 30))),
                        new Stamped(
                                1,
                                0,
                                new TraceEvent.Command(
                                        gpu,
                                        0,
                                        0,
                                        List.of(),
                                        new TraceEvent.Payload.Full(Arrays.copyOfRange(request, 30, 48), new byte[24]),
                                        24,
                                        Notification.SENT)),
                        new Stamped(2, 0, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]))));
        for (List<String> kinds : List.of(List.<String>of(), List.of("RESOURCE_FLUSH"))) {
            assertThat(dump(parts, DumpCommand.Style.TEXT, "1", "1", kinds, "")).isEqualTo(ExitCode.PASS);
            assertThat(out.toString()).contains("RESOURCE_FLUSH rect=0x0+0+0 resource=77");
        }
    }

    @Test
    void aPositionThatIsNotThereIsAnErrorAndNothingIsPrinted() {
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> dump(FLIPS, DumpCommand.Style.JSON, "start", "flush:69", List.of(), ""))
                .withMessageContaining("flips.trace has no flush:69; the nearest are flush:67 (#1244 @319,366,152) and")
                .satisfies(e -> assertThat(CommandException.exitCode(e)).isEqualTo(ExitCode.USAGE));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatIsBehindTheRangeIsNotRead() throws IOException {
        byte[] bytes = Files.readAllBytes(FLIPS);
        bytes[bytes.length - 2000] ^= 1;
        Path damaged = Files.write(folder.resolve("damaged.trace"), bytes);
        assertThat(dump(damaged, DumpCommand.Style.TEXT, "10", "12", List.of(), ""))
                .isEqualTo(ExitCode.PASS);
        assertThat(out.toString().lines()).isEqualTo(text.subList(10, 13));
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> dump(damaged, DumpCommand.Style.TEXT, "10", "end", List.of(), ""))
                .satisfies(e -> assertThat(CommandException.exitCode(e)).isEqualTo(ExitCode.CORRUPT));
    }
}
