package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.guest.scenario.SourceLine.Token;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads scenario files: docs/SCENARIOS.md. */
public final class ScenarioParser {

    /** What a manifest takes, in which the text is kept: 256 KiB. */
    private static final int MAX_BYTES = 1 << 18;

    private ScenarioParser() {}

    /**
     * Reads a scenario file.
     *
     * @throws ScenarioException if a line cannot be understood
     * @throws UserError if the file cannot be read
     */
    public static Scenario read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new UserError(ExitCode.USAGE, "there is no scenario " + file, e);
        } catch (IOException e) {
            throw UserError.unreadable("the scenario " + file, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new UserError(ExitCode.USAGE, "the scenario " + file + " is larger than 256 KiB");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UserError(ExitCode.USAGE, "the scenario " + file + " is not UTF-8 text", e);
        }
        Path folder = file.toAbsolutePath().getParent();
        return parse(file.toString(), folder == null ? file.toAbsolutePath() : folder, text);
    }

    /**
     * Understands the text of a scenario.
     *
     * @param name what to call it in messages
     * @param folder what paths in it are relative to
     * @throws ScenarioException if a line cannot be understood
     */
    public static Scenario parse(String name, Path folder, String text) {
        ManifestLines manifest = new ManifestLines(folder);
        StepLines steps = new StepLines();
        List<String> sources = text.lines().toList();
        for (int i = 0; i < sources.size(); i++) {
            SourceLine line = new SourceLine(name, i + 1, sources.get(i));
            List<Token> tokens = line.tokens();
            if (!tokens.isEmpty()) {
                parseLine(new Arguments(line, tokens), manifest, steps);
            }
        }
        return new Scenario(name, manifest.settings(), steps.steps(), text);
    }

    private static void parseLine(Arguments arguments, ManifestLines manifest, StepLines steps) {
        String verb = arguments.verb();
        if (ManifestLines.WORDS.contains(verb)) {
            if (!steps.isEmpty()) {
                throw arguments.errorAtVerb("\"" + verb + "\" describes the guest, so it stands above the first step");
            }
            manifest.add(verb, arguments);
        } else if (StepLines.VERBS.contains(verb)) {
            steps.add(verb, arguments);
        } else {
            List<String> known = new ArrayList<>(StepLines.VERBS);
            known.addAll(ManifestLines.WORDS);
            throw arguments.errorAtVerb("there is no verb \"" + verb + "\"" + Suggestions.hint(verb, known));
        }
        arguments.end();
    }
}
