package dev.semblance.cli;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.guest.images.DisplayModes;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.images.MachineSettings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.CycleCount;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.Profile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How words of the command line become values. */
final class Converters {

    private Converters() {}

    /** The path of a file. */
    static final class FilePath implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw new TypeConversionException(
                        String.valueOf(UnusableInputException.noFileName(e).getMessage()));
            }
        }
    }

    /** {@code FILE}, {@code shipped:NAME} or {@code none}. */
    static final class Image implements ITypeConverter<ImageSource> {
        @Override
        public ImageSource convert(String value) {
            if (value.isEmpty()) {
                throw new TypeConversionException("a file's name is missing");
            }
            return ImageSource.parse(value, Path.of(""))
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is no path of a file"));
        }
    }

    /** A whole number of 32 bits. Picocli's own reads the digits of every script. */
    static final class Int implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            long number = Text.wholeNumber(value).orElse(Long.MAX_VALUE);
            if (number != (int) number) {
                throw new TypeConversionException("'" + value + "' is not an int");
            }
            return (int) number;
        }
    }

    /** A whole number of 64 bits. */
    static final class WholeNumber implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return Text.wholeNumber(value)
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is not a long"));
        }
    }

    /** A moment of a trace. */
    static final class PositionOf implements ITypeConverter<Position> {
        @Override
        public Position convert(String value) {
            try {
                return Position.parse(value);
            } catch (UnusableInputException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** A pattern over names. */
    static final class GlobOf implements ITypeConverter<Glob> {
        @Override
        public Glob convert(String value) {
            try {
                return new Glob(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** {@code WIDTHxHEIGHT} or {@code off}, with commas between them. */
    static final class Mode implements ITypeConverter<DisplayConfig> {
        @Override
        public DisplayConfig convert(String value) {
            return DisplayModes.parse(value)
                    .orElseThrow(() ->
                            new TypeConversionException("a mode is " + DisplayModes.MODES + "; not '" + value + "'"));
        }
    }

    /** Features of queues, in words. */
    static final class Queues implements ITypeConverter<QueueFeatures> {
        @Override
        public QueueFeatures convert(String value) {
            return QueueFeatures.parse(value)
                    .orElseThrow(() -> new TypeConversionException("features of queues are "
                            + String.join(", ", QueueFeatures.words()) + ", with commas between them, or none, not '"
                            + value + "'"));
        }
    }

    /** The pointing devices. */
    static final class PointerOf implements ITypeConverter<Pointer> {
        @Override
        public Pointer convert(String value) {
            return Pointer.parse(value)
                    .orElseThrow(() -> new TypeConversionException("a pointer is " + String.join(", ", Pointer.words())
                            + ", not '" + value + "'" + Suggestions.hint(value, Pointer.words())));
        }
    }

    /** The words for them, for completions. */
    static final class PointerWords implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Pointer.words().iterator();
        }
    }

    /** {@code I/N}, from 1/1 on. */
    static final class ShardOf implements ITypeConverter<Shard> {
        @Override
        public Shard convert(String value) {
            return Shard.parse(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + value + "' is not a shard; write I/N, I from 1 to N, such as 2/3"));
        }
    }

    /** A length of time on the host's clock: {@code 500ms}, {@code 90s}, {@code 5m}, {@code 8h}. */
    static final class HostTime implements ITypeConverter<Duration> {
        private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
        private static final Duration LEAST = Duration.ofMillis(1);
        private static final Duration MOST = Duration.ofDays(10);

        @Override
        public Duration convert(String value) {
            Matcher matcher = SYNTAX.matcher(value);
            Duration time = matcher.matches() ? of(Long.parseLong(matcher.group(1)), matcher.group(2)) : Duration.ZERO;
            if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
                throw new TypeConversionException(
                        "'" + value + "' is not a duration from 1ms to 240h; write 500ms, 90s, 5m or 8h");
            }
            return time;
        }

        private static Duration of(long number, String unit) {
            return switch (unit) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
    }

    /** The same, for options that were seconds once: a bare number still is. */
    static final class HostTimeOrSeconds implements ITypeConverter<Duration> {
        private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

        @Override
        public Duration convert(String value) {
            return new HostTime().convert(SECONDS.matcher(value).matches() ? value + "s" : value);
        }
    }

    /** A number of cycles, as scenarios have it; how many a time is, the machine says. */
    static final class Cycles implements ITypeConverter<CycleLimit> {
        @Override
        public CycleLimit convert(String value) {
            if (!CycleCount.isCycleCount(value)) {
                throw new TypeConversionException(CycleLimit.problem(value));
            }
            return new CycleLimit(value);
        }
    }

    /** A profile of machines. */
    static final class ProfileOf implements ITypeConverter<Profile> {
        @Override
        public Profile convert(String value) {
            return Profile.of(value).orElseThrow(() -> notOneOf("a profile", value, MachineSettings.profiles()));
        }
    }

    /** The words for them, for completions. */
    static final class ProfileWords implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return MachineSettings.profiles().iterator();
        }
    }

    /** An instruction set. */
    static final class IsaOf implements ITypeConverter<Isa> {
        @Override
        public Isa convert(String value) {
            return Isa.of(value)
                    .orElseThrow(() -> notOneOf("an instruction set", value, MachineSettings.instructionSets()));
        }
    }

    /** The words for them, for completions. */
    static final class IsaWords implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return MachineSettings.instructionSets().iterator();
        }
    }

    /** A size of RAM. */
    static final class Ram implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            return MachineSettings.ram(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "a size of RAM is " + MachineSettings.RAM + "; not '" + value + "'"));
        }
    }

    /** A size of a file, in bytes. */
    static final class Size implements ITypeConverter<Long> {
        private static final Pattern SYNTAX = Pattern.compile("([1-9][0-9]{0,8})([KMG]?)");
        private static final long MOST = 500_000_000;

        @Override
        public Long convert(String value) {
            Matcher matcher = SYNTAX.matcher(value);
            long unit = !matcher.matches()
                    ? 0
                    : switch (matcher.group(2)) {
                        case "K" -> 1_000;
                        case "M" -> 1_000_000;
                        case "G" -> 1_000_000_000;
                        default -> 1;
                    };
            if (unit == 0 || Long.parseLong(matcher.group(1)) > MOST / unit) {
                throw new TypeConversionException(
                        "a size is a number of bytes up to 500M, such as 800000, 500K or 50M; not '" + value + "'");
            }
            return Long.parseLong(matcher.group(1)) * unit;
        }
    }

    private static TypeConversionException notOneOf(String what, String value, List<String> words) {
        return new TypeConversionException(
                what + " is " + String.join(", ", words) + ", not '" + value + "'" + Suggestions.hint(value, words));
    }
}
