package dev.semblance.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same machine with the same program is in the same state after the same cycles, whatever runs it. */
class DeterminismTests {

    private static final long CYCLES = 20_000_000;
    private static final long FEWER_CYCLES = 1_000_000;

    @Test
    void twoRunsEndInTheSameStateHoweverTheyAreCut() throws IOException, BadImageException {
        String whole = MixDigest.after(BareImages.MIX, CYCLES, Long.MAX_VALUE);

        assertThat(whole).startsWith(CYCLES + " ");
        assertThat(MixDigest.after(BareImages.MIX, CYCLES, 4_999)).isEqualTo(whole);
        assertThat(MixDigest.after(BareImages.MIX, CYCLES - 1, Long.MAX_VALUE).substring(9))
                .isNotEqualTo(whole.substring(9));
    }

    @Test
    void anotherLocaleTimeZoneAndGarbageCollectorChangeNothing() throws Exception {
        List<String> child = child(
                CYCLES,
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=Pacific/Chatham",
                "-XX:+UseParallelGC");

        assertThat(child.getFirst()).startsWith("tr_TR Pacific/Chatham");
        assertThat(child.getLast()).isEqualTo(MixDigest.after(BareImages.MIX, CYCLES, Long.MAX_VALUE));
    }

    @Test
    void aJvmThatCompilesNothingGivesTheSameState() throws Exception {
        List<String> child = child(FEWER_CYCLES, "-Xint", "-Duser.language=ar", "-Duser.country=EG");

        assertThat(child.getFirst()).startsWith("ar_EG").contains("interpreted mode");
        assertThat(child.getLast()).isEqualTo(MixDigest.after(BareImages.MIX, FEWER_CYCLES, Long.MAX_VALUE));
    }

    private static List<String> child(long cycles, String... options)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(
                List.of("-Xmx512m", "-cp", place(Machine.class) + java.io.File.pathSeparator + place(MixDigest.class)));
        command.addAll(List.of(MixDigest.class.getName(), BareImages.MIX.toString(), Long.toString(cycles)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
