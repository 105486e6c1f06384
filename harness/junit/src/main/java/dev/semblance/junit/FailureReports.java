package dev.semblance.junit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where what is kept of failures goes. */
final class FailureReports {

    /** The configuration parameter that names the folder. */
    static final String PARAMETER = "semblance.report";

    private static final String FOLDER = "semblance-report";

    private FailureReports() {}

    /** {@return the folder for one test class, so that classes do not overwrite each other's pictures} */
    static Path folder(ExtensionContext context) {
        Path base = context.getConfigurationParameter(PARAMETER).map(Path::of).orElseGet(FailureReports::usual);
        return base.resolve(context.getRequiredTestClass().getName());
    }

    /** Build folders of Maven and of Gradle are cleaned with everything else; nobody commits them. */
    private static Path usual() {
        for (String build : List.of("target", "build")) {
            if (Files.isDirectory(Path.of(build))) {
                return Path.of(build, FOLDER);
            }
        }
        return Path.of(FOLDER);
    }
}
