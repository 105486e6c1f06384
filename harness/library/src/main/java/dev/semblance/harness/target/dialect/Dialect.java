package dev.semblance.harness.target.dialect;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.golden.policy.TomlEntries;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a device may do otherwise than the standard has it. The first deviation in the file that covers what was seen allows it.
 *
 * @param name what it is called
 * @param deviations in the order of the file
 * @param remarks what its program may write to standard error
 */
public record Dialect(String name, List<Deviation> deviations, List<Remark> remarks) {

    /** The standard itself: nothing is allowed. */
    public static final Dialect STANDARD = new Dialect("standard", List.of(), List.of());

    /** Those that come with this program. */
    public static final List<String> NAMES = List.of("qemu", "qemu-vhost-user-gpu", "semu");

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_COMMANDS = 16;
    private static final String DEVIATION = "deviation";
    private static final String REMARK = "standard-error";
    private static final List<String> REMARK_KEYS = List.of("line", "reason", "link");
    private static final int MAX_LINE = 240;
    private static final int MAX_STARS = 4;
    private static final Pattern STAR = Pattern.compile("\\*");
    private static final List<String> KEYS = List.of("aspect", "commands", "expected", "actual", "reason", "link");
    private static final Pattern LINK = Pattern.compile("https?://[^\\s\"<>]+");
    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final Glob ANY = new Glob("*");

    /**
     * A line that a program may write to standard error: its author's remark, and no complaint of a fault.
     *
     * @param line all of the line as it is shown, with {@code *} for any characters
     * @param reason why that is accepted, for people
     * @param link where more is known of it
     */
    public record Remark(String line, String reason, String link) {

        private boolean covers(String said) {
            return Pattern.compile(
                            Stream.of(STAR.split(line, -1)).map(Pattern::quote).collect(Collectors.joining(".*")))
                    .matcher(said)
                    .matches();
        }
    }

    /** Copies the lists. */
    public Dialect {
        deviations = List.copyOf(deviations);
        remarks = List.copyOf(remarks);
    }

    /**
     * {@return whether a program may write a line to standard error}
     *
     * @param line as it is shown
     */
    public boolean allowsLine(String line) {
        return remarks.stream().anyMatch(remark -> remark.covers(line.strip()));
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
     * Reads a dialect.
     *
     * @param name one of {@link #NAMES}, or the name of a file, which has a {@code .} or {@code /} in it
     * @return the dialect
     * @throws SemblanceException if it is not there, or no dialect
     */
    public static Dialect of(String name) {
        if (NAMES.contains(name)) {
            return parse(name, name + ".toml", resource(name + ".toml"));
        }
        if (name.indexOf('.') < 0 && name.indexOf('/') < 0) {
            throw new UnusableInputException("there is no dialect \"" + name + "\": say " + String.join(", ", NAMES)
                    + ", or the name of a file such as ./mine.toml");
        }
        return parse(name, name, WholeFile.text(Path.of(name), "dialect", name, MAX_BYTES));
    }

    private static String resource(String file) {
        try (InputStream in = Optional.ofNullable(Dialect.class.getResourceAsStream(file))
                .orElseThrow(() -> new IllegalStateException("the dialect " + file + " is not in this program"))) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Understands a dialect. */
    static Dialect parse(String name, String file, String text) {
        TomlEntries top = TomlEntries.parse(file, text);
        top.allow(List.of(DEVIATION, REMARK), "a dialect is a list of [[deviation]] and [[standard-error]] tables");
        List<Deviation> deviations = new ArrayList<>();
        for (TomlEntries entries : top.listed(DEVIATION)) {
            deviations.add(deviation(file, entries));
        }
        List<Remark> remarks = new ArrayList<>();
        for (TomlEntries entries : top.listed(REMARK)) {
            remarks.add(remark(entries));
        }
        return new Dialect(name, deviations, remarks);
    }

    private static Remark remark(TomlEntries entries) {
        entries.allow(REMARK_KEYS, "known are " + String.join(", ", REMARK_KEYS));
        String line = entries.text("line", "a line that the program writes to standard error, * for any characters");
        long stars = line.chars().filter(c -> c == '*').count();
        if (line.length() > MAX_LINE || !line.equals(line.strip()) || stars > MAX_STARS || stars == line.length()) {
            throw entries.error(
                    "line",
                    "must be a line of at most " + MAX_LINE + " characters, without blanks around it, with at most "
                            + MAX_STARS + " of *");
        }
        return new Remark(
                line, entries.text("reason", "say why this is accepted, for whoever reads the report"), link(entries));
    }

    private static Deviation deviation(String file, TomlEntries entries) {
        entries.allow(KEYS, "known are " + String.join(", ", KEYS));
        String words = Arrays.stream(Aspect.values()).map(Aspect::word).collect(Collectors.joining(", "));
        String said = entries.text("aspect", "say in what the device deviates: " + words);
        Aspect aspect = Arrays.stream(Aspect.values())
                .filter(known -> known.word().equals(said))
                .findFirst()
                .orElseThrow(() -> entries.error("aspect", "is \"" + said + "\", and must be one of " + words));
        boolean named = aspect == Aspect.ANSWER;
        return new Deviation(
                file,
                entries.line(),
                aspect,
                commands(entries),
                code(entries, "expected", named),
                code(entries, "actual", named),
                entries.text("reason", "say why this is accepted, for whoever reads the report"),
                link(entries));
    }

    private static List<Glob> commands(TomlEntries entries) {
        String purpose = "the names of commands, divided by blanks, or patterns with * and ?";
        List<Glob> commands = Stream.of(BLANKS.split(entries.text("commands", purpose)))
                .map(word -> glob(entries, "commands", word))
                .toList();
        if (commands.size() > MAX_COMMANDS) {
            throw entries.error("commands", "has more than " + MAX_COMMANDS + " names");
        }
        return commands;
    }

    /** Another type of response is only allowed by its name: what is right, and what comes in its place. */
    private static Glob code(TomlEntries entries, String key, boolean required) {
        Optional<String> said = required
                ? Optional.of(entries.text(key, "the name of a response such as OK_NODATA, or a pattern with * and ?"))
                : entries.findText(key);
        return said.map(pattern -> glob(entries, key, pattern)).orElse(ANY);
    }

    private static Glob glob(TomlEntries entries, String key, String pattern) {
        try {
            return new Glob(pattern);
        } catch (IllegalArgumentException e) {
            throw entries.error(key, "can match no name: " + e.getMessage());
        }
    }

    private static String link(TomlEntries entries) {
        String link = entries.text("link", "where more is known of it, http:// or https://");
        if (!LINK.matcher(link).matches()) {
            throw entries.error("link", "must be a link, http:// or https://");
        }
        return link;
    }
}
