package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NewerClassesTests {

    @TempDir
    private Path folder = Path.of("");

    private Path write() throws IOException {
        URI picocli = URI.create(CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        Path jar = folder.resolve("newer.jar");
        NewerClasses.write(Path.of(picocli), jar);
        return jar;
    }

    @Test
    void theClassesAreOfAVersionThatHasStackMaps() throws IOException {
        try (JarFile jar = new JarFile(write().toFile())) {
            List<JarEntry> entries = jar.stream().toList();
            assertThat(entries).hasSizeGreaterThan(100);
            for (JarEntry entry : entries) {
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                assertThat(ClassFile.of().parse(bytes).majorVersion())
                        .as(entry.getName())
                        .isGreaterThan(50);
            }
        }
    }

    @Test
    void theJvmVerifiesEveryClass() throws IOException, ReflectiveOperationException {
        Path newer = write();
        try (JarFile jar = new JarFile(newer.toFile());
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {newer.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName().replace('/', '.').replaceFirst("[.]class$", "");
                // What needs Groovy or the like is of no use without.
                if (!name.contains("groovy")) {
                    assertThat(Class.forName(name, true, loader).getClassLoader())
                            .isSameAs(loader);
                }
            }
        }
    }
}
