package dev.semblance.machine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.translate.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/**
 * The contract of {@link Watch}: watching changes nothing, and what is heard is what happens, by both cores and wherever a run is cut. Held against a hart that
 * goes cycle by cycle and is looked at in between.
 */
class WatchProperties {

    private static final Optional<Translator> INTERPRETER = Optional.empty();
    private static final Optional<Translator> COMPARING =
            Optional.of(new Translator(Runnable::run, Translator.Options.EAGER.comparing()));

    /** Where programs with page tables have code, data and the tables. */
    private static final List<Long> PLACES =
            List.of(0x4000_0000L, 0x4000_1000L, 0x4000_6000L, 0x4010_0000L, 0x4000_8000L, 0x1000L, 0x5000L);

    /** A program of any of the three kinds, which run at any of three instruction sets. */
    record Run(String name, int length, List<Long> places, Function<Optional<Translator>, TestHart> start) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** What to watch, as numbers that are scaled to where a program's code and data are. */
    record Choice(List<Integer> breakpoints, List<Range> ranges) {}

    record Range(boolean virtual, int place, int offset, int length, boolean loads, boolean stores, boolean stops) {}

    @Provide
    Arbitrary<ParcelPrograms.Program> parcels() {
        return ParcelPrograms.programs();
    }

    private static Run run(ParcelPrograms.Program program) {
        return new Run(program.toString(), ParcelPrograms.LENGTH, PLACES, core -> ParcelPrograms.hart(program, core));
    }

    @Provide
    Arbitrary<Run> runs() {
        Arbitrary<Run> parcels = parcels().map(WatchProperties::run);
        Arbitrary<Run> unfenced = UnfencedPrograms.programs()
                .map(p ->
                        new Run(p.toString(), UnfencedPrograms.LENGTH, PLACES, core -> UnfencedPrograms.hart(p, core)));
        Arbitrary<Run> random = Combinators.combine(Arbitraries.of(Isa.class), Arbitraries.longs())
                .as((isa, seed) -> new Run(
                        isa + " " + seed,
                        RandomCode.LENGTH,
                        List.of(0L, 0x1000L, 0x2000L, 0x4000L, 0x6000L, 0x8000L, 0xc000L),
                        core -> RandomCode.hart(isa, seed, core)));
        return Arbitraries.oneOf(List.of(parcels, unfenced, random));
    }

