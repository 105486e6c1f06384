package dev.semblance.harness.fuzz;

import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A fault to plant in the GPU.
 *
 * @param file below the gpu module's packages
 * @param before text that stands in it once
 * @param after what comes in its place
 * @param what the fault is
 * @param commands how many commands it takes to show at the most
 * @param onlyCounted whether it only shows in what the device counts, since the limit is too far for a driver to see it
 */
record Mutant(String file, String before, String after, String what, int commands, boolean onlyCounted) {

    private static final int FEW_COMMANDS = 9;
    private static final String LIST = "gpu-mutants.txt";

    /** Returns all that are listed. */
    static List<Mutant> all() {
        String text;
        try (InputStream in = Objects.requireNonNull(Mutant.class.getResourceAsStream(LIST), LIST)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Mutant> mutants = new ArrayList<>();
        for (String block : text.split("\n\n", -1)) {
            List<String> lines =
                    block.lines().filter(line -> !line.startsWith("#")).toList();
            if (!lines.isEmpty()) {
                mutants.add(new Mutant(
                        field(lines, 0, "file:"),
                        field(lines, 1, "old:"),
                        field(lines, 2, "new:"),
                        field(lines, 3, "what:"),
                        option(lines, "commands:").map(Integer::valueOf).orElse(FEW_COMMANDS),
                        option(lines, "only counted:").isPresent()));
            }
        }
        return mutants;
    }

    private static String field(List<String> lines, int index, String name) {
        String line = lines.size() > index ? lines.get(index) : "";
        if (!line.startsWith(name)) {
            throw new IllegalStateException(Text.format("a mutant without %s in %s", name, lines));
        }
        return line.substring(name.length()).strip().replace("\\n", "\n");
    }

    /** Returns what the last line says, if it is one that a fault need not have. */
    private static Optional<String> option(List<String> lines, String name) {
        return lines.size() > 4 && lines.get(4).startsWith(name)
                ? Optional.of(field(lines, 4, name))
                : Optional.empty();
    }

    /** Returns a source file with the fault in it. */
    String plant(String source) {
        int at = source.indexOf(before);
        if (at < 0 || source.indexOf(before, at + 1) >= 0) {
            throw new IllegalStateException(
                    Text.format("%s must have this text exactly once, for the fault \"%s\": %s", file, what, before));
        }
        return source.substring(0, at) + after + source.substring(at + before.length());
    }

    @Override
    public String toString() {
        return what;
    }
}
