package dev.semblance.harness.golden.policy;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.util.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads policies from TOML files (docs/POLICIES.md). Whatever is wrong with one is a {@link SemblanceException} with its line. */
public final class PolicyFile {

    /** The name of the policy in a folder of goldens. */
    public static final String NAME = "policy.toml";

    private static final int MAX_BYTES = 1 << 20;

    /** Deeper than any rule; the parser recurses, and a file must not decide how far. */
    private static final int MAX_NESTING = 32;

    private static final String SNAPSHOT = "snapshot";

    private PolicyFile() {}

    /**
     * Reads a policy.
     *
     * @param file the file
     * @param today the day on which its rules are applied
     * @return the policy
     * @throws SemblanceException if it is not there, or no policy
     */
    public static Policy read(Path file, LocalDate today) {
        return read(file, FileNames.OWN, today);
    }

    /**
     * Reads a policy.
     *
     * @param file the file
     * @param names what to call it
     * @param today the day on which its rules are applied
     * @return the policy
     * @throws SemblanceException if it is not there, or no policy
     */
    public static Policy read(Path file, FileNames names, LocalDate today) {
        String name = names.of(file);
        return parse(name, WholeFile.text(file, "policy", name, MAX_BYTES), today);
    }

    /**
     * Reads the policy in a folder of goldens; one that has none asks for exact pictures.
     *
     * @param goldens the folder of goldens
     * @param today the day by which rules expire
     * @return the policy in that folder, or one that allows nothing
     * @throws SemblanceException if it has one that is no policy
     */
    public static Policy beside(Path goldens, LocalDate today) {
        return beside(goldens, FileNames.OWN, today);
    }

    /**
     * Reads the policy in a folder of goldens; one that has none asks for exact pictures.
     *
     * @param goldens the folder of goldens
     * @param names what to call it
     * @param today the day by which rules expire
     * @return the policy in that folder, or one that allows nothing
     * @throws SemblanceException if it has one that is no policy
     */
    public static Policy beside(Path goldens, FileNames names, LocalDate today) {
        Path file = goldens.resolve(NAME);
        return Files.exists(file) ? read(file, names, today) : new Policy(List.of(), today);
    }

    /**
     * Understands a policy.
     *
     * @param file what to call it in messages
     * @throws SemblanceException if it is none
     */
    static Policy parse(String file, String text, LocalDate today) {
        checkNesting(file, text);
        TomlParseResult toml = Toml.parse(text);
        if (!toml.errors().isEmpty()) {
            TomlParseError first = toml.errors().getFirst();
            throw error(
                    Text.format(
                            "%s, line %d, column %d",
                            file, first.position().line(), first.position().column()),
                    "this is no TOML: " + String.valueOf(first.getMessage()));
        }
        TomlEntries top = new TomlEntries(file, toml, "", 1);
        top.allow(List.of(SNAPSHOT), "a policy is a list of [[snapshot]] tables");
        List<Rule> rules = new ArrayList<>();
        Optional<TomlArray> snapshots = top.tables(SNAPSHOT);
        for (int i = 0; snapshots.isPresent() && i < snapshots.get().size(); i++) {
            rules.add(RuleReader.read(
                    file,
                    new TomlEntries(
                            file,
                            snapshots.get().getTable(i),
                            "",
                            snapshots.get().inputPositionOf(i).line())));
        }
        return new Policy(rules, today);
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
                throw error(Text.format("%s, line %d", file, line), "brackets are nested more than 32 deep");
            }
        }
    }

    static SemblanceException error(String where, String what) {
        return new UnusableInputException(where + ": " + what);
    }
}
