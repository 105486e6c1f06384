package dev.semblance.cli;

import dev.semblance.bridge.qtest.QtestTarget;
import dev.semblance.bridge.target.VhostUserTarget;
import dev.semblance.harness.ExitCode;
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
import java.util.function.Predicate;
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

    @Option(
            names = "--dialect",
            paramLabel = "DIALECT",
            description = {
                "What the device may do otherwise (docs/TARGETS.md): answers and pictures that differ, lines on standard"
                        + " error that are no complaint, and findings that are known, which end a script and are no"
                        + " failure. It is qemu, qemu-bugs, qemu-vhost-user-gpu, qemu-vhost-user-gpu-bugs, semu, or a"
                        + " file; say it once for each."
            })
    private List<String> dialects = List.of();

    /** How long a target may take where nobody says. */
    static final Duration USUAL = Duration.ofSeconds(3);

    /**
     * Which device is tested.
     *
     * @param spec as the user named it; empty for the one that the command has
     * @param timeout how long it may take
     * @param dialects the dialects, as the user named them
     * @param dialect all of them together
     */
    record Choice(Optional<TargetSpec> spec, Duration timeout, List<String> dialects, Dialect dialect) {

        /** The device that the command has. */
        static final Choice OWN = new Choice(Optional.empty(), USUAL, List.of(), Dialect.STANDARD);

        Choice {
            dialects = List.copyOf(dialects);
        }

        /** Returns the words that name it on a command line. */
        List<String> words() {
            List<String> words = new ArrayList<>();
            spec.ifPresent(named -> words.addAll(List.of("--target", named.toString())));
            if (spec.isPresent()) {
                words.addAll(timeoutWords());
            }
            dialects.forEach(name -> words.addAll(List.of("--dialect", name)));
            return words;
        }

        /** Returns the words that say how long it may take; none for the usual time. */
        List<String> timeoutWords() {
            return timeout.equals(USUAL) ? List.of() : List.of("--target-timeout", timeout.toMillis() + "ms");
        }

        /** Returns this, unless it has a dialect for a device of which nothing is allowed. */
        Choice withDialectOfTarget() {
            if (!dialects.isEmpty() && !isForeign()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "--dialect is about a --target that is a program; ours has to answer as recorded anyway");
            }
            return this;
        }

        /** Returns whether the device is a program of somebody else's. */
        boolean isForeign() {
            return spec.filter(named -> named.kind() != TargetSpec.Kind.BUILTIN).isPresent();
        }

        /**
         * Returns what makes the devices.
         *
         * @param own what the command has, where nothing else was named
         */
        DeviceUnderTest.Factory device(DeviceUnderTest.Factory own) {
            return device().orElse(own);
        }

        /** Returns what makes the devices that were named, if any. */
        Optional<DeviceUnderTest.Factory> device() {
            return deviceSaying(dialect::allowsLine);
        }

        /**
         * Returns what makes the devices that were named, if any.
         *
         * @param harmless which lines the program may write to standard error
         */
        Optional<DeviceUnderTest.Factory> deviceSaying(Predicate<String> harmless) {
            return spec.map(named -> made(named, new TargetLaunch(named.command(), timeout, harmless)));
        }
    }

    /** Returns what was said. */
    Choice choice() {
        return new Choice(
                target.map(TargetSpec::parse),
                timeout.orElse(USUAL),
                dialects,
                dialects.stream().map(Dialect::of).reduce(Dialect::and).orElse(Dialect.STANDARD));
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
}
