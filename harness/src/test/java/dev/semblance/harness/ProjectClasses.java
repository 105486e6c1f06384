package dev.semblance.harness;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;

/** The compiled classes of all three modules, and the harness's tests apart from them, for rules about them. */
final class ProjectClasses {

    static final String MACHINE = "dev.semblance.machine";
    static final String GPU = "dev.semblance.gpu";
    static final String HARNESS = "dev.semblance.harness";

    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MACHINE, GPU, HARNESS);

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(HARNESS);

    private ProjectClasses() {}

    /** Tells whether a class lies in a package or below it. */
    static boolean isIn(JavaClass type, String folder) {
        return type.getPackageName().equals(folder) || type.getPackageName().startsWith(folder + ".");
    }

    /** Returns the classes in these packages and below, having made sure that a rule on them has something to look at. */
    static List<JavaClass> in(int atLeast, String... folders) {
        List<JavaClass> found = ALL.stream()
                .filter(type -> List.of(folders).stream().anyMatch(folder -> isIn(type, folder)))
                .toList();
        return enough(found, atLeast, List.of(folders).toString());
    }

    /** Returns the classes of the harness's tests, having made sure likewise. */
    static List<JavaClass> tests(int atLeast) {
        return enough(List.copyOf(TESTS), atLeast, "the tests");
    }

    private static List<JavaClass> enough(List<JavaClass> found, int atLeast, String where) {
        if (found.size() < atLeast) {
            throw new AssertionError(Text.format(
                    "only %d classes in %s, expected at least %d: is the class path whole?",
                    found.size(), where, atLeast));
        }
        return found;
    }
}
