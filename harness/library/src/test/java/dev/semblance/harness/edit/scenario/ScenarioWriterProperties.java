package dev.semblance.harness.edit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.scenario.ScenarioWriter.Written;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.Step;
import dev.semblance.harness.guest.scenario.UsKeyboard;
import dev.semblance.harness.trace.EventArbitraries;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** docs/SCENARIOS.md, "From a session to a test": what a scenario says that is made of a session. */
class ScenarioWriterProperties {

    private static Written write(RecordedSession session, Style style) {
        long stretches = session.hands().stream()
                        .filter(HandEvent.Shot.class::isInstance)
                        .count()
                + 1;
        return new ScenarioWriter(session, "the trace", image -> Optional.empty())
                .write(Collections.nCopies((int) stretches, style), "s.scenario");
    }

    /** Labels, texts, names and numbers of a trace are a stranger's: none of them breaks out of the line that it stands in. */
    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void whateverATraceHoldsItsScenarioIsUnderstoodAndFitsItsMachine(
            @ForAll @From("manifests") TraceManifest manifest,
            @ForAll @From("events") List<EventArbitraries.Step> events,
            @ForAll Style style)
            throws IOException {
        RecordedSession session = HandSessions.of(manifest, events);
        Written written = write(session, style);
        Scenario scenario = written.scenario();
        assertThat(scenario.text().chars()).allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f);
        scenario.check(session.pointer(), session.gpu().displays());
        assertThat(scenario.guest().append()).contains(manifest.bootargs());
        assertThat(scenario.guest().mode()).map(mode -> mode.displays()).satisfies(mode -> {
            if (mode.isPresent()) {
                assertThat(mode.get()).isEqualTo(session.gpu().displays().displays());
            }
        });
        assertThat(scenario.guest().pointer().orElse(Pointer.MOUSE)).isEqualTo(session.pointer());
        assertThat(scenario.guest().kernel()).isPresent();
        // Each line that does something is where it is said to be.
        List<String> lines = scenario.text().lines().toList();
        for (ScenarioWriter.Line line :
                written.lines().subList(0, written.lines().size() - 1)) {
            assertThat(lines.get(line.number() - 1)).isEqualTo(line.act().line());
        }
    }

    /** By time alone, each report is what it was. */
    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void followedStrictlyTheStepsAreWhatWasDone(@ForAll @From("sessions") List<EventArbitraries.Step> events)
            throws IOException {
        RecordedSession session = HandSessions.of(HandSessions.manifest(), events);
        assertThat(Deeds.of(write(session, Style.TIMED).scenario())).isEqualTo(Deeds.of(session));
    }

    /** However freely: the same texts, the same keys in the same order, and the pointer and the wheel as far as they went. */
    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void followedFreelyTheStepsComeToTheSame(
            @ForAll @From("sessions") List<EventArbitraries.Step> events, @ForAll Style style) throws IOException {
        RecordedSession session = HandSessions.of(HandSessions.manifest(), events);
        assertThat(Deeds.of(write(session, style).scenario()).inSum())
                .isEqualTo(Deeds.of(session).inSum());
    }

    /** A recording tells by its inputs which line it is at. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aLineKnowsHowManyInputsItMakes(
            @ForAll @From("sessions") List<EventArbitraries.Step> events, @ForAll Style style) throws IOException {
        RecordedSession session = HandSessions.of(HandSessions.manifest(), events);
        Written written = write(session, style);
        for (ScenarioWriter.Line line : written.lines()) {
            written.scenario().steps().stream()
                    .filter(step -> step.line() == line.number() && !(step instanceof Step.LetGo))
                    .forEach(step ->
                            assertThat(Deeds.inputs(step)).isEqualTo(line.act().events()));
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aKeyGivesTheCharacterThatIsTypedWithIt(@ForAll char c) {
        UsKeyboard.stroke(c)
                .ifPresent(stroke -> assertThat(UsKeyboard.character(stroke)).contains(c));
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aSessionThatIsTooLongIsRefused(@ForAll Style style) throws IOException {
        List<EventArbitraries.Step> events = new ArrayList<>();
        byte[] line = new byte[1000];
        for (int i = 0; i < 100; i++) {
            events.add(new EventArbitraries.Step(1, new TraceEvent.ConsoleInput(line)));
        }
        events.add(new EventArbitraries.Step(1, TraceEvent.End.UNKNOWN));
        RecordedSession session = HandSessions.of(HandSessions.manifest(), events);
        try {
            write(session, style);
        } catch (UnusableInputException e) {
            assertThat(e).hasMessageContaining("too long for a scenario");
            return;
        }
        throw new AssertionError("not refused");
    }

    @Provide
    Arbitrary<List<EventArbitraries.Step>> events() {
        return EventArbitraries.traces(60);
    }

    @Provide
    Arbitrary<List<EventArbitraries.Step>> sessions() {
        return HandSessions.sessions();
    }

    @Provide
    Arbitrary<TraceManifest> manifests() {
        Arbitrary<String> names = Arbitraries.strings()
                .all()
                .ofMinLength(1)
                .ofMaxLength(12)
                .map(name -> name.replace('/', '_').replace('\\', '_'))
                .filter(name -> name.chars().noneMatch(c -> Character.isSurrogate((char) c)));
        Arbitrary<String> odd = Arbitraries.of("none", "shipped:Image", "\"", "a b", "#", ".", "..", "x\ny", "\0");
        Arbitrary<String> texts = Arbitraries.strings()
                .all()
                .ofMaxLength(40)
                .filter(text -> text.chars().noneMatch(c -> Character.isSurrogate((char) c)));
        return Combinators.combine(Arbitraries.oneOf(names, odd), texts, Arbitraries.longs(), HandSessions.modes())
                .as((name, text, seed, modes) -> HandSessions.manifest()
                        .with()
                        .images(List.of(
                                new TraceManifest.Image(TraceManifest.Image.Role.KERNEL, name, 1, "0".repeat(64)),
                                new TraceManifest.Image(TraceManifest.Image.Role.DISK, name, 1, "1".repeat(64))))
                        .bootargs(text)
                        .seed(seed)
                        .displayModes(modes)
                        .build());
    }
}
