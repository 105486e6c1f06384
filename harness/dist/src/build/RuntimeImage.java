import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;

/**
 * Links a Java of the modules that the program needs: RuntimeImage FOLDER CLASS_PATH. The folder is made anew.
 */
final class RuntimeImage {

    /** What no class names: providers that are looked up while the program runs. */
    private static final List<String> LOOKED_UP = List.of(
            // Consoles of Windows, and files of guests, in an encoding of their own.
            "jdk.charsets",
            // What zstd-jni and progress bars ask of a JVM.
            "jdk.unsupported");

    private RuntimeImage() {}

    public static void main(String[] arguments) throws IOException {
        Path image = Path.of(arguments[0]).toAbsolutePath().normalize();
        delete(image);
        List<String> jars = Arrays.stream(arguments[1].split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .sorted()
                .toList();
        if (jars.isEmpty()) {
            throw new IllegalArgumentException("no jar in " + arguments[1]);
        }
        TreeSet<String> modules = new TreeSet<>(LOOKED_UP);
        modules.addAll(Arrays.asList(run("jdeps", List.of(
                "--ignore-missing-deps", "--print-module-deps", classes(jars, arguments[0] + "-classes").toString()))
                .strip()
                .split(",")));
        System.out.println("modules: " + String.join(",", modules));
        Path jdk = Path.of(System.getProperty("java.home"));
        alone(program(jdk, "jlink"), List.of(
                "--add-modules", String.join(",", modules),
                "--output", image.toString(),
                "--no-header-files", "--no-man-pages", "--strip-debug",
                // The archive that it goes into is compressed anyway, and it starts faster like this.
                "--compress", "zip-0",
                "--vm", "server"));
        // The archive of shared classes with which the Java starts faster. jlink would make it with its own JVM's garbage
        // collector and compilers, whose threads leave other bytes in it now and then; so there are none here.
        alone(program(image, "java"), List.of(
                "-XX:+UseSerialGC", "-Xint", "-Xms128m", "-Xmx128m", "-Xlog:disable", "-Xshare:dump"));
    }

    private static Path program(Path java, String name) {
        boolean windows = File.separatorChar == '\\';
        return java.resolve("bin").resolve(windows ? name + ".exe" : name);
    }

    /**
     * Runs a program in a JVM of its own, in a folder and an environment that are the same for whoever builds, wherever. What a JVM
     * ran before goes into what it writes: jlink makes classes of the method handles that there are, and counts them; the archive
     * of shared classes has those resolved that a working folder with a space in its name, or another locale, happens to need.
     */
    private static void alone(Path program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(arguments);
        command.addFirst(program.toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(program.getRoot().toFile());
        // Programs on Windows find their system's libraries by this one.
        builder.environment().keySet().removeIf(name -> !name.equalsIgnoreCase("SystemRoot"));
        // In the plain locale C, a Java in a folder with letters beyond ASCII does not start.
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.redirectErrorStream(true);
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(program + " ended with " + code + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while " + program + " ran", e);
        }
    }

    /**
     * Puts the classes of all jars into one folder, without descriptors of modules: those of libraries require modules that are
     * not on the class path under that name, which jdeps does not forgive.
     */
    private static Path classes(List<String> jars, String name) throws IOException {
        Path folder = Path.of(name);
        delete(folder);
        for (String jar : jars) {
            try (JarFile file = new JarFile(jar)) {
                for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                    Path target = folder.resolve(entry.getName()).normalize();
                    boolean wanted = entry.getName().endsWith(".class")
                            && !entry.getName().endsWith("module-info.class")
                            && !entry.getName().startsWith("META-INF/")
                            && target.startsWith(folder);
                    if (wanted) {
                        Files.createDirectories(target.getParent());
                        Files.write(target, file.getInputStream(entry).readAllBytes());
                    }
                }
            }
        }
        return folder;
    }

    private static String run(String tool, List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = ToolProvider.findFirst(tool)
                .orElseThrow(() -> new IllegalStateException("this Java has no " + tool))
                .run(new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException(tool + " ended with " + code + ": " + out + err);
        }
        return out.toString();
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException problem) throws IOException {
                if (problem != null) {
                    throw problem;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