    @Provide
    Arbitrary<Choice> choices() {
        Arbitrary<Boolean> either = Arbitraries.of(true, false);
        Arbitrary<Range> range = Combinators.combine(
                        either,
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.integers().between(0, 0xfff),
                        Arbitraries.of(1, 8, 64, 1024, 4096, 8192, 100_000),
                        either,
                        either,
                        either)
                .as(Range::new);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1 << 20).list().ofMaxSize(6),
                        range.list().ofMinSize(1).ofMaxSize(5))
                .as(Choice::new);
    }

    @Provide
    Arbitrary<List<Integer>> cycles() {
        return Arbitraries.integers().between(1, 1999).list().ofMinSize(1).ofMaxSize(10);
    }

    /** Breakpoints are put where the program comes along, and elsewhere; ranges of physical memory where it lies. */
    private static Watch watch(
            Run run, Choice choice, List<Long> visited, boolean stops, MemoryEvent.Listener listener) {
        List<Long> breakpoints = new ArrayList<>();
        for (int number : choice.breakpoints) {
            breakpoints.add(number % 5 == 0 ? 2L * number : visited.get(number % visited.size()));
        }
        List<Watchpoint> points = choice.ranges.stream()
                .map(range -> new Watchpoint(
                        range.virtual ? AddressSpace.VIRTUAL : AddressSpace.PHYSICAL,
                        (range.virtual ? run.places.get(range.place % run.places.size()) : 0x1000L * range.place)
                                + range.offset,
                        range.length,
                        range.loads,
                        range.stores,
                        stops && range.stops))
                .toList();
        return new Watch(false, stops ? breakpoints : List.of(), points, listener);
    }

    private static Stateful whole(TestHart hart) {
        return s -> {
            hart.timeline.state(s);
            hart.hart.state(s);
            hart.ram.state(s);
        };
    }

    private static SavedState state(TestHart hart) {
        return SavedState.of(whole(hart));
    }

    private static List<Long> visited(Run run) {
        TestHart hart = run.start.apply(INTERPRETER);
        List<Long> pcs = new ArrayList<>();
        for (int cycle = 0; cycle < run.length; cycle++) {
            pcs.add(hart.state.pc());
            hart.hart.run(cycle + 1);
        }
        return pcs;
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void watchingChangesNothing(
            @ForAll("runs") Run run, @ForAll("choices") Choice choice, @ForAll("cycles") List<Integer> cuts) {
        List<Long> visited = visited(run);
        TreeSet<Integer> stops = new TreeSet<>(cuts);
        stops.removeIf(cut -> cut >= run.length);
        stops.add(run.length);
        List<SavedState> unwatched = new ArrayList<>();
        TestHart alone = run.start.apply(INTERPRETER);
        for (int stop : stops) {
            alone.hart.run(stop);
            unwatched.add(state(alone));
        }
        List<List<Object>> told = new ArrayList<>();
        for (Optional<Translator> core : List.of(INTERPRETER, TestHart.EAGER, COMPARING)) {
            for (boolean stopping : new boolean[] {false, true}) {
                TestHart hart = run.start.apply(core);
                List<Object> heard = new ArrayList<>();
                hart.hart.watch(watch(run, choice, visited, stopping, heard::add));
                List<SavedState> watched = new ArrayList<>();
                for (int stop : stops) {
                    while (hart.hart.run(stop) == Hart.Stop.PAUSED) {
                        heard.add(hart.hart.pause());
                        assertThat(stopping).isTrue();
                        assertPausesWhereItSays(hart);
                    }
                    watched.add(state(hart));
                }
                assertThat(watched).as("%s stopping %s", core, stopping).isEqualTo(unwatched);
                told.add(heard);
            }
        }
        for (int i = 2; i < told.size(); i++) {
            assertThat(told.get(i)).as("what is heard by another core").isEqualTo(told.get(i % 2));
        }
        List<Object> events =
                told.get(1).stream().filter(o -> o instanceof MemoryEvent).toList();
        assertThat(events).as("what is heard where nobody stops").isEqualTo(told.getFirst());
        Statistics.label("heard").collect(events.isEmpty() ? "nothing" : events.size() > 10 ? "much" : "something");
        Statistics.label("pauses").collect(told.get(1).stream().anyMatch(o -> o instanceof Pause) ? "some" : "none");
    }

    private static void assertPausesWhereItSays(TestHart hart) {
        long cycle = hart.state.cycle();
        switch (hart.hart.pause()) {
            case Pause.BeforeInstruction instruction ->
                assertThat(hart.state.pc()).isEqualTo(instruction.pc());
            case Pause.AfterAccess access -> {
                boolean isDevice = access.event() instanceof MemoryEvent.DeviceWrite;
                assertThat(access.event().cycle()).isEqualTo(isDevice ? cycle : cycle - 1);
            }
        }
    }

    /** docs/ARCHITECTURE.md, "State": what watches is no part of it, and stays where another state is loaded. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aHartThatIsWatchedGoesOnFromASavedStateAsAnyOther(
            @ForAll("parcels") ParcelPrograms.Program program,
            @ForAll("choices") Choice choice,
            @ForAll @IntRange(min = 1, max = ParcelPrograms.LENGTH - 1) int cut)
            throws BadStateException {
        TestHart alone = ParcelPrograms.hart(program, INTERPRETER);
        alone.hart.run(cut);
        SavedState atTheCut = state(alone);
        alone.hart.run(ParcelPrograms.LENGTH);
        SavedState atTheEnd = state(alone);
        Run run = run(program);
        for (Optional<Translator> core : List.of(INTERPRETER, TestHart.EAGER)) {
            TestHart hart = ParcelPrograms.hart(program.from(cut), core);
            List<MemoryEvent> heard = new ArrayList<>();
            hart.hart.watch(watch(run, choice, List.of(0L), false, heard::add));
            hart.hart.run(cut / 2);
            atTheCut.loadInto(whole(hart));
            assertThat(state(hart)).isEqualTo(atTheCut);
            heard.clear();
            hart.hart.run(ParcelPrograms.LENGTH);
            assertThat(state(hart)).isEqualTo(atTheEnd);

            TestHart fresh = ParcelPrograms.hart(program.from(cut), core);
            List<MemoryEvent> expected = new ArrayList<>();
            atTheCut.loadInto(whole(fresh));
            fresh.hart.watch(watch(run, choice, List.of(0L), false, expected::add));
            fresh.hart.run(ParcelPrograms.LENGTH);
            assertThat(heard).isEqualTo(expected);
        }
    }

    /** A choice of breakpoints and ranges, as they are put to a program. */
    private static List<Watchpoint> physical(Choice choice) {
        return choice.ranges.stream()
                .map(range -> new Watchpoint(
                        AddressSpace.PHYSICAL,
                        Math.min(0x1000L * range.place + range.offset, SteppedHart.SEEN - 1),
                        Math.min(range.length, 4096),
                        range.loads,
                        range.stores,
                        false))
                .toList();
    }

    private static boolean isTold(Watchpoint point, MemoryEvent event) {
        boolean wanted = event instanceof MemoryEvent.Load ? point.loads() : point.stores();
        long last = event.physical() + event.length() - 1;
        return wanted && last >= point.address() && event.physical() < point.address() + point.length();
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void whatIsHeardOfARangeIsWhatSingleStepsAreSeenToDo(@ForAll("runs") Run run, @ForAll("choices") Choice choice) {
        SteppedHart seen = SteppedHart.run(run.start.apply(INTERPRETER), run.length);
        for (Optional<Translator> core : List.of(INTERPRETER, TestHart.EAGER)) {
            for (List<Watchpoint> points : List.of(
                    List.of(new Watchpoint(AddressSpace.PHYSICAL, 0, SteppedHart.SEEN, true, true, false)),
                    List.of(Watchpoint.ofWrites(0, SteppedHart.SEEN)),
                    physical(choice))) {
                List<MemoryEvent> heard = new ArrayList<>();
                TestHart hart = run.start.apply(core);
                hart.hart.watch(Watch.over(points, heard::add));
                hart.hart.run(seen.end());
                List<MemoryEvent> expected = seen.accesses().stream()
                        .filter(event -> points.stream().anyMatch(point -> isTold(point, event)))
                        .toList();
                heard.removeIf(event -> event instanceof MemoryEvent.DeviceWrite);
                assertThat(heard).isEqualTo(expected);
            }
        }
        Statistics.label("single steps").collect(seen.end() == run.length ? "all" : "up to an interrupt");
        Statistics.label("kinds")
                .collect(seen.accesses().stream()
                        .map(event -> event.getClass().getSimpleName())
                        .distinct()
                        .sorted()
                        .toList());
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aRunPausesExactlyWhereSingleStepsComeToABreakpoint(@ForAll("runs") Run run, @ForAll("choices") Choice choice) {
        SteppedHart seen = SteppedHart.run(run.start.apply(INTERPRETER), run.length);
        Watch watch = new Watch(
                false,
                watch(run, choice, seen.pcs(), true, MemoryEvent.Listener.NOBODY)
                        .breakpoints(),
                List.of(),
                MemoryEvent.Listener.NOBODY);
        List<Integer> expected = new ArrayList<>();
        for (int cycle = 1; cycle < seen.end(); cycle++) {
            if (watch.breakpoints().contains(seen.pcs().get(cycle))) {
                expected.add(cycle);
            }
        }
        for (Optional<Translator> core : List.of(INTERPRETER, TestHart.EAGER)) {
            TestHart hart = run.start.apply(core);
            hart.hart.watch(watch);
            List<Integer> paused = new ArrayList<>();
            while (hart.hart.run(seen.end() - 1) == Hart.Stop.PAUSED) {
                assertThat(hart.hart.pause()).isEqualTo(new Pause.BeforeInstruction(hart.state.pc(), false));
                paused.add((int) hart.state.cycle());
            }
            assertThat(paused).isEqualTo(expected);
        }
        Statistics.label("hits").collect(expected.isEmpty() ? "none" : expected.size() > 10 ? "many" : "some");
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void aStepIsOneInstruction(@ForAll("runs") Run run) {
        SteppedHart seen = SteppedHart.run(run.start.apply(INTERPRETER), run.length);
        for (Optional<Translator> core : List.of(INTERPRETER, TestHart.EAGER)) {
            TestHart hart = run.start.apply(core);
            hart.hart.watch(Watch.STEP);
            for (int cycle = 1; cycle < seen.end(); cycle++) {
                assertThat(hart.hart.run(run.length)).isEqualTo(Hart.Stop.PAUSED);
                assertThat(hart.hart.pause())
                        .isEqualTo(new Pause.BeforeInstruction(seen.pcs().get(cycle), false));
            }
        }
    }
}
