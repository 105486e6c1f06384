package dev.semblance.harness.target.dialect;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.golden.policy.TomlEntries;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.Dialect.Remark;
import dev.semblance.harness.target.dialect.KnownFinding.What;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Understands dialects (docs/TARGETS.md), strictly: a mistake is told with its file, line and key. */
final class DialectParser {

    private static final String DEVIATION = "deviation";
    private static final String REMARK = "standard-error";
    private static final String FINDING = "finding";
    private static final List<String> DEVIATION_KEYS =
            List.of("aspect", "commands", "expected", "actual", "shows", "reason", "link");
    private static final List<String> REMARK_KEYS = List.of("line", "reason", "link");
    private static final List<String> FINDING_KEYS = List.of("what", "commands", "says", "reason", "link");

    private static final int MAX_COMMANDS = 16;
    private static final Pattern LINK = Pattern.compile("https?://[^\\s\"<>]+");
    private static final Pattern BLANKS = Pattern.compile(" +");
    private static final Glob ANY = new Glob("*");

    private static final Pattern EXIT = Pattern.compile("exit ([0-9]{1,3})");
    private static final Pattern SIGNAL = Pattern.compile("signal ([0-9]{1,2})");
    private static final String WHATS = "exit STATUS (1 to 255), signal NUMBER (1 to 64), hang, complaint or protocol";

    private DialectParser() {}

    /**
     * Understands a dialect.
     *
     * @param name what it is called
     * @param file what to call it in messages
     * @param text what it says
     * @throws UnusableInputException if it is no dialect
     */
    static Dialect parse(String name, String file, String text) {
        TomlEntries top = TomlEntries.parse(file, text);
        top.allow(
                List.of(DEVIATION, REMARK, FINDING),
                "a dialect is a list of [[deviation]], [[standard-error]] and [[finding]] tables");
        return new Dialect(
                name,
                top.listed(DEVIATION).stream()
                        .map(entries -> deviation(file, entries))
                        .toList(),
                top.listed(REMARK).stream().map(DialectParser::remark).toList(),
                top.listed(FINDING).stream()
                        .map(entries -> finding(file, entries))
                        .toList());
    }

    private static Remark remark(TomlEntries entries) {
        allow(entries, REMARK_KEYS);
        String line = entries.text("line", "a line that the program writes to standard error, * for any characters");
        return new Remark(pattern(entries, "line", line), reason(entries), link(entries));
    }

    private static KnownFinding finding(String file, TomlEntries entries) {
        allow(entries, FINDING_KEYS);
        What what = what(entries);
        Optional<String> said = entries.findText("says");
        // Without it a sanitizer's report would be taken for the fault that is known.
        boolean required = switch (what) {
            case What.Exit exit -> true;
            case What.Complaint complaint -> true;
            case What.ProtocolBreach breach -> true;
            case What.Signal signal -> false;
            case What.Hang hang -> false;
        };
        if (required && said.isEmpty()) {
            throw entries.missing("says", "a line that the program says with it, * for any characters");
        }
        return new KnownFinding(
                file,
                entries.line(),
                entries.findText("commands").isPresent() ? commands(entries) : List.of(ANY),
                what,
                said.map(text -> pattern(entries, "says", text)),
                reason(entries),
                link(entries));
    }

    private static What what(TomlEntries entries) {
        String said = entries.text("what", "say what the program does: " + WHATS);
        Matcher exit = EXIT.matcher(said);
        Matcher signal = SIGNAL.matcher(said);
        if (exit.matches() && isBetween(exit.group(1), 255)) {
            return new What.Exit(Integer.parseInt(exit.group(1)));
        }
        if (signal.matches() && isBetween(signal.group(1), 64)) {
            return new What.Signal(Integer.parseInt(signal.group(1)));
        }
        return switch (said) {
            case "hang" -> new What.Hang();
            case "complaint" -> new What.Complaint();
            case "protocol" -> new What.ProtocolBreach();
            default -> throw entries.error("what", "is \"" + said + "\", and must be " + WHATS);
        };
    }

    private static boolean isBetween(String digits, int most) {
        int number = Integer.parseInt(digits);
        return number >= 1 && number <= most;
    }

    private static Deviation deviation(String file, TomlEntries entries) {
        allow(entries, DEVIATION_KEYS);
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
                shows(entries, aspect),
                reason(entries),
                link(entries));
    }

    private static List<Glob> shows(TomlEntries entries, Aspect aspect) {
        Optional<String> said = entries.findText("shows");
        if (said.isPresent() && aspect != Aspect.PICTURE) {
            throw entries.error("shows", "is about pictures, and the aspect is " + aspect.word());
        }
        return said.stream()
                .flatMap(BLANKS::splitAsStream)
                .map(word -> glob(entries, "shows", word))
                .toList();
    }

    private static void allow(TomlEntries entries, List<String> keys) {
        entries.allow(keys, "known are " + String.join(", ", keys));
    }

    private static LinePattern pattern(TomlEntries entries, String key, String text) {
        if (!LinePattern.isPattern(text)) {
            throw entries.error(key, "must be " + LinePattern.RULE);
        }
        return new LinePattern(text);
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

    private static String reason(TomlEntries entries) {
        return entries.text("reason", "say why this is accepted, for whoever reads the report");
    }

    private static String link(TomlEntries entries) {
        String link = entries.text("link", "where more is known of it, http:// or https://");
        if (!LINK.matcher(link).matches()) {
            throw entries.error("link", "must be a link, http:// or https://");
        }
        return link;
    }
}
