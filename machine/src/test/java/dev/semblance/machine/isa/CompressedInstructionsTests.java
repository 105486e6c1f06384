package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RISC-V unprivileged ISA, chapter 26, against what GNU objdump says of every parcel; README.md beside the resource. */
class CompressedInstructionsTests {

    /** A parcel and its text, such as {@code c.lwsp x1,4(x2)}. */
    private record Parcel(int bits, String text) {

        String mnemonic() {
            return text.split(" ", -1)[0];
        }

        /** The numbers of its operands: those of registers, and integers. */
        int[] numbers() {
            String[] words = text.split("[ ,()]+", 0);
            int[] numbers = new int[words.length - 1];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Integer.decode(words[i + 1].replaceFirst("^[xf]", ""));
            }
            return numbers;
        }
    }

    private static List<Parcel> parcels(int xlen) throws IOException {
        List<Parcel> parcels = new ArrayList<>();
        try (InputStream packed = Objects.requireNonNull(
                        CompressedInstructionsTests.class.getResourceAsStream("parcels.txt.gz"));
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(";", -1);
                String text = xlen == 32 || fields[2].equals("=") ? fields[1] : fields[2];
                parcels.add(new Parcel(Integer.parseInt(fields[0], 16), text));
            }
        }
        return parcels;
    }

    /** What 26.3 to 26.5 say of each instruction: "expands to". */
    private static int expected(Parcel parcel, int xlen) {
        int[] n = parcel.numbers();
        boolean reserved = xlen == 32 && n.length == 2 && n[1] > 31;
        return switch (parcel.mnemonic()) {
            case "none", "c.unimp" -> 0;
            case "c.addi4spn" -> i(0x13, 0, n[0], 2, n[2]);
            // Reserved with 0; objdump prints it all the same.
            case "c.addi16sp" -> n[1] == 0 ? 0 : i(0x13, 0, 2, 2, n[1]);
            case "c.lw", "c.lwsp" -> i(0x03, 2, n[0], n[2], n[1]);
            case "c.ld", "c.ldsp" -> i(0x03, 3, n[0], n[2], n[1]);
            case "c.flw", "c.flwsp" -> i(0x07, 2, n[0], n[2], n[1]);
            case "c.fld", "c.fldsp" -> i(0x07, 3, n[0], n[2], n[1]);
            case "c.sw", "c.swsp" -> s(0x23, 2, n[2], n[0], n[1]);
            case "c.sd", "c.sdsp" -> s(0x23, 3, n[2], n[0], n[1]);
            case "c.fsw", "c.fswsp" -> s(0x27, 2, n[2], n[0], n[1]);
            case "c.fsd", "c.fsdsp" -> s(0x27, 3, n[2], n[0], n[1]);
            case "c.addi" -> i(0x13, 0, n[0], n[0], n[1]);
            case "c.addiw" -> i(0x1b, 0, n[0], n[0], n[1]);
            case "c.li" -> i(0x13, 0, n[0], 0, n[1]);
            case "c.lui" -> n[1] << 12 | n[0] << 7 | 0x37;
            case "c.andi" -> i(0x13, 7, n[0], n[0], n[1]);
            // Shifts by more than 31 are not of RV32; objdump prints them all the same. The forms with 64 shift by 0.
            case "c.slli" -> reserved ? 0 : i(0x13, 1, n[0], n[0], n[1]);
            case "c.srli" -> reserved ? 0 : i(0x13, 5, n[0], n[0], n[1]);
            case "c.srai" -> reserved ? 0 : i(0x13, 5, n[0], n[0], n[1] | 0x400);
            case "c.slli64" -> i(0x13, 1, n[0], n[0], 0);
            case "c.srli64" -> i(0x13, 5, n[0], n[0], 0);
            case "c.srai64" -> i(0x13, 5, n[0], n[0], 0x400);
            case "c.sub" -> r(0x33, 0, 0x20, n[0], n[0], n[1]);
            case "c.xor" -> r(0x33, 4, 0, n[0], n[0], n[1]);
            case "c.or" -> r(0x33, 6, 0, n[0], n[0], n[1]);
            case "c.and" -> r(0x33, 7, 0, n[0], n[0], n[1]);
            case "c.subw" -> r(0x3b, 0, 0x20, n[0], n[0], n[1]);
            case "c.addw" -> r(0x3b, 0, 0, n[0], n[0], n[1]);
            case "c.mv" -> r(0x33, 0, 0, n[0], 0, n[1]);
            case "c.add" -> r(0x33, 0, 0, n[0], n[0], n[1]);
            case "c.jr" -> i(0x67, 0, 0, n[0], 0);
            case "c.jalr" -> i(0x67, 0, 1, n[0], 0);
            case "c.j" -> Encoder.encode("jal", 0, 0, 0, n[0]);
            case "c.jal" -> Encoder.encode("jal", 1, 0, 0, n[0]);
            case "c.beqz" -> Encoder.encode("beq", 0, n[0], 0, n[1]);
            case "c.bnez" -> Encoder.encode("bne", 0, n[0], 0, n[1]);
            case "c.ebreak" -> 0x0010_0073;
            default -> throw new IllegalStateException(parcel.text);
        };
    }

    private static int i(int opcode, int funct3, int rd, int rs1, int immediate) {
        return (immediate & 0xfff) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int s(int opcode, int funct3, int rs1, int rs2, int immediate) {
        return immediate >> 5 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (immediate & 0x1f) << 7 | opcode;
    }

    private static int r(int opcode, int funct3, int funct7, int rd, int rs1, int rs2) {
        return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    @ParameterizedTest(name = "RV{0}")
    @ValueSource(ints = {32, 64})
    void everyParcelExpandsToWhatItsTextSays(int xlen) throws IOException {
        List<Parcel> parcels = parcels(xlen);
        assertThat(parcels).hasSize(49_152);
        List<String> wrong = new ArrayList<>();
        for (Parcel parcel : parcels) {
            int expanded = CompressedInstructions.expand(parcel.bits, xlen);
            if (expanded != expected(parcel, xlen)) {
                wrong.add(Integer.toHexString(parcel.bits) + " " + parcel.text + " " + Integer.toHexString(expanded));
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** 26.8: those with both of the low bits set are the first halves of longer instructions. */
    @Test
    void halvesOfLongerInstructionsAreNoCompressedOnes() {
        for (int parcel = 3; parcel < 0x1_0000; parcel += 4) {
            assertThat(CompressedInstructions.expand(parcel, 64)).isZero();
        }
    }

    @Test
    void whatLiesAboveAParcelDoesNotCount() {
        for (int parcel = 0; parcel < 0x1_0000; parcel++) {
            assertThat(CompressedInstructions.expand(parcel | 0xa5a5_0000, 64))
                    .isEqualTo(CompressedInstructions.expand(parcel, 64));
            assertThat(CompressedInstructions.expand(parcel | 0xffff_0000, 32))
                    .isEqualTo(CompressedInstructions.expand(parcel, 32));
        }
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "0000, all zeros (26.5)",
        "0004, c.addi4spn with 0",
        "2001, c.addiw with rd x0",
        "6101, c.addi16sp with 0",
        "6081, c.lui with 0",
        "9c41, c.mul: Zcb",
        "9c61, c.zext.b: Zcb",
        "8000, c.lbu: Zcb",
        "4002, c.lwsp with rd x0",
        "6002, c.ldsp with rd x0",
        "8002, c.jr with rs1 x0",
    })
    void whatIsReservedOrOfOtherExtensionsIsNoInstruction(String hex, String why) {
        assertThat(CompressedInstructions.expand(Integer.parseInt(hex, 16), 64))
                .as(why)
                .isEqualTo(CompressedInstructions.NONE);
    }

    /** 26.7: hints write x0, add or shift by 0; they are executed, and do nothing. */
    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "0001, 00000013, c.nop",
        "0005, 00100013, c.nop with an immediate",
        "0081, 00008093, c.addi with 0",
        "4005, 00100013, c.li to x0",
        "6005, 00001037, c.lui to x0",
        "8006, 00100033, c.mv to x0",
        "9006, 00100033, c.add to x0",
        "0006, 00101013, c.slli of x0",
        "0082, 00009093, c.slli by 0",
        "8001, 00045413, c.srli by 0",
    })
    void hintsExpandToInstructionsThatDoNothing(String parcel, String expansion, String what) {
        assertThat(CompressedInstructions.expand(Integer.parseInt(parcel, 16), 64))
                .as(what)
                .isEqualTo(Integer.parseUnsignedInt(expansion, 16));
    }

    /** 26.3 to 26.5: RV32 has other instructions in some places, and some of RV64's not at all. */
    @ParameterizedTest(name = "{3}")
    @CsvSource({
        "6000, 00042407, 00043403, c.flw and c.ld",
        "e000, 00842027, 00843023, c.fsw and c.sd",
        "6082, 00012087, 00013083, c.flwsp and c.ldsp",
        "6002, 00012007, 00000000, c.flwsp to f0 and c.ldsp to x0",
        "e006, 00112027, 00113023, c.fswsp and c.sdsp",
        "2085, 060000ef, 0010809b, c.jal and c.addiw",
        "9c09, 00000000, 40a4043b, c.subw",
        "9c29, 00000000, 00a4043b, c.addw",
        "1082, 00000000, 02009093, c.slli by 32",
        "9001, 00000000, 02045413, c.srli by 32",
        "9401, 00000000, 42045413, c.srai by 32",
    })
    void whatAParcelIsHangsOnTheWidth(String parcel, String narrow, String wide, String what) {
        int bits = Integer.parseInt(parcel, 16);
        assertThat(CompressedInstructions.expand(bits, 32)).as(what).isEqualTo(Integer.parseUnsignedInt(narrow, 16));
        assertThat(CompressedInstructions.expand(bits, 64)).as(what).isEqualTo(Integer.parseUnsignedInt(wide, 16));
    }
}
