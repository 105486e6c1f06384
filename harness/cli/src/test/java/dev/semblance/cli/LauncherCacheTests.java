package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.guest.images.ProjectHome;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher keeps for a faster start never changes what the program answers, and is never in its own folder. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(1200)
class LauncherCacheTests {

    private static final Duration PATIENCE = Duration.ofMinutes(9);

    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    /** How a run ended, and what it said. */
    private record Answer(int code, String out, String err) {}

    private static Path home() {
        return shared.resolve("a program");
    }

    private static Path jar() {
        return home().resolve("lib/semblance-cli-test.jar");
    }

    @BeforeAll
    static void install() throws IOException {
        Path sources = ProjectHome.guestFolder().orElseThrow().resolve("../../harness/dist/src");
        Files.createDirectories(home().resolve("bin"));
        Files.createDirectories(home().resolve("lib"));
        Files.copy(
                sources.resolve("bin/semblance"), home().resolve("bin/semblance"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(sources.resolve("sh/launcher.sh"), home().resolve("lib/launcher.sh"));
        List<Path> entries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .filter(entry -> !entry.endsWith("test-classes"))
                .toList();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        entries.stream()
                                .filter(Files::isRegularFile)
                                .map(entry -> entry.toUri().toString())
                                .collect(Collectors.joining(" ")));
        // A JVM makes no cache of classes that lie in folders.
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar()), manifest)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    add(out, entry);
                }
            }
        }
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    }

    private static void add(JarOutputStream out, Path classes) throws IOException {
        List<Path> files;
        try (Stream<Path> walked = Files.walk(classes)) {
            files = walked.filter(Files::isRegularFile)
                    .filter(file ->
                            !classes.relativize(file).startsWith("META-INF") && !file.endsWith("module-info.class"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
            Files.copy(file, out);
            out.closeEntry();
        }
    }

    private Process start(String name, Path cache, Map<String, String> variables) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(home().resolve("bin/semblance").toString(), "--version");
        builder.environment().keySet().removeIf(variable -> variable.startsWith("SEMBLANCE_") || variable.equals("CI"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SEMBLANCE_CACHE", cache.toString());
        builder.environment().putAll(variables);
        return builder.directory(Files.createDirectories(folder.resolve("work")).toFile())
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
    }

    private Answer end(String name, Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Answer(
                process.exitValue(),
                Files.readString(folder.resolve(name + ".out")),
                Files.readString(folder.resolve(name + ".err")));
    }

    private Answer run(Path cache, Map<String, String> variables) throws IOException, InterruptedException {
        return end("run", start("run", cache, variables));
    }

    private static Answer expected() {
        return new Answer(0, String.join("\n", new VersionProvider().getVersion()) + "\n", "");
    }

    /** Returns the names of all files below a folder, with their permissions. */
    private static Map<String, String> files(Path where) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.exists(where)) {
            try (Stream<Path> walked = Files.walk(where)) {
                for (Path file : walked.filter(Files::isRegularFile).toList()) {
                    files.put(
                            where.relativize(file).toString(),
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                }
            }
        }
        return files;
    }

    private static List<Path> caches(Path cache) throws IOException {
        if (!Files.isDirectory(cache.resolve("aot"))) {
            return List.of();
        }
        try (Stream<Path> listed = Files.list(cache.resolve("aot"))) {
            return listed.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }

    private static boolean isAtWork(Path cache) throws IOException {
        try (Stream<Path> listed = Files.list(cache.resolve("aot"))) {
            return listed.anyMatch(
                    file -> file.toString().endsWith(".work") || file.toString().endsWith(".try"));
        }
    }

    /** Waits until the background is done, and returns the file that it made. */
    private static Path awaitCache(Path cache) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (caches(cache).isEmpty() || isAtWork(cache)) {
            assertThat(Instant.now()).as("no cache is made").isBefore(end);
            Thread.sleep(50);
        }
        return caches(cache).getFirst();
    }

    @Test
    void aCacheIsMadeOnceByTwoThatStartAtOnceAndAnswersAsWithout() throws IOException, InterruptedException {
        Path cache = folder.resolve("cache");
        Map<String, String> before = files(home());
        Process one = start("one", cache, Map.of());
        Process other = start("other", cache, Map.of());
        assertThat(end("one", one)).isEqualTo(expected());
        assertThat(end("other", other)).isEqualTo(expected());

        Path made = awaitCache(cache);
        assertThat(made).isNotEmptyFile();
        String key = made.getFileName().toString().replaceFirst("[.]aot$", "");
        assertThat(files(cache.resolve("aot"))).isEqualTo(Map.of(key + ".aot", "rw-------", key + ".jar", "rw-------"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.resolve("aot"))))
                .isEqualTo("rwx------");
        // The JVM refuses to start if it cannot take it.
        assertThat(run(cache, Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on")).code())
                .isZero();
        assertThat(run(cache, Map.of())).isEqualTo(expected());
        assertThat(run(cache, Map.of("SEMBLANCE_JAVA_OPTS", "-XX:+UseParallelGC")))
                .isEqualTo(expected());
        assertThat(run(cache, Map.of("SEMBLANCE_JAVA_OPTS", "-Xmx300m -XX:-UseCompressedOops")))
                .isEqualTo(expected());
        assertThat(files(home())).isEqualTo(before);
        assertThat(folder.resolve("work")).isEmptyDirectory();

        Files.writeString(made, "damaged");
        assertThat(run(cache, Map.of())).isEqualTo(expected());
        Files.write(made, new byte[0]);
        assertThat(run(cache, Map.of())).isEqualTo(expected());
    }

    @Test
    void aCacheThatIsOlderThanTheProgramIsMadeAnew() throws IOException, InterruptedException {
        Path cache = folder.resolve("cache");
        assertThat(run(cache, Map.of())).isEqualTo(expected());
        Path made = awaitCache(cache);
        Files.writeString(made, "stale");
        Files.setLastModifiedTime(made, FileTime.from(Instant.parse("2019-01-01T00:00:00Z")));

        assertThat(run(cache, Map.of())).isEqualTo(expected());
        assertThat(awaitCache(cache)).isEqualTo(made);
        assertThat(Files.size(made)).isGreaterThan("stale".length());
    }

    @Test
    void aFolderThatCannotBeWrittenIsDoneWithout() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("file"), "no folder", StandardCharsets.UTF_8);
        assertThat(run(file, Map.of())).isEqualTo(expected());
        assertThat(run(Path.of("/proc/none"), Map.of())).isEqualTo(expected());
        Path readOnly = Files.createDirectory(
                folder.resolve("read-only"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assertThat(run(readOnly, Map.of())).isEqualTo(expected());
        assertThat(file).hasContent("no folder");
    }

    @Test
    void nothingIsMadeWhereItIsTurnedOffOrOnCi() throws IOException, InterruptedException {
        List<Map<String, String>> without = new ArrayList<>();
        without.add(Map.of("SEMBLANCE_AOT", "off"));
        without.add(Map.of("CI", "true"));
        without.add(Map.of("SEMBLANCE_JAVA_OPTS", "-Xshare:auto"));
        for (Map<String, String> variables : without) {
            assertThat(run(folder.resolve("cache"), variables))
                    .as(variables.toString())
                    .isEqualTo(expected());
        }
        assertThat(folder.resolve("cache")).doesNotExist();
    }
}
