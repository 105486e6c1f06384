package dev.semblance.harness.target.pipe;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.target.TargetSpec;
import dev.semblance.harness.target.dialect.Dialect;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The device that a test is about, named by text as on the command line, so that the same test runs on this project's device and
 * on any program (docs/FUZZING.md). It is {@code builtin} or {@code pipe:COMMAND}; the other kinds need native calls, which the
 * program has and this library has not.
 *
 * @param spec which device
 * @param timeout how long its program may take for its start, for each answer, and for its end
 * @param dialect what it may do otherwise, and what its program may say
 */
public record ChosenTarget(TargetSpec spec, Duration timeout, Dialect dialect) {

    /** The system property that names the target: {@code pipe:./my-gpu}; {@code builtin} where it is not set. */
    public static final String TARGET = "semblance.target";

    /** The system property that names dialects, divided by commas, as {@code --dialect} does; none where it is not set. */
    public static final String DIALECT = "semblance.dialect";

    private static final Duration USUAL = Duration.ofSeconds(3);
    private static final Pattern COMMA = Pattern.compile(",");

    /**
     * {@return the target of a name, with the usual timeout of three seconds, of which nothing is allowed}
     *
     * @param target {@code builtin} or {@code pipe:COMMAND}
     * @throws UnusableInputException if it is neither
     */
    public static ChosenTarget of(String target) {
        TargetSpec spec = TargetSpec.parse(target);
        return switch (spec.kind()) {
            case BUILTIN, PIPE -> new ChosenTarget(spec, USUAL, Dialect.STANDARD);
            case VHOST_USER, QTEST ->
                throw new UnusableInputException("a test cannot have the target \"" + target
                        + "\": say builtin or pipe:COMMAND; semblance --target takes the others");
        };
    }

    /**
     * {@return the target that {@link #TARGET} names, with the dialects that {@link #DIALECT} names}
     *
     * @throws SemblanceException if one is set to something that there is not
     */
    public static ChosenTarget fromSystemProperties() {
        return from(name -> Optional.ofNullable(System.getProperty(name)));
    }

    static ChosenTarget from(Function<String, Optional<String>> properties) {
        Dialect dialect = properties.apply(DIALECT).stream()
                .flatMap(COMMA::splitAsStream)
                .map(Dialect::of)
                .reduce(Dialect::and)
                .orElse(Dialect.STANDARD);
        return of(properties.apply(TARGET).orElse(TargetSpec.BUILTIN.toString()))
                .in(dialect);
    }

    /**
     * {@return the same with a dialect}
     *
     * @param other what it may do otherwise
     */
    public ChosenTarget in(Dialect other) {
        return new ChosenTarget(spec, timeout, other);
    }

    /**
     * {@return the same with another timeout}
     *
     * @param other how long its program may take for anything
     */
    public ChosenTarget within(Duration other) {
        return new ChosenTarget(spec, other, dialect);
    }

    /** {@return the factory of its devices; each of a program is a process of its own} */
    public DeviceUnderTest.Factory device() {
        return spec.equals(TargetSpec.BUILTIN)
                ? BuiltinDevice.ours()
                : PipeDevice.of(new TargetLaunch(spec.command(), timeout, dialect::allowsLine));
    }
}
