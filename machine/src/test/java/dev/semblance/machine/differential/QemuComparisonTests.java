package dev.semblance.machine.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.semblance.machine.profile.Isa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * New random programs on the machine and on QEMU, side by side: {@code mvn -Pqemu -pl machine test} (docs/DIFFERENTIAL.md). Of other
 * builds it is no part: QEMU may be missing, or be of another version that deviates elsewhere. What was executed is counted in {@code target/differential-ISA.txt}.
 */
class QemuComparisonTests {

    private static final RandomProgram.Length LENGTH = new RandomProgram.Length(300, 6, false);

    /** The first seed: those below are of the committed answers. */
    private static final long FIRST_SEED = 1000;

    private static final Path RESOURCES = Path.of(
            System.getProperty("basedir", "."),
            "src",
            "test",
            "resources",
            "dev",
            "semblance",
            "machine",
            "differential");

    @TempDir
    private Path folder = Path.of("");

    private static void requireQemu(Isa isa) {
        assumeTrue(
                Qemu.version(isa).isPresent(), Qemu.program(isa) + " is not there; Debian has it in qemu-system-misc");
    }

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void newProgramsComeToTheSameOnQemu(Isa isa) throws IOException {
        int programs = Integer.getInteger("semblance.qemu.programs", 0);
        assumeTrue(programs > 0, "no programs are asked for: mvn -Pqemu -pl machine test");
        requireQemu(isa);
        Census census = new Census();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + programs; seed++) {
            RandomProgram program = RandomProgram.of(isa, seed, LENGTH);
            if (!census.run(program).equals(Qemu.run(program, folder))) {
                throw new AssertionError(isa.word() + ", seed " + seed + ": " + explain(isa, seed));
            }
        }
        Path counts = Path.of(System.getProperty("basedir", "."), "target", "differential-" + isa.word() + ".txt");
        Files.createDirectories(counts.getParent());
        Files.writeString(counts, census.report());
        assertThat(census.counted()).isGreaterThan(50_000L * programs);
    }

    private String explain(Isa isa, long seed) throws IOException {
        RandomProgram program =
                RandomProgram.of(isa, seed, new RandomProgram.Length(LENGTH.items(), LENGTH.rounds(), true));
        return Difference.describe(
                isa, MachineRun.run(program, MachineRun.LIMIT).printed(), Qemu.run(program, folder));
    }

    /** Writes the resource of {@link QemuAnswersTests}; what differs from the machine's own answers is written too, and fails there. */
    @Test
    void answersAreMadeAnew() throws IOException {
        assumeTrue(
                System.getProperty("semblance.qemu.answers", "").equals("write"),
                "not asked for: mvn -Pqemu -pl machine test -Dsemblance.qemu.answers=write");
        List<String> lines = new ArrayList<>();
        for (Isa isa : Answers.HARTS) {
            requireQemu(isa);
            lines.add("# " + Qemu.version(isa).orElseThrow());
            lines.add("# " + String.join(" ", Qemu.command(isa, "stub.bin", "program.bin")));
            for (long seed = 0; seed < Answers.PROGRAMS; seed++) {
                RandomProgram program = RandomProgram.of(isa, seed, Answers.LENGTH);
                lines.add(Answers.Answer.of(program, Qemu.run(program, folder)).toString());
            }
        }
        Files.write(RESOURCES.resolve(Answers.RESOURCE), lines, StandardCharsets.US_ASCII);
        assertThat(lines).hasSize(Answers.HARTS.size() * (Answers.PROGRAMS + 2));
    }
}
