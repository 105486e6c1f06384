package dev.semblance.cli;

import dev.semblance.bridge.qtest.QtestTarget;
import dev.semblance.bridge.target.VhostUserTarget;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.target.TargetSpec;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.target.pipe.PipeDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which device is tested. */
final class TargetOptions {

    @Option(
            names = "--target",
            paramLabel = "KIND:COMMAND",
            description =
                    "The device to test (docs/TARGETS.md): builtin, or vhost-user:, qtest: or pipe: with a command for"
                            + " /bin/sh -c, in which {socket} stands for the path of a socket.")
    private Optional<String> target = Optional.empty();

    @Option(
            names = "--target-timeout",
            paramLabel = "TIME",
            converter = Converters.HostTime.class,
            description =
                    "How long the target may take for its start, for each answer, and for its end, before it counts as"
                            + " hung: 3s unless said.")
    private Optional<Duration> timeout = Optional.empty();

    /** How long a target may take where nobody says. */
    static final Duration USUAL = Duration.ofSeconds(3);

    /**
     * Which device is tested.
     *
     * @param spec as the user named it; empty for the one that the command has
     * @param timeout how long it may take
     */
    record Choice(Optional<TargetSpec> spec, Duration timeout) {

        /** The device that the command has. */
        static final Choice OWN = new Choice(Optional.empty(), USUAL);

        /** Returns the words that name it on a command line. */
        List<String> words() {
            if (spec.isEmpty()) {
                return List.of();
            }
            List<String> words = new ArrayList<>(List.of("--target", spec.get().toString()));
            if (!timeout.equals(USUAL)) {
                words.addAll(List.of("--target-timeout", timeout.toMillis() + "ms"));
            }
            return words;
        }

        /** Returns whether the device is a program of somebody else's. */
        boolean isForeign() {
            return spec.filter(named -> named.kind() != TargetSpec.Kind.BUILTIN).isPresent();
        }

        /**
         * Returns what makes the devices.
         *
         * @param own what the command has, where nothing else was named
         * @param dialect what the program may write to standard error
         */
        DeviceUnderTest.Factory device(DeviceUnderTest.Factory own, Dialect dialect) {
            return spec.map(named -> made(named, new TargetLaunch(named.command(), timeout, dialect::allowsLine)))
                    .orElse(own);
        }
    }

    /** Returns what was said. */
    Choice choice() {
        return new Choice(target.map(TargetSpec::parse), timeout.orElse(USUAL));
    }

    /** The one place where a kind of target gets its devices. */
    private static DeviceUnderTest.Factory made(TargetSpec spec, TargetLaunch launch) {
        return switch (spec.kind()) {
            case BUILTIN -> BuiltinDevice.ours();
            case PIPE -> PipeDevice.of(launch);
            case VHOST_USER -> VhostUserTarget.of(launch);
            case QTEST -> QtestTarget.of(launch);
        };
    }

    /** Tells people how a target failed. */
    static void tell(Terminal terminal, TargetFailure failure) {
        Printer err = terminal.err();
        err.println("semblance: " + failure.text());
        if (failure.lastLines().size() > 1) {
            failure.lastLines().forEach(line -> err.println("    " + line));
        }
        err.flush();
    }

    /** Returns the dialect of a name, and the standard where none is named. */
    static Dialect dialect(Optional<String> name) {
        return name.map(Dialect::of).orElse(Dialect.STANDARD);
    }
}
