package dev.semblance.harness.golden.policy;

import dev.semblance.harness.PixelRect;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.util.Text;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Reads one {@code [[snapshot]]} table. */
final class RuleReader {

    private static final String TRACE = "trace";
    private static final String LABEL = "label";
    private static final String REASON = "reason";
    private static final String TOLERANCE = "tolerance";
    private static final String MAX_CHANNEL_DELTA = "max-channel-delta";
    private static final String MAX_PIXELS = "max-pixels";
    private static final String MASKS = "masks";
    private static final String ALTERNATIVES = "alternatives";
    private static final String EXPECTED_FAILURE = "expected-failure";
    private static final String BUG = "bug";
    private static final String EXPIRES = "expires";

    private static final List<String> KEYS =
            List.of(TRACE, LABEL, REASON, TOLERANCE, MASKS, ALTERNATIVES, EXPECTED_FAILURE, BUG, EXPIRES);

    private static final int MAX_MASKS = 256;
    private static final int MAX_ALTERNATIVES = 64;
    private static final Pattern LINK = Pattern.compile("https?://[^\\s\"<>]+");

    private RuleReader() {}

    static Rule read(String file, TomlEntries entries) {
        entries.allow(KEYS, "known are " + String.join(", ", KEYS));
        Rule rule = new Rule(
                file,
                entries.line(),
                glob(entries, TRACE, "the name of a trace, or a pattern with * and ?"),
                glob(entries, LABEL, "the label of a snapshot, or a pattern with * and ?"),
                entries.text(REASON, "say why this is right, for whoever reads the report"),
                tolerance(entries),
                masks(entries),
                alternatives(entries),
                link(entries, EXPECTED_FAILURE),
                link(entries, BUG),
                entries.find(EXPIRES, LocalDate.class, "a date such as 2027-01-31, without quotes"));
        boolean changesNothing = rule.tolerance().isEmpty()
                && rule.masks().isEmpty()
                && rule.alternatives() instanceof Alternatives.None
                && rule.expectedFailure().isEmpty();
        if (changesNothing) {
            throw entries.missing(
                    Text.format("%s, %s, %s or %s", TOLERANCE, MASKS, ALTERNATIVES, EXPECTED_FAILURE),
                    "without any of them the rule changes nothing");
        }
        return rule;
    }

    private static Glob glob(TomlEntries entries, String key, String purpose) {
        String pattern = entries.text(key, purpose);
        if (!Glob.isGlob(pattern)) {
            throw entries.error(key, "can match no name: a pattern is " + Glob.RULE);
        }
        if (key.equals(LABEL) && pattern.indexOf('/') >= 0) {
            throw entries.error(key, "can match no label: those have no '/'");
        }
        return new Glob(pattern);
    }

    private static Optional<String> link(TomlEntries entries, String key) {
        Optional<String> link = entries.findText(key);
        if (link.isPresent() && !LINK.matcher(link.get()).matches()) {
            throw entries.error(key, "must be the link of a bug report, http:// or https://");
        }
        return link;
    }

    private static Optional<Tolerance> tolerance(TomlEntries entries) {
        return entries.find(
                        TOLERANCE,
                        TomlTable.class,
                        Text.format("a table such as { %s = 2, %s = 40 }", MAX_CHANNEL_DELTA, MAX_PIXELS))
                .map(table -> {
                    TomlEntries limits = entries.inside(TOLERANCE, table);
                    limits.allow(
                            List.of(MAX_CHANNEL_DELTA, MAX_PIXELS),
                            Text.format("a tolerance has both %s and %s", MAX_CHANNEL_DELTA, MAX_PIXELS));
                    return new Tolerance(
                            (int) limits.number(MAX_CHANNEL_DELTA, 1, 255),
                            limits.number(MAX_PIXELS, 1, ImageFiles.MAX_PIXELS));
                });
    }

    private static List<PixelRect> masks(TomlEntries entries) {
        Optional<TomlArray> list = entries.tables(MASKS);
        List<PixelRect> masks = new ArrayList<>();
        if (list.isPresent()) {
            if (list.get().isEmpty() || list.get().size() > MAX_MASKS) {
                throw entries.error(MASKS, Text.format("must have 1 to %d rectangles", MAX_MASKS));
            }
            for (int i = 0; i < list.get().size(); i++) {
                masks.add(mask(entries.entry(MASKS, list.get(), i)));
            }
        }
        return masks;
    }

    private static PixelRect mask(TomlEntries entries) {
        entries.allow(List.of("x", "y", "width", "height"), "a mask has x, y, width and height");
        return new PixelRect(
                (int) entries.number("x", 0, ImageFiles.MAX_EDGE - 1),
                (int) entries.number("y", 0, ImageFiles.MAX_EDGE - 1),
                (int) entries.number("width", 1, ImageFiles.MAX_EDGE),
                (int) entries.number("height", 1, ImageFiles.MAX_EDGE));
    }

    private static Alternatives alternatives(TomlEntries entries) {
        String expected = "true, or a list of file names";
        return entries.find(ALTERNATIVES)
                .map(value -> switch (value) {
                    case Boolean all -> {
                        if (!all) {
                            throw entries.error(ALTERNATIVES, "must be " + expected + "; leave it out for none");
                        }
                        yield new Alternatives.Numbered();
                    }
                    case TomlArray list -> named(entries, list, expected);
                    default -> throw entries.error(ALTERNATIVES, "must be " + expected);
                })
                .orElseGet(Alternatives.None::new);
    }

    private static Alternatives named(TomlEntries entries, TomlArray list, String expected) {
        if (list.isEmpty() || list.size() > MAX_ALTERNATIVES) {
            throw entries.error(ALTERNATIVES, Text.format("must have 1 to %d file names", MAX_ALTERNATIVES));
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String name)) {
                throw entries.error(ALTERNATIVES, "must be " + expected);
            }
            entries.checkText(ALTERNATIVES, name);
            if (!GoldenStore.isPictureName(name)) {
                throw entries.error(
                        ALTERNATIVES,
                        Text.format(
                                "has \"%s\", which is not the plain name of an image in the folder of the trace's goldens",
                                name));
            }
            names.add(name);
        }
        return new Alternatives.Named(names);
    }
}
