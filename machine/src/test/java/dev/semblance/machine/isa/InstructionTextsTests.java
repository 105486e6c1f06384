package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The instruction table against what GNU objdump says of encodings of 32 bits; README.md beside the resource. */
class InstructionTextsTests {

    /** Where the encodings are said to stand, so that targets are distances. */
    private static final long PC = 0x4000_0000;

    /** Conversions that never round: objdump prints their rounding mode where it is none, and we where there is one. */
    private static final List<String> EXACT = List.of("fcvt.d.s", "fcvt.d.w", "fcvt.d.wu");

    /** An encoding and its text, such as {@code addi a0,a1,-3}; {@code none} where there is no instruction of the set. */
    private record Line(int bits, String text) {

        String mnemonic() {
            // What an atomic asks of the order of accesses changes nothing here, and is not written.
            return text.split(" ", 2)[0].replaceFirst("\\.(aq|rl|aqrl)$", "");
        }

        List<String> operands() {
            // Everything that is fenced is fenced alike.
            return mnemonic().equals("fence") || !text.contains(" ")
                    ? List.of()
                    : List.of(text.split(" ", 2)[1].split(","));
        }
    }

    private static List<Line> lines(int xlen) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (InputStream resource =
                        Objects.requireNonNull(InstructionTextsTests.class.getResourceAsStream("instructions.txt.gz"));
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] fields = line.split(" ", 3);
                if (Integer.parseInt(fields[0]) == xlen) {
                    lines.add(new Line(Integer.parseUnsignedInt(fields[1], 16), fields[2]));
                }
            }
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void encodingsAreTheInstructionsThatBinutilsKnows(Isa isa) throws IOException {
        List<String> wrong = new ArrayList<>();
        Map<Instruction, Integer> seen = new HashMap<>();
        for (Line line : lines(isa.xlen())) {
            Instruction found = InstructionSet.of(isa).find(line.bits);
            String mnemonic = found.op() == Op.ILLEGAL ? "none" : found.mnemonic();
            if (!mnemonic.equals(line.mnemonic())) {
                wrong.add(Integer.toHexString(line.bits) + " is " + line.text + ", found " + mnemonic);
            }
            seen.merge(found, 1, Integer::sum);
        }

        assertThat(wrong).isEmpty();
        assertThat(seen.get(InstructionSet.all().getLast())).as("illegal ones").isGreaterThan(400);
        for (Instruction row : InstructionSet.all()) {
            if (row.scope().includes(isa) && row.mask() != -1) {
                assertThat(seen.getOrDefault(row, 0))
                        .as(row.toString())
                        .isGreaterThanOrEqualTo(row.op() == Op.FENCE_I ? 1 : 4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Isa.class,
            names = {"RV32GC", "RV64GC"})
    void instructionsAreWrittenAsBinutilsWritesThem(Isa isa) throws IOException {
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (Line line : lines(isa.xlen())) {
            if (!line.text.equals("none")) {
                String text = Disassembler.disassemble(InstructionSet.of(isa), line.bits, PC);
                compared++;
                Line ours = new Line(line.bits, text.replace(", ", ","));
                if (!ours.mnemonic().equals(line.mnemonic())
                        || !normal(isa, ours, PC).equals(normal(isa, line, 0))) {
                    wrong.add(Integer.toHexString(line.bits) + " is " + line.text + ", written " + text);
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(compared).isGreaterThan(500);
    }

    /** Numbers without regard to their base, targets as distances, and control and status registers by their names. */
    private static List<String> normal(Isa isa, Line line, long pc) {
        Format format = InstructionSet.of(isa).find(line.bits).format();
        List<String> operands = new ArrayList<>(line.operands());
        if (EXACT.contains(line.mnemonic()) && operands.getLast().equals("rne")) {
            operands.removeLast();
        }
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).matches("-?(0x[0-9a-f]+|[0-9]+)")) {
                boolean target = format == Format.B || format == Format.J;
                operands.set(i, Long.toString(Long.decode(operands.get(i)) - (target ? pc : 0)));
            }
        }
        if (format == Format.CSR || format == Format.CSR_IMMEDIATE) {
            String name = CsrNames.of(line.bits >>> 20);
            // Of registers of extensions that are not here, objdump knows names and we do not.
            boolean number = operands.get(1).equals(Integer.toString(line.bits >>> 20));
            operands.set(1, name.startsWith("csr ") || number ? name : operands.get(1));
        }
        return operands;
    }
}
