package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.guest.scenario.SourceLine.Token;
import dev.semblance.harness.util.Suggestions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads scenario files: docs/SCENARIOS.md. */
public final class ScenarioParser {

    private ScenarioParser() {}

    /**
     * Reads a scenario file.
     *
     * @param file the file
     * @return the scenario, in which times are cycles of semu
     * @throws ScenarioException if a line cannot be understood
     * @throws SemblanceException if the file cannot be read
     */
    public static Scenario read(Path file) {
        String text = WholeFile.text(file, "scenario", file.toString(), Scenario.MAX_BYTES);
        Path folder = file.toAbsolutePath().getParent();
        return parse(file.toString(), folder == null ? file.toAbsolutePath() : folder, text);
    }

    /**
     * Understands the text of a scenario for a machine of semu.
     *
     * @param name what to call it in messages
     * @param folder what paths in it are relative to
     * @param text all of it
     * @return the scenario
     * @throws ScenarioException if a line cannot be understood
     */
    public static Scenario parse(String name, Path folder, String text) {
        return parse(name, folder, text, CycleCount.SEMU_CLOCK);
    }

    /**
     * Understands the text of a scenario.
     *
     * @param name what to call it in messages
     * @param folder what paths in it are relative to
     * @param text all of it
     * @param cyclesPerSecond the clock of the machine, by which times become cycles
     * @return the scenario
     * @throws ScenarioException if a line cannot be understood
     */
    public static Scenario parse(String name, Path folder, String text, long cyclesPerSecond) {
        ManifestLines manifest = new ManifestLines(folder);
        StepLines steps = new StepLines();
        List<String> sources = text.lines().toList();
        for (int i = 0; i < sources.size(); i++) {
            SourceLine line = new SourceLine(name, i + 1, sources.get(i));
            List<Token> tokens = line.tokens();
            if (!tokens.isEmpty()) {
                parseLine(new Arguments(line, tokens, cyclesPerSecond), manifest, steps);
            }
        }
        return new Scenario(name, folder, manifest.settings(), manifest.from(), steps.steps(), text);
    }

    private static void parseLine(Arguments arguments, ManifestLines manifest, StepLines steps) {
        String verb = arguments.verb();
        if (ManifestLines.WORDS.contains(verb)) {
            if (!steps.isEmpty()) {
                throw arguments.errorAtVerb(
                        "\"" + verb + "\" describes the guest, so it must come before the first step");
            }
            manifest.add(verb, arguments);
        } else if (StepLines.VERBS.contains(verb)) {
            steps.add(verb, arguments);
        } else {
            List<String> known = new ArrayList<>(StepLines.VERBS);
            known.addAll(ManifestLines.WORDS);
            throw arguments.errorAtVerb(
                    "there is no verb \"" + verb + "\"" + Suggestions.hintOrAll(verb, known, "the verbs are"));
        }
        arguments.end();
    }
}
