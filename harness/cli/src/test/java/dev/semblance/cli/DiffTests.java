package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code diff}: the first difference, with its fields, and what the traces come to. */
class DiffTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final Terminal terminal =
            new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter(), true), false);
    private Path sound = Path.of("");
    private List<Stamped> events = List.of();
    private TraceManifest manifest = TraceFiles.MANIFEST;

    @BeforeEach
    void makeTrace() {
        sound = folder.resolve("a.trace");
        SyntheticGuest.record(sound, 3, false, 60);
        events = Recordings.events(sound);
        manifest = Recordings.manifest(sound);
    }

    private ExitCode diff(Path other, boolean json) {
        out.getBuffer().setLength(0);
        return new DiffCommand(Environments.of(terminal)).run(new DiffCommand.Request(sound, other, json));
    }

    private Path other(List<Stamped> changed) {
        return Recordings.write(folder.resolve("b.trace"), manifest, changed);
    }

    private int firstCommand() {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).event() instanceof Command command
                    && command.payload() instanceof Payload.Full full
                    && full.request().length >= 40) {
                return i;
            }
        }
        throw new AssertionError("there is one");
    }

    private static Stamped withRequestByte(Stamped stamped, int at) {
        Command c = (Command) stamped.event();
        Payload.Full full = (Payload.Full) c.payload();
        byte[] request = full.request().clone();
        request[at] ^= 1;
        return new Stamped(
                stamped.sequence(),
                stamped.cycle(),
                new Command(
                        c.device(),
                        c.queue(),
                        c.head(),
                        c.descriptors(),
                        new Payload.Full(request, full.response()),
                        c.usedLength(),
                        c.notification()));
    }

    @Test
    void theSameEventsInOtherChunksAreTheSame() {
        assertThat(diff(other(events), false)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("events are the same", "manifest is the same", "all the same");
    }

    @Test
    void aFieldOfACommandIsPointedOutByItsName() {
        int at = firstCommand();
        List<Stamped> changed = new ArrayList<>(events);
        changed.set(at, withRequestByte(events.get(at), 24));
        assertThat(diff(other(changed), false)).isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString())
                .contains("first difference: event " + at)
                .contains("  A  #" + at + " ", "  B  #" + at + " ")
                .contains("     command.")
                .contains("request, from byte 24 on: ");
    }

    @Test
    void aLostEventAndAnotherCycleAreSeen() {
        List<Stamped> shorter = new ArrayList<>(events);
        shorter.remove(10);
        assertThat(diff(other(shorter), true)).isEqualTo(ExitCode.MISMATCH);
        JsonNode json = JsonMapper.builder().build().readTree(out.toString());
        assertThat(json.get("first").get("a").get("sequence").intValue()).isEqualTo(10);
        assertThat(json.get("same").booleanValue()).isFalse();
        List<Stamped> later = new ArrayList<>(events);
        Stamped last = later.removeLast();
        later.add(new Stamped(last.sequence(), last.cycle() + 5, last.event()));
        assertThat(diff(other(later), false)).isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString()).contains(Text.format("cycle: %d / %d", last.cycle(), last.cycle() + 5));
    }

    @Test
    void manifestsAreComparedByKeyAndWhoRecordedDoesNotCount() {
        manifest = manifest.withToolVersion("another");
        assertThat(diff(other(events), false)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("toolVersion: ").contains("/ \"another\"");
    }

    @Test
    void snapshotsAreComparedByLabelAndFlushesInTheirOrder() {
        TraceEvent.Snapshot shot = new TraceEvent.Snapshot("x", 0, 1, 1, 1);
        TraceEvent.Snapshot changed = new TraceEvent.Snapshot("x", 0, 1, 1, 2);
        TraceEvent.Flush flush = new TraceEvent.Flush(0, 1, 1, 7);
        sound = Recordings.write(folder.resolve("a.trace"), manifest, ended(shot, shot, flush));
        assertThat(diff(
                        other(ended(
                                new TraceEvent.Flush(0, 1, 1, 7),
                                changed,
                                shot,
                                new TraceEvent.Snapshot("y", 0, 1, 1, 1),
                                flush)),
                        false))
                .isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString())
                .contains("snapshots: 1 same, 1 different, 0 only in A, 1 only in B")
                .contains("  different  x  #0 @0 / #1 @0", "  only in B  y  none / #3 @0")
                .contains("flushes: 1 in A, 2 in B, the first 1 are the same; then none / #4 @0")
                .containsPattern(" 1 +2 flush  <-");
    }

    private static List<Stamped> ended(TraceEvent... events) {
        List<Stamped> stamped = new ArrayList<>();
        for (TraceEvent event : events) {
            stamped.add(new Stamped(stamped.size(), 0, event));
        }
        stamped.add(new Stamped(stamped.size(), 0, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 1, new byte[0])));
        return stamped;
    }

    @Test
    void aTornTraceIsComparedUpToItsEnd() throws IOException {
        byte[] bytes = Files.readAllBytes(sound);
        Path torn = Files.write(folder.resolve("torn.trace"), Arrays.copyOf(bytes, bytes.length - 17));
        assertThat(diff(torn, false)).isEqualTo(ExitCode.TORN);
        assertThat(out.toString()).contains("torn at byte ");
    }

    private ExitCode diff(Path other, String from, String to, boolean ignoreTime, boolean json) {
        out.getBuffer().setLength(0);
        return new DiffCommand(Environments.of(terminal))
                .run(new DiffCommand.Request(
                        sound, other, json, new PositionRange(Position.parse(from), Position.parse(to)), ignoreTime));
    }

    /** The same run on a slower clock, with checkpoints at other places. */
    private List<Stamped> slower() {
        List<Stamped> slower = new ArrayList<>();
        slower.add(new Stamped(0, 1, new TraceEvent.Checkpoint(7, new byte[32])));
        for (Stamped stamped : events) {
            TraceEvent event = stamped.event() instanceof TraceEvent.End end
                    ? new TraceEvent.End(end.reason(), end.instret() + 9, new byte[32])
                    : stamped.event();
            if (!(event instanceof TraceEvent.Checkpoint)) {
                slower.add(new Stamped(slower.size(), stamped.cycle() * 2 + 3, event));
            }
        }
        return slower;
    }

    @Test
    void withoutTimeARunOfAnotherSpeedIsTheSame() {
        Path other = other(slower());
        assertThat(diff(other, "start", "end", false, false)).isEqualTo(ExitCode.MISMATCH);
        assertThat(diff(other, "start", "end", true, false)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("not compared: cycles, ", "events are the same");
        assertThat(diff(other, "start", "end", true, true)).isEqualTo(ExitCode.PASS);
        JsonNode json = JsonMapper.builder().build().readTree(out.toString());
        assertThat(json.get("ignoreTime").booleanValue()).isTrue();
        assertThat(json.get("same").booleanValue()).isTrue();
    }

    @Test
    void withoutTimeTheFirstOtherEventIsStillFoundWithItsOwnNumbers() {
        List<Stamped> slower = slower();
        int at = firstCommand() + 1;
        slower.set(at, withRequestByte(slower.get(at), 24));
        assertThat(diff(other(slower), "start", "end", true, false)).isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString())
                .contains("first difference: event " + (at - 1))
                .contains("  A  #" + (at - 1) + " ", "  B  #" + at + " ")
                .contains("     command.")
                .doesNotContain("     cycle: ");
        // Why the run ended is no matter of time.
        List<Stamped> other = new ArrayList<>(slower());
        Stamped last = other.removeLast();
        other.add(new Stamped(
                last.sequence(), last.cycle(), new TraceEvent.End(TraceEvent.End.Reason.STUCK, 0, new byte[0])));
        assertThat(diff(other(other), "start", "end", true, false)).isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString()).contains("reason: ");
    }

    @Test
    void aRangeIsComparedFromItsStartInEitherTrace() {
        int command = firstCommand();
        List<Stamped> changed = new ArrayList<>();
        changed.add(new Stamped(0, 0, new TraceEvent.Notify(0, 0)));
        events.forEach(event -> changed.add(new Stamped(changed.size(), event.cycle(), event.event())));
        changed.set(command + 1, withRequestByte(changed.get(command + 1), 24));
        Path other = other(changed);
        assertThat(diff(other, "flush:1", "flush:3", false, false)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString())
                .contains("these events are the same")
                .containsPattern("compared: events #\\d+ to #\\d+ of A, events #\\d+ to #\\d+ of B")
                .containsPattern(" 3 +3 flush\n");
        assertThat(diff(other, "flush:1", "flush:3", false, true)).isEqualTo(ExitCode.PASS);
        JsonNode json = JsonMapper.builder().build().readTree(out.toString());
        assertThat(json.get("b").get("first").intValue())
                .isEqualTo(json.get("a").get("first").intValue() + 1);
        assertThat(json.get("b").get("last").intValue())
                .isEqualTo(json.get("a").get("last").intValue() + 1);
        assertThat(diff(other, "start", "flush:3", false, false)).isEqualTo(ExitCode.MISMATCH);
        // A range that is an event longer in the first trace, and the byte that differs is before it.
        assertThat(diff(other, "flush:1", "200", false, false)).isEqualTo(ExitCode.MISMATCH);
        assertThat(out.toString()).contains("  B  has no more events in the range");
    }
}
