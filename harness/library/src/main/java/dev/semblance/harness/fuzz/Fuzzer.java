package dev.semblance.harness.fuzz;

import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.fuzz.differential.DisplayEvent;
import dev.semblance.harness.fuzz.differential.Oracle;
import dev.semblance.harness.fuzz.differential.ScriptCheck;
import dev.semblance.harness.fuzz.differential.SurvivalRun;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.KnownFinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Runs one script after another on a device, each of its own choosing, until one fails or it is told to stop. */
public final class Fuzzer {

    /** Commands in a script, before what looks at the state at its end. */
    static final int COMMANDS = 60;

    private static final int CHANGED_EVERY = 8;
    private static final int HUGE_EVERY = 4000;
    private static final int FIRST_HUGE = 40;

    /** How many scripts follow on a miscount in the hope that one of them shows what a driver sees of it. */
    private static final int AFTER_MISCOUNT = 3000;

    /** So many, and scripts are put plainly from the start but for one in four, since a device that dies costs time. */
    private static final int MANY = 3;

    private static final MetamorphicTransform[] CHANGES = MetamorphicTransform.values();

    private final long seed;
    private final DeviceUnderTest.Factory device;
    private final Optional<Corpus> corpus;
    private final Oracle oracle;
    private final TreeMap<String, Long> deviations = new TreeMap<>();
    private final TreeMap<String, Long> known = new TreeMap<>();
    private final int given;
    private final Coverage coverage = new Coverage();
    private long scripts;

    /** A miscount that no driver has seen yet. */
    private Optional<Failure> miscount = Optional.empty();

    private long miscountSince;

    /** How often a known finding was gone once chains were put plainly. */
    private int deadlyChains;

    /**
     * A script that a device fails.
     *
     * @param number how many scripts came before it
     * @param settings the rig that it ran on
     * @param script all lines of it
     * @param difference what was wrong
     * @param check what it fails
     * @param device makes the devices that fail
     * @param checks the same check of other devices
     */
    public record Failure(
            long number,
            RigSettings settings,
            List<ScriptLine> script,
            DeviceDifference difference,
            Check check,
            DeviceUnderTest.Factory device,
            Function<DeviceUnderTest.Factory, Check> checks) {}

    /** Runs a script afresh and returns what is wrong with what comes of it. */
    @FunctionalInterface
    public interface Check {

        /**
         * {@return the first difference}
         *
         * @param script all lines of it
         */
        Optional<DeviceDifference> run(List<ScriptLine> script);
    }

    /**
     * Makes a fuzzer of a device. The same seed leads to the same scripts.
     *
     * @param seed what everything random comes from
     * @param device makes the device under test
     */
    public Fuzzer(long seed, DeviceUnderTest.Factory device) {
        this(seed, device, Optional.empty());
    }

    /**
     * Makes a fuzzer that begins with a corpus and adds to it. The same seed and corpus lead to the same scripts.
     *
     * @param seed what everything random comes from
     * @param device makes the device under test
     * @param corpus scripts to begin with
     */
    public Fuzzer(long seed, DeviceUnderTest.Factory device, Optional<Corpus> corpus) {
        this(seed, device, corpus, Oracle.reference());
    }

    /**
     * Makes a fuzzer that has something else tell what is right.
     *
     * @param seed what everything random comes from
     * @param device makes the device under test
     * @param corpus scripts to begin with
     * @param oracle what tells whether the device does right; changed scripts are run for the exact reference alone
     */
    public Fuzzer(long seed, DeviceUnderTest.Factory device, Optional<Corpus> corpus, Oracle oracle) {
        this.oracle = oracle;
        this.seed = seed;
        this.device = device;
        this.corpus = corpus;
        this.given = corpus.map(Corpus::size).orElse(0);
    }

    /** {@return what has happened so far} */
    public Coverage coverage() {
        return coverage;
    }

    /** {@return how often each deviation of the dialect was seen, by its place and reason} */
    public SortedMap<String, Long> deviations() {
        return Collections.unmodifiableSortedMap(deviations);
    }

