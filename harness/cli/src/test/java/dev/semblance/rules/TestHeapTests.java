package dev.semblance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No test judges by the heap of the JVM it runs in (CONTRIBUTING.md, "Tests"): other tests run in it, and what they left is counted too. The
 * sources are searched, since the classes of some modules' tests are not to be had here.
 */
class TestHeapTests {

    private static final String INSTEAD =
            "run it in a JVM of its own, with a heap that it must get along with (ChildJvm, ProgramProcess)";

    private static final Pattern MEASURES = Pattern.compile(
            "\\b(?:(?:total|free)Memory|Memory(?:Pool)?MXBean|get(?:Memory(?:Pool)?|GarbageCollector)MXBeans?"
                    + "|System\\s*(?:\\.|::)\\s*gc|Runtime\\s*\\.\\s*getRuntime\\s*\\(\\s*\\)\\s*\\.\\s*gc)\\b");

    @Test
    void noTestMeasuresTheHeapThatItSharesWithOthers() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String module : List.of("../../machine", "../../gpu", "../library", "../junit", "../cli", "../examples")) {
            try (Stream<Path> all = Files.walk(Path.of(module, "src/test/java"))) {
                for (Path file :
                        all.filter(one -> one.toString().endsWith(".java")).toList()) {
                    files++;
                    if (!file.endsWith("TestHeapTests.java")
                            && MEASURES.matcher(Files.readString(file)).find()) {
                        found.add(file + ": " + INSTEAD);
                    }
                }
            }
        }
        assertThat(found).isEmpty();
        assertThat(files).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Runtime.getRuntime().totalMemory()",
                "runtime::freeMemory",
                "ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()",
                "for (MemoryPoolMXBean pool : pools)",
                "ManagementFactory.getGarbageCollectorMXBeans()",
                "System.gc();",
                "Runtime.getRuntime().gc()"
            })
    void theRuleSeesEveryWayToMeasure(String code) {
        assertThat(MEASURES.matcher(code).find()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Runtime.getRuntime().maxMemory()", "GuestMemory memory", "system.gcc()"})
    void theRuleSeesNothingElse(String code) {
        assertThat(MEASURES.matcher(code).find()).isFalse();
    }
}
