package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.util.Text;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plants one fault after the other in the GPU's sources, and has each found by the fuzzer within a minute with each of some
 * seeds and cut down to fewer than ten commands, unless it takes more to show, in a trace that a device with the fault fails and ours passes. Not among the tests that every
 * build runs: {@code mvn -Pmutants verify}. The table in docs/FUZZING.md is what it prints at its end.
 */
class GpuMutants {

    private static final List<Long> SEEDS = List.of(1L, 2L, 3L);
    private static final long SECONDS = 60;
    private static final List<String> TABLE = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    static List<Mutant> mutants() {
        return Mutant.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isFoundAndCutDown(Mutant mutant) throws Exception {
        Path classes = compile(mutant);
        List<String[]> results = new ArrayList<>();
        try (URLClassLoader loader = loader(classes)) {
            Class<?> run = loader.loadClass(MutantRun.class.getName());
            for (long seed : SEEDS) {
                results.add(find(mutant, run, seed));
            }
        }
        String[] first = results.getFirst();
        TABLE.add(Text.format(
                "| %s | %s | %s | %s | %s |",
                mutant.what(),
                results.stream().map(result -> result[0]).collect(Collectors.joining(", ")),
                first[1],
                first[2],
                first[4]));
    }

    private String[] find(Mutant mutant, Class<?> run, long seed) throws Exception {
        Path trace = folder.resolve(Text.format("found-%d.trace", seed));
        String[] result = (String[])
                run.getMethod("fuzz", long.class, long.class, String.class).invoke(null, seed, SECONDS, trace + "");
        assertThat(result).as("found within %d s at seed %d", SECONDS, seed).isNotEmpty();
        boolean failsWithTheFault =
                (boolean) run.getMethod("fails", String.class).invoke(null, trace + "");
        assertThat(Integer.parseInt(result[2]))
                .as("commands left at seed %d", seed)
                .isLessThanOrEqualTo(mutant.commands());
        assertThat(result[5].equals("USAGE"))
                .as("only what the device counts is wrong")
                .isEqualTo(mutant.onlyCounted());
        assertThat(failsWithTheFault)
                .as("the replay fails with the fault, which a driver sees")
                .isEqualTo(!mutant.onlyCounted());
        assertThat(MutantRun.fails(trace + ""))
                .as("the replay fails without it")
                .isFalse();
        return result;
    }

    /** Prints the table for docs/FUZZING.md. */
    @AfterAll
    @SuppressWarnings("SystemOut")
    static void print() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("| fault | seconds at seeds 1, 2, 3 | commands until found | commands left | what is reported |");
        lines.add("|---|---|---|---|---|");
        lines.addAll(TABLE);
        Files.write(Files.createDirectories(Path.of("target")).resolve("mutants.md"), lines);
    }

    private Path compile(Mutant mutant) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(MutantTests.sources())) {
            for (Path file :
                    all.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = MutantTests.sources().relativize(file).toString().replace(File.separatorChar, '/');
                String text = Files.readString(file);
                Path copy = sources.resolve(name);
                Files.createDirectories(copy.getParent());
                files.add(Files.writeString(copy, name.equals(mutant.file()) ? mutant.plant(text) : text));
            }
        }
        StringWriter messages = new StringWriter();
        PrintWriter to = new PrintWriter(messages);
        List<String> words =
                new ArrayList<>(List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classPath()));
        files.forEach(file -> words.add(file.toString()));
        int code = ToolProvider.findFirst("javac").orElseThrow().run(to, to, words.toArray(String[]::new));
        assertThat(code).as("the fault compiles: %s", messages).isZero();
        return classes;
    }

    private static String classPath() {
        String ofSurefire = System.getProperty("surefire.test.class.path", "");
        return ofSurefire.isEmpty() ? System.getProperty("java.class.path") : ofSurefire;
    }

    /** Returns a loader of everything anew, with the GPU's classes from a folder first. */
    private static URLClassLoader loader(Path classes) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        urls.add(classes.toUri().toURL());
        for (String entry : classPath().split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