    /** {@return how many runs of scripts ended in each known finding of the dialect, by its place and reason} */
    public SortedMap<String, Long> knownFindings() {
        return Collections.unmodifiableSortedMap(known);
    }

    /** {@return how many scripts were run} */
    public long scripts() {
        return scripts;
    }

    /**
     * Runs scripts. A device that only counts wrongly fails in the end too, but first it is looked for a script in which a
     * driver sees that.
     *
     * @param goOn asked before each
     * @return the first that fails
     */
    public Optional<Failure> run(BooleanSupplier goOn) {
        while (goOn.getAsBoolean()) {
            Optional<Failure> failure = next();
            if (failure.isPresent() && failure.get().difference().kind() == DeviceDifference.Kind.USAGE) {
                miscount = failure;
                miscountSince = scripts;
            } else if (failure.isPresent()) {
                return failure;
            }
            if (miscount.isPresent() && scripts - miscountSince >= AFTER_MISCOUNT) {
                return miscount;
            }
        }
        return miscount;
    }

    private ScriptCheck comparison(RigSettings settings) {
        return switch (oracle.check(settings, device)) {
            case DifferentialRun all -> miscount.isEmpty() ? all : all.ofWhatADriverSees();
            case SurvivalRun survival -> survival;
        };
    }

    private Optional<Failure> next() {
        long number = scripts++;
        long choice = FuzzScript.choice(seed, number);
        if (number < given) {
            Corpus.Entry entry = corpus.orElseThrow().get((int) number);
            return compare(entry.settings(), entry.script(), number);
        }
        RigSettings settings = RigProfiles.of(number);
        List<ScriptLine> script = number % HUGE_EVERY == FIRST_HUGE
                ? ScriptGenerator.huge(choice, settings, COMMANDS)
                : isTame(number)
                        ? ScriptGenerator.tame(choice, settings, COMMANDS)
                        : ScriptGenerator.wild(choice, settings, COMMANDS);
        if (corpus.isPresent() && corpus.get().size() > 0 && number % 2 == 1) {
            EntropySource choices = new EntropySource(choice);
            Corpus.Entry entry = corpus.get().get(choices.below(corpus.get().size()));
            settings = entry.settings();
            script = new ScriptMutator(choices, settings).mutate(entry.script(), script);
        }
        int pairs = coverage.pairs();
        Optional<Failure> failure = compare(settings, script, number);
        if (failure.isEmpty() && coverage.pairs() > pairs) {
            keep(number, settings, script);
        }
        if (failure.isEmpty() && number % CHANGED_EVERY == 3 && oracle.isExact()) {
            MetamorphicTransform change = CHANGES[(int) (number / CHANGED_EVERY % CHANGES.length)];
            RigSettings same = settings;
            failure = compare(settings, change.apply(script, choice), number)
                    .or(() -> compareChanged(change, choice, same, number));
        }
        return failure;
    }

    /**
     * {@return whether a script is to have sound requests alone} A device that a dialect lets take what is wrong is not compared
     * from there on: in every other script it comes further.
     */
    private boolean isTame(long number) {
        return switch (oracle) {
            case Oracle.Reference reference -> !oracle.isExact() && number % 2 == 1;
            case Oracle.Itself itself -> false;
            case Oracle.None none -> false;
        };
    }

