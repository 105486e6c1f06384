package dev.semblance.harness.golden.policy;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.files.WholeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Reads policies from TOML files (docs/POLICIES.md). Whatever is wrong with one is a {@link SemblanceException} with its line. */
public final class PolicyFile {

    /** The name of the policy in a folder of goldens. */
    public static final String NAME = "policy.toml";

    private static final int MAX_BYTES = 1 << 20;

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
        TomlEntries top = TomlEntries.parse(file, text);
        top.allow(List.of(SNAPSHOT), "a policy is a list of [[snapshot]] tables");
        List<Rule> rules = top.listed(SNAPSHOT).stream()
                .map(entries -> RuleReader.read(file, entries))
                .toList();
        return new Policy(rules, today);
    }
}
