package dev.semblance.harness.target.dialect;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a device may do otherwise than the standard has it. The first deviation in the file that covers what was seen allows it.
 *
 * @param name what it is called
 * @param deviations in the order of the file
 * @param remarks what its program may write to standard error
 * @param findings which faults of its program are known
 */
public record Dialect(String name, List<Deviation> deviations, List<Remark> remarks, List<KnownFinding> findings) {

    /** The standard itself: nothing is allowed. */
    public static final Dialect STANDARD = new Dialect("standard", List.of(), List.of(), List.of());

    /** Those that come with this program. */
    public static final List<String> NAMES =
            List.of("qemu", "qemu-bugs", "qemu-vhost-user-gpu", "qemu-vhost-user-gpu-bugs", "semu");

    private static final int MAX_BYTES = 1 << 20;

    /**
     * A line that a program may write to standard error: its author's remark, and no complaint of a fault.
     *
     * @param line all of the line
     * @param reason why that is accepted, for people
     * @param link where more is known of it
     */
    public record Remark(LinePattern line, String reason, String link) {}

    /** Copies the lists. */
    public Dialect {
        deviations = List.copyOf(deviations);
        remarks = List.copyOf(remarks);
        findings = List.copyOf(findings);
    }

    /**
     * {@return whether a program may write a line to standard error}
     *
     * @param line as it is shown
     */
    public boolean allowsLine(String line) {
        return remarks.stream().anyMatch(remark -> remark.line().matches(line));
    }

    /**
     * {@return what allows something that a device did, if anything does}
     *
     * @param aspect in what it deviates
     * @param command the name of the command: {@code SET_SCANOUT}
     * @param expected the name of the response that is right: {@code OK_NODATA}, {@code UNSPEC}
     * @param actual the name of the response that the device gave; {@code none} where it wrote none, {@code unused} where the chain
     *     did not come back
     */
    public Optional<Deviation> allowing(Aspect aspect, String command, String expected, String actual) {
        return deviations.stream()
                .filter(deviation -> deviation.covers(aspect, command, expected, actual))
                .findFirst();
    }

    /**
     * {@return whether any deviation is about the type of response to a command}
     *
     * @param command the name of the command
     */
    public boolean mayAnswerOtherwise(String command) {
        return deviations.stream()
                .anyMatch(deviation -> deviation.aspect() == Aspect.ANSWER
                        && deviation.commands().stream().anyMatch(name -> name.matches(command)));
    }

    /**
     * {@return what allows another picture than the right one, if anything does}
     *
     * @param command the name of the command after which it is shown
     * @param traits what is peculiar to it, as {@link Deviation#shows} has it
     */
    public Optional<Deviation> allowingPicture(String command, Set<String> traits) {
        return deviations.stream()
                .filter(deviation -> deviation.coversPicture(command, traits))
                .findFirst();
    }

    /**
     * {@return which known fault a program showed, if it is one}
     *
     * @param failure what the program did
     * @param last the names of the last commands before that: {@code TRANSFER_TO_HOST_2D}
     */
    public Optional<KnownFinding> known(TargetFailure failure, List<String> last) {
        return findings.stream()
                .filter(finding -> finding.covers(failure, last, this::allowsLine))
                .findFirst();
    }

    /**
     * {@return what both dialects allow, this one first}
     *
     * @param other the second
     */
    public Dialect and(Dialect other) {
        return new Dialect(
                name + " " + other.name,
                joined(deviations, other.deviations),
                joined(remarks, other.remarks),
                joined(findings, other.findings));
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** {@return the same without its known findings: for who asks what a device does, and not for what is new} */
    public Dialect withoutFindings() {
        return new Dialect(name, deviations, remarks, List.of());
    }

    /** {@return the same without its deviations: for a device that is compared with none that does right} */
    public Dialect ofStandardErrorAndFindings() {
        return new Dialect(name, List.of(), remarks, findings);
    }

    /**
     * Reads a dialect.
     *
     * @param name one of {@link #NAMES}, or the name of a file, which has a {@code .} or {@code /} in it
     * @return the dialect
     * @throws SemblanceException if it is not there, or no dialect
     */
    public static Dialect of(String name) {
        if (NAMES.contains(name)) {
            return DialectParser.parse(name, name + ".toml", resource(name + ".toml"));
        }
        if (name.indexOf('.') < 0 && name.indexOf('/') < 0) {
            throw new UnusableInputException("there is no dialect \"" + name + "\": say " + String.join(", ", NAMES)
                    + ", or the name of a file such as ./mine.toml");
        }
        return DialectParser.parse(name, name, WholeFile.text(Path.of(name), "dialect", name, MAX_BYTES));
    }

    private static String resource(String file) {
        try (InputStream in = Optional.ofNullable(Dialect.class.getResourceAsStream(file))
                .orElseThrow(() -> new IllegalStateException("the dialect " + file + " is not in this program"))) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
