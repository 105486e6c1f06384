package dev.semblance.harness.golden.policy;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.Optional;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** A table of a TOML file, with errors that name the file, the line and the key. */
final class TomlEntries {

    private final String file;
    private final TomlTable table;
    private final String path;
    private final int line;

    /**
     * Reads a table.
     *
     * @param path what stands before its keys in messages
     * @param line where it begins
     */
    TomlEntries(String file, TomlTable table, String path, int line) {
        this.file = file;
        this.table = table;
        this.path = path;
        this.line = line;
    }

    int line() {
        return line;
    }

    /** Refuses every key but these. */
    void allow(List<String> known, String hint) {
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

    /** Returns the value of a key, if it is there. */
    <T> Optional<T> find(String key, Class<T> type, String expected) {
        return find(key).map(value -> {
            if (!type.isInstance(value)) {
                throw error(key, "must be " + expected);
            }
            return type.cast(value);
        });
    }

    /** {@return a text that must be there and say something on one line} */
    String text(String key, String purpose) {
        return findText(key).orElseThrow(() -> missing(key, purpose));
    }

    /** {@return a text that must say something on one line, if it is there} */
    Optional<String> findText(String key) {
        Optional<String> text = find(key, String.class, "a string");
        text.ifPresent(value -> checkText(key, value));
        return text;
    }

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

    SemblanceException missing(String key, String purpose) {
        return PolicyFile.error(
                Text.format("%s, line %d", file, line), Text.format("%s is missing: %s", path + key, purpose));
    }

    SemblanceException error(String key, String what) {
        return PolicyFile.error(Text.format("%s, line %d", file, lineOf(key)), Text.format("%s %s", path + key, what));
    }

    private int lineOf(String key) {
        return Optional.ofNullable(table.inputPositionOf(List.of(key)))
                .map(position -> position.line())
                .orElse(line);
    }
}
