package dev.semblance.harness.golden.policy;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** A table of a TOML file, with errors that name the file, the line and the key. */
public final class TomlEntries {

    /** Deeper than any rule; the parser recurses, and a file must not decide how far. */
    private static final int MAX_NESTING = 32;

    private final String file;
    private final TomlTable table;
    private final String path;
    private final int line;

    private TomlEntries(String file, TomlTable table, String path, int line) {
        this.file = file;
        this.table = table;
        this.path = path;
        this.line = line;
    }

    /**
     * Understands a file.
     *
     * @param file what to call it in messages
     * @param text what it says
     * @return its entries
     * @throws SemblanceException if it is no TOML
     */
    public static TomlEntries parse(String file, String text) {
        checkNesting(file, text);
        TomlParseResult toml = Toml.parse(text);
        if (!toml.errors().isEmpty()) {
            TomlParseError first = toml.errors().getFirst();
            throw mistake(
                    Text.format(
                            "%s, line %d, column %d",
                            file, first.position().line(), first.position().column()),
                    "this is no TOML: " + String.valueOf(first.getMessage()));
        }
        return new TomlEntries(file, toml, "", 1);
    }

    private static void checkNesting(String file, String text) {
        int depth = 0;
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Brackets in strings and comments count too; nobody writes this many of either.
            depth += c == '[' || c == '{' ? 1 : 0;
            depth = c == ']' || c == '}' ? Math.max(0, depth - 1) : depth;
            line += c == '\n' ? 1 : 0;
            if (depth > MAX_NESTING) {
                throw mistake(Text.format("%s, line %d", file, line), "brackets are nested more than 32 deep");
            }
        }
    }

    private static SemblanceException mistake(String where, String what) {
        return new UnusableInputException(where + ": " + what);
    }

    /**
     * {@return the tables of a list {@code [[key]]}, none where it is not there} Messages name their keys without the list's.
     *
     * @param key of the list
     */
    public List<TomlEntries> listed(String key) {
        return tables(key)
                .map(list -> IntStream.range(0, list.size())
                        .mapToObj(i -> new TomlEntries(
                                file,
                                list.getTable(i),
                                "",
                                list.inputPositionOf(i).line()))
                        .toList())
                .orElse(List.of());
    }

    /** {@return the line where the table begins} */
    public int line() {
        return line;
    }

    /**
     * Refuses every key but these.
     *
     * @param known the keys that there may be
     * @param hint what is said besides, as the rest of a sentence
     */
    public void allow(List<String> known, String hint) {
        for (String key : table.keySet().stream().sorted().toList()) {
            if (!known.contains(key)) {
                throw error(key, "is no key here; " + hint);
            }
        }
    }

    /** {@return the value of a key, if it is there} */
    Optional<Object> find(String key) {
        return Optional.ofNullable(table.get(List.of(key)));
    }

    /** {@return the value of a key that is of a type, if it is there} */
    <T> Optional<T> find(String key, Class<T> type, String expected) {
        return find(key).map(value -> {
            if (!type.isInstance(value)) {
                throw error(key, "must be " + expected);
            }
            return type.cast(value);
        });
    }

    /**
     * {@return a text that must be there and say something on one line}
     *
     * @param key of the text
     * @param purpose what it is for, as the rest of a sentence
     */
    public String text(String key, String purpose) {
        return findText(key).orElseThrow(() -> missing(key, purpose));
    }

    /**
     * {@return a text that must say something on one line, if it is there}
     *
     * @param key of the text
     */
    public Optional<String> findText(String key) {
        Optional<String> text = find(key, String.class, "a string");
        text.ifPresent(value -> checkText(key, value));
        return text;
    }

    /** Refuses a text that says nothing, or not on one line. */
    void checkText(String key, String value) {
        if (value.isBlank()) {
            throw error(key, "is empty");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw error(key, "has control characters in it; write one line of plain text");
        }
    }

    /** {@return a whole number that must be there} */
    long number(String key, long least, long most) {
        String expected = Text.format("a whole number from %d to %d", least, most);
        long value = find(key, Long.class, expected).orElseThrow(() -> missing(key, expected));
        if (value < least || value > most) {
            throw error(key, Text.format("is %d, but must be %s", value, expected));
        }
        return value;
    }

    /** {@return a list of tables, if it is there} */
    Optional<TomlArray> tables(String key) {
        String expected = "a list of tables";
        Optional<TomlArray> list = find(key, TomlArray.class, expected);
        list.ifPresent(tables -> {
            for (int i = 0; i < tables.size(); i++) {
                if (!(tables.get(i) instanceof TomlTable)) {
                    throw error(key, "must be " + expected);
                }
            }
        });
        return list;
    }

    /** {@return the table in a list of this one} */
    TomlEntries entry(String key, TomlArray list, int index) {
        return new TomlEntries(
                file,
                list.getTable(index),
                Text.format("%s%s[%d].", path, key, index),
                list.inputPositionOf(index).line());
    }

    /** {@return the table under a key of this one} */
    TomlEntries inside(String key, TomlTable inner) {
        return new TomlEntries(file, inner, path + key + ".", lineOf(key));
    }

    /**
     * {@return what to throw where a key has to be there}
     *
     * @param key that is missing
     * @param purpose what it is for, as the rest of a sentence
     */
    public SemblanceException missing(String key, String purpose) {
        return mistake(Text.format("%s, line %d", file, line), Text.format("%s is missing: %s", path + key, purpose));
    }

    /**
     * {@return what to throw for what a key says}
     *
     * @param key whose value it is
     * @param what is wrong with it, as the rest of a sentence
     */
    public SemblanceException error(String key, String what) {
        return mistake(Text.format("%s, line %d", file, lineOf(key)), Text.format("%s %s", path + key, what));
    }

    private int lineOf(String key) {
        return Optional.ofNullable(table.inputPositionOf(List.of(key)))
                .map(position -> position.line())
                .orElse(line);
    }
}
