package dev.semblance.bridge.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer can make the file shorter that it shares, and then an access is a SIGBUS (mmap(2)). It must not end this process. */
@EnabledOnOs(OS.LINUX)
class TruncatedMemoryTests {

    @Test
    void memoryThatIsTakenAwayIsSaidToBeGoneByTheAccessItself() throws Exception {
        TruncatedMemory.run(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-Xcomp"})
    void itIsSoHoweverTheCodeIsRun(String how) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", how));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TruncatedMemory.class.getName(), "10"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
