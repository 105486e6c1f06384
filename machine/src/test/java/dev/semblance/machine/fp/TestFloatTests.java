package dev.semblance.machine.fp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Berkeley TestFloat's cases, with the results of Berkeley SoftFloat as RISC-V specializes it; README.md in the folder of the
 * resource says how they were made. Each is run with NX clear and with NX set, which is when the host may compute.
 */
class TestFloatTests {

    private static final int CASES = 2000;
    private static final int MODES = 5;

    /** A case: operands, and for each rounding mode a result and its flags. */
    private record Case(String function, long[] operands, long[] results, int[] flags) {}

    private static void forEachCase(Consumer<Case> consumer) throws IOException {
        try (InputStream packed = Objects.requireNonNull(TestFloatTests.class.getResourceAsStream("testfloat.txt.gz"));
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] head = line.split(" ", -1);
                for (int i = 0; i < CASES; i++) {
                    consumer.accept(parse(
                            head[0], Integer.parseInt(head[1]), lines.readLine().split(" ", -1)));
                }
            }
        }
    }

    private static Case parse(String function, int modes, String[] fields) {
        int count = fields.length - modes;
        long[] operands = new long[3];
        for (int i = 0; i < count; i++) {
            operands[i] = Long.parseUnsignedLong(fields[i], 16);
        }
        long[] results = new long[modes];
        int[] flags = new int[modes];
        for (int mode = 0; mode < modes; mode++) {
            String field = fields[count + (fields[count + mode].equals("=") ? 0 : mode)];
            results[mode] = Long.parseUnsignedLong(field.substring(0, field.length() - 2), 16);
            flags[mode] = Integer.parseInt(field.substring(field.length() - 2), 16);
        }
        return new Case(function, operands, results, flags);
    }

    /** f64_to_ui32 is fcvt.wu.d, f32_mulAdd is fmadd.s. */
    private static String mnemonic(String function) {
        String[] words = function.split("_", -1);
        if (words.length == 3) {
            return "fcvt." + letter(words[2]) + "." + letter(words[0]);
        }
        return "f" + (words[1].equals("mulAdd") ? "madd" : words[1]) + "." + letter(words[0]);
    }

    private static String letter(String type) {
        return switch (type) {
            case "f32" -> "s";
            case "f64" -> "d";
            case "i32" -> "w";
            case "ui32" -> "wu";
            case "i64" -> "l";
            case "ui64" -> "lu";
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static void run(FloatInstruction instruction, Case test) {
        long[] registers = Arrays.stream(test.operands)
                .map(bits -> instruction.operand().register(bits))
                .toArray();
        FloatStatus s = new FloatStatus();
        for (int mode = 0; mode < MODES; mode++) {
            int column = test.results.length == 1 ? 0 : mode;
            for (int before = 0; before <= FloatStatus.NX; before++) {
                s.setFlags(before);
                long result = instruction.method().of(s, registers, mode);
                if (result != instruction.result().register(test.results[column])
                        || s.flags() != (test.flags[column] | before)) {
                    fail(instruction.mnemonic() + hex(test.operands) + ", mode " + mode + ", flags " + before
                            + ": expected" + hex(test.results[column], test.flags[column]) + ", got"
                            + hex(result, s.flags()));
                }
            }
        }
    }

    private static String hex(long... values) {
        StringBuilder text = new StringBuilder();
        for (long value : values) {
            text.append(" 0x").append(Long.toHexString(value));
        }
        return text.toString();
    }

    @Test
    void everyResultAndFlagIsWhatTestFloatSays() throws IOException {
        List<String> seen = new ArrayList<>();
        forEachCase(test -> {
            FloatInstruction instruction = FloatInstruction.of(mnemonic(test.function));
            assertThat(test.results).hasSize(instruction.rounds() ? MODES : 1);
            run(instruction, test);
            seen.add(instruction.mnemonic());
        });
        assertThat(seen).hasSize(36 * CASES);
        assertThat(seen.stream().distinct()).hasSize(36);
    }

    /** 20.6: FMSUB is a * b - c, FNMSUB -(a * b) + c, FNMADD -(a * b) - c. */
    @Test
    void theOtherFusedFormsAreFmaddOfNegatedOperands() throws IOException {
        List<String> seen = new ArrayList<>();
        forEachCase(test -> {
            if (test.function.endsWith("mulAdd")) {
                String suffix = test.function.startsWith("f32") ? ".s" : ".d";
                long sign = test.function.startsWith("f32") ? 1L << 31 : 1L << 63;
                long[] in = test.operands;
                run(FloatInstruction.of("fmsub" + suffix), with(test, in[0], in[1], in[2] ^ sign));
                run(FloatInstruction.of("fnmsub" + suffix), with(test, in[0] ^ sign, in[1], in[2]));
                run(FloatInstruction.of("fnmadd" + suffix), with(test, in[0] ^ sign, in[1], in[2] ^ sign));
                seen.add(suffix);
            }
        });
        assertThat(seen).hasSize(2 * CASES);
    }

    private static Case with(Case test, long... operands) {
        return new Case(test.function, operands, test.results, test.flags);
    }
}
