package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Replays for {@code git bisect run}. */
@Command(
        name = "bisect-run",
        header = "Replay, and end as git bisect run wants it.",
        customSynopsis = {"semblance bisect-run [--] [OPTIONS OF replay] PATH..."},
        description = {
            "Everything behind the verb goes to replay. What that finds becomes one of the exit codes below. A replay that"
                    + " cannot be done says nothing about the revision, and a crash is one: git skips it. A mistake in the"
                    + " command line would be there at every revision: it stops the bisection. Of several traces, one that differs makes"
                    + " the revision bad, whether the others can be replayed or not."
        },
        footer = {
            "  git bisect run sh -c './semblance --version || exit 125",
            "      ./semblance bisect-run ~/bug.trace'",
            "  semblance bisect-run -- --device ~/bug.trace",
            "  docs/TOOLS.md has a whole bisection."
        })
final class BisectRunCommand extends Subcommand<List<String>> {

    /** {@code git bisect run}: this revision can be tested, and is good. */
    static final int GOOD = 0;

    /** {@code git bisect run}: this revision is bad. Any code of 1 to 127 but 125 would do. */
    static final int BAD = 1;

    /** {@code git bisect run}: this revision cannot be tested. */
    static final int SKIP = 125;

    /** {@code git bisect run}: stop. Any code above 127 would do; those up to 165 look like signals. */
    static final int ABORT = 200;

    @Parameters(paramLabel = "WORD", arity = "0..*", description = "Options and traces, as replay takes them.")
    private List<String> words = List.of();

    private final ToIntFunction<List<String>> replay;

    /**
     * Makes the verb.
     *
     * @param replay runs {@code replay} with these words behind it, and returns its exit code
     */
    BisectRunCommand(CliEnvironment environment, ToIntFunction<List<String>> replay) {
        super(environment);
        this.replay = replay;
    }

    @Override
    List<String> parse() {
        return List.copyOf(words);
    }

    /** Replays; of an exit code that is not known, nothing can be told. */
    @Override
    ExitCode run(List<String> words) {
        int code = replay.applyAsInt(words);
        return Arrays.stream(ExitCode.values())
                .filter(known -> known.code() == code)
                .findFirst()
                .orElse(ExitCode.INTERNAL);
    }

    /** Returns what git is told where a replay ended like this. */
    @Override
    int code(ExitCode ended) {
        return switch (ended) {
            case PASS -> GOOD;
            case MISMATCH, GOLDEN_MISSING -> BAD;
            case USAGE, INTERRUPTED -> ABORT;
            case INTERNAL, CORRUPT, TORN, INCOMPATIBLE, SCENARIO_FAILED -> SKIP;
        };
    }

    static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put(" " + GOOD, "good: every replay passed");
        codes.put(" " + BAD, "bad: a picture or a replay differs, or a golden is missing");
        codes.put(
                " " + SKIP,
                "cannot tell: incompatible, corrupt or torn trace, an image that is missing, internal error");
        codes.put(" " + ABORT, "stop: usage error, or a file that cannot be read");
        return codes;
    }
}
