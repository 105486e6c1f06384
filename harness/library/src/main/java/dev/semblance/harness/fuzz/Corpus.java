package dev.semblance.harness.fuzz;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A folder of traces to begin with, and to keep what leads to anything new. */
public final class Corpus {

    /** A trace of a desktop is no seed: what a script costs, each of its children costs. */
    private static final int MOST_LINES = 2000;

    private final Path folder;
    private final String toolVersion;
    private final List<Entry> entries = new ArrayList<>();

    /** A script, and the rig that it is for. */
    record Entry(RigSettings settings, List<ScriptLine> script) {}

    private Corpus(Path folder, String toolVersion) {
        this.folder = folder;
        this.toolVersion = toolVersion;
    }

    /**
     * Reads a folder, in order of the names; makes it if it is not there.
     *
     * @param folder traces to begin with, and where new ones are kept
     * @param toolVersion the version of what writes new traces
     * @param unusable told which traces cannot be used, and why
     * @return the corpus, read
     * @throws IOException if the folder cannot be read or made
     */
    public static Corpus open(Path folder, String toolVersion, Consumer<String> unusable) throws IOException {
        Corpus corpus = new Corpus(folder, toolVersion);
        Files.createDirectories(folder);
        List<Path> traces;
        try (Stream<Path> files = Files.list(folder)) {
            traces = files.filter(file -> file.toString().endsWith(InputFiles.TRACE))
                    .sorted()
                    .toList();
        }
        for (Path trace : traces) {
            try (TraceReader reader = TraceReader.open(trace)) {
                TraceScript script = TraceScript.of(reader);
                if (script.steps().size() > MOST_LINES) {
                    unusable.accept(Text.format("%s is left out: it has more than %d lines", trace, MOST_LINES));
                } else if (!script.steps().isEmpty()) {
                    corpus.entries.add(new Entry(script.settings(), script.lines()));
                }
            } catch (IOException | ScriptException | SemblanceException e) {
                unusable.accept(Text.format("%s is left out: %s", trace, e.getMessage()));
            }
        }
        return corpus;
    }

    /** {@return how many scripts there are} */
    public int size() {
        return entries.size();
    }

    Entry get(int index) {
        return entries.get(index);
    }

    /** Keeps a script that led to something new: for this run, and as a trace. */
    void keep(long seed, long number, RigSettings settings, List<ScriptLine> script) throws IOException {
        entries.add(new Entry(settings, script));
        Counterexample.record(
                script,
                settings,
                folder.resolve(Text.format("new-%d-%d%s", seed, number, InputFiles.TRACE)),
                toolVersion);
    }
}
