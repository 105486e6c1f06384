package dev.semblance.cli;

import dev.semblance.harness.files.OutputFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import picocli.CommandLine;

/**
 * Writes a jar of those classes of picocli that are of a version before 6, whose instructions came without stack maps, as classes
 * of today, and of nothing else. The JVM verifies the old ones slowly, and keeps neither them nor what implements them in an
 * AOT cache (JVM specification, section 4.10; JEP 483). The launchers call it: {@code NewerClasses JAR}.
 */
final class NewerClasses {

    /** The first version whose verifier needs stack maps (Java 7). */
    private static final int WITH_STACK_MAPS = 51;

    /** Of a class, several times what the longest has. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int VERSION = ClassFile.JAVA_8_VERSION;

    private NewerClasses() {}

    public static void main(String[] args) throws IOException {
        URI source = URI.create(CommandLine.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        write(Path.of(source), Path.of(args[0]));
    }

    /**
     * Writes the jar.
     *
     * @param source the jar that has the old classes
     * @throws IOException if one cannot be read or the other not be written
     */
    static void write(Path source, Path target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarFile jar = new JarFile(source.toFile());
                JarOutputStream out = new JarOutputStream(bytes)) {
            ClassFile classes = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(
                            ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));
            List<JarEntry> entries = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class")
                            && !entry.getName().startsWith("META-INF/"))
                    .toList();
            for (JarEntry entry : entries) {
                ClassModel model = classes.parse(jar.getInputStream(entry).readNBytes(MAX_BYTES));
                if (model.majorVersion() < WITH_STACK_MAPS) {
                    JarEntry newer = new JarEntry(entry.getName());
                    newer.setTime(entry.getTime());
                    out.putNextEntry(newer);
                    out.write(classes.transformClass(model, renewing()));
                    out.closeEntry();
                }
            }
        }
        OutputFile.write(target, bytes.toByteArray());
    }

    private static ClassTransform renewing() {
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        // Code that is not taken apart would be copied as it is, without stack maps.
        return version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));
    }
}
