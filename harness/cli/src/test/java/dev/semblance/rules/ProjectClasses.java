package dev.semblance.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import dev.semblance.harness.util.Text;
import java.util.List;

/** The compiled classes of all modules, and the harness's tests apart from them, for rules about them. */
final class ProjectClasses {

    static final String MACHINE = "dev.semblance.machine";
    static final String GPU = "dev.semblance.gpu";
    static final String HARNESS = "dev.semblance.harness";
    static final String CLI = "dev.semblance.cli";
    static final String JUNIT = "dev.semblance.junit";
    static final String BRIDGE = "dev.semblance.bridge";
    static final String LIVE = "dev.semblance.live";

    /** All of these. */
    static final String PROJECT = "dev.semblance";

    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(location -> !isTest(location))
            .importPackages(PROJECT);

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ProjectClasses::isTest)
            .importPackages(HARNESS, BRIDGE, LIVE, CLI, JUNIT, PROJECT + ".rules");

    private ProjectClasses() {}

    /** The tests of the library come as a folder or as a jar, as far as the build has got. */
    private static boolean isTest(Location location) {
        return location.contains("/target/test-classes/") || location.contains("-tests.jar");
    }

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