    private void keep(long number, RigSettings settings, List<ScriptLine> script) {
        if (corpus.isPresent()) {
            try {
                corpus.get().keep(seed, number, settings, script);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Optional<Failure> compareChanged(
            MetamorphicTransform change, long choice, RigSettings settings, long number) {
        List<ScriptLine> script = ScriptGenerator.tame(choice, settings, COMMANDS);
        BiFunction<RigSettings, DeviceUnderTest.Factory, Check> checks =
                (rig, devices) -> some -> change.check(some, choice, rig, devices);
        return checks.apply(settings, device)
                .run(script)
                .map(found -> failure(number, settings, script, found, checks));
    }

    /** {@return the failure of a script, on a rig that a trace can tell of if it fails there too} */
    private Failure failure(
            long number,
            RigSettings settings,
            List<ScriptLine> script,
            DeviceDifference found,
            BiFunction<RigSettings, DeviceUnderTest.Factory, Check> checks) {
        RigSettings tellable = RigProfiles.tellable(settings);
        if (!tellable.equals(settings)) {
            Check check = checks.apply(tellable, device);
            try {
                Optional<DeviceDifference> there = check.run(script);
                if (there.isPresent()) {
                    return new Failure(
                            number,
                            tellable,
                            script,
                            there.get(),
                            check,
                            device,
                            other -> checks.apply(tellable, other));
                }
            } catch (ScriptException e) {
                // What comes after the first difference here; a script from a corpus may ask for anything.
            }
        }
        return new Failure(
                number,
                settings,
                script,
                found,
                checks.apply(settings, device),
                device,
                other -> checks.apply(settings, other));
    }

    /** {@return the same as a driver sees it, where a device only counts wrongly and that can be brought to light} */
    private Failure visible(Failure failure) {
        if (failure.difference().kind() != DeviceDifference.Kind.USAGE) {
            return failure;
        }
        List<ScriptLine> head = failure.script().subList(0, failure.difference().line() + 1);
        DifferentialRun comparison = new DifferentialRun(failure.settings(), device).ofWhatADriverSees();
        Check check = comparison::run;
        for (List<ScriptLine> script : UsageProbe.scripts(failure.settings(), head)) {
            Optional<DeviceDifference> seen = check.run(script);
            if (seen.isPresent()) {
                return new Failure(
                        failure.number(),
                        failure.settings(),
                        script,
                        seen.get(),
                        check,
                        device,
                        other -> comparison.on(other)::run);
            }
        }
        return failure;
    }

    /** Runs a script, and where it ends in a finding that is known, what is left of it without that. */
    private Optional<Failure> compare(RigSettings settings, List<ScriptLine> script, long number) {
        coverage.startScript();
        List<ScriptLine> tried = deadlyChains >= MANY && number % 4 != 3 ? Detour.plain(script) : script;
        Noting noting = new Noting(0);
        OptionalInt before = OptionalInt.empty();
        boolean madePlain = false;
        int back = 0;
        try {
            for (int detours = 0; ; detours++) {
                List<ScriptLine> now = tried;
                Optional<Failure> failure = comparison(settings)
                        .run(now, noting)
                        .map(found -> failure(
                                number,
                                settings,
                                now,
                                found,
                                (rig, devices) -> comparison(rig).on(devices)::run))
                        .map(this::visible);
                OptionalInt known = noting.knownAt;
                deadlyChains += madePlain && !known.equals(before) ? 1 : 0;
                if (failure.isPresent()
                        || known.isEmpty()
                        || known.getAsInt() >= now.size()
                        || detours == Detour.MOST) {
                    return failure;
                }
                // Seen at the same place again, it may have been an earlier line: what a program says is heard a moment
                // later.
                back = known.equals(before) ? back + 1 : 0;
                before = known;
                int cause = Math.max(0, known.getAsInt() - back);
                boolean plainly = number % 2 == 0;
                madePlain = plainly && !Detour.isPlain(now.get(cause));
                tried = Detour.past(now, cause, plainly);
                noting = new Noting(cause);
            }
        } catch (ScriptException e) {
            // A script from a corpus, changed, may ask for what no rig can do.
            return Optional.empty();
        }
    }

    /** Counts what is seen. */
    private final class Noting implements ScriptCheck.Watcher {

        /** The first line that is new: those before it were counted in an earlier run. */
        private final int from;

        private OptionalInt knownAt = OptionalInt.empty();

        Noting(int from) {
            this.from = from;
        }

        @Override
        public void answered(int line, Command command, CommandAnswer answer, List<DisplayEvent> shown) {
            if (line >= from) {
                coverage.add(command, answer, shown.size());
            }
        }

        @Override
        public void deviated(Deviation deviation) {
            deviations.merge(deviation.place() + " (" + deviation.reason() + ")", 1L, Long::sum);
        }

        @Override
        public void known(int line, KnownFinding finding) {
            knownAt = OptionalInt.of(line);
            known.merge(finding.place() + " (" + finding.reason() + ")", 1L, Long::sum);
        }
    }
}
