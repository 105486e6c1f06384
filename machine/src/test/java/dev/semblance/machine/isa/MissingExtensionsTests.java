package dev.semblance.machine.isa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Encodings of the unprivileged ISA and the privileged architecture, as GNU as 2.40 makes them; those that it does not know, by hand. */
class MissingExtensionsTests {

    /** Encoding, extension, mnemonic. */
    private static final String ENCODINGS = """
            0c0572d7 V vsetvli
            cd0272d7 V vsetivli
            80b572d7 V vsetvl
            022180d7 V vector arithmetic
            022550d7 V vector arithmetic
            02050087 V vector load
            02057087 V vector load
            020560a7 V vector store
            0ab55087 V vector load
            028500a7 V vector store
            00051507 Zfh flh
            00a51127 Zfh fsh
            04c5f553 Zfh half-precision arithmetic
            6cc5f543 Zfh fmadd.h
            40258553 Zfh fcvt.s.h
            42258553 Zfh fcvt.d.h
            00054507 Q flq
            06c5f553 Q quad-precision arithmetic
            20c5a533 Zba sh1add
            20c5e533 Zba sh3add
            08c5853b Zba add.uw
            20c5c53b Zba sh2add.uw
            0a15951b Zba slli.uw
            40c5f533 Zbb andn
            40c5e533 Zbb orn
            40c5c533 Zbb xnor
            60059513 Zbb clz
            60159513 Zbb ctz
            60259513 Zbb cpop
            60459513 Zbb sext.b
            60559513 Zbb sext.h
            0805c53b Zbb zext.h
            6005951b Zbb clzw
            6015951b Zbb ctzw
            6025951b Zbb cpopw
            0ac5c533 Zbb min
            0ac5d533 Zbb minu
            0ac5e533 Zbb max
            0ac5f533 Zbb maxu
            60c59533 Zbb rol
            60c5d533 Zbb ror
            6215d513 Zbb rori
            60c5953b Zbb rolw
            60c5d53b Zbb rorw
            6035d51b Zbb roriw
            2875d513 Zbb orc.b
            6b85d513 Zbb rev8
            0ac59533 Zbc clmul
            0ac5a533 Zbc clmulr
            0ac5b533 Zbc clmulh
            48c59533 Zbs bclr
            48c5d533 Zbs bext
            68c59533 Zbs binv
            28c59533 Zbs bset
            4a859513 Zbs bclri
            4a85d513 Zbs bexti
            6a859513 Zbs binvi
            2a859513 Zbs bseti
            08c5c533 Zbkb pack
            08c5f533 Zbkb packh
            08c5c53b Zbkb packw
            6875d513 Zbkb brev8
            28c5a533 Zbkx xperm4
            28c5c533 Zbkx xperm8
            10059513 Zk SHA-2
            10759513 Zk SHA-2
            10959513 Zk SM3
            32c58533 Zk aes64es
            36c58533 Zk aes64esm
            3ac58533 Zk aes64ds
            3ec58533 Zk aes64dsm
            30059513 Zk aes64im
            31359513 Zk aes64ks1i
            7ec58533 Zk aes64ks2
            0005200f Zicbom cbo.inval
            0015200f Zicbom cbo.clean
            0025200f Zicbom cbo.flush
            0045200f Zicboz cbo.zero
            00d00073 Zawrs wrs.nto
            01d00073 Zawrs wrs.sto
            16b50073 Svinval sinval.vma
            18000073 Svinval sfence.w.inval
            18100073 Svinval sfence.inval.ir
            22b50073 H hfence.vvma
            62b50073 H hfence.gvma
            6805c573 H hypervisor load or store
            6aa5c073 H hypervisor load or store
            26b50073 H hinval.vvma
            66b50073 H hinval.gvma
            0ec5d533 Zicond czero.eqz
            0ec5f533 Zicond czero.nez
            28b6252f Zacas amocas.w
            28b6352f Zacas amocas.d
            f0108553 Zfa fli.s
            2ac5a553 Zfa fminm
            4045f553 Zfa fround
            425475d3 Zfa froundnx
            c2859553 Zfa fcvtmod.w.d
            a0b54553 Zfa fleq
            a2b55553 Zfa fltq
            00c5852f Zabha atomic of a byte
            81c04573 Zimop mop.r
            82c5c573 Zimop mop.rr
            0000000b vendor custom-0
            6081 Zcmop c.mop
            8048 Zcb compressed load or store
            9d4d Zcb c.mul
            9d61 Zcb compressed arithmetic
            """;

    static Stream<List<String>> encodings() {
        return ENCODINGS.lines().map(line -> List.of(line.split(" ", 3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encodings")
    void anInstructionOfAnExtensionThatIsNotHereIsKnownByItsEncoding(List<String> encoding) {
        int bits = Integer.parseUnsignedInt(encoding.get(0), 16);
        assertThat(MissingExtensions.instruction(bits)).hasValueSatisfying(row -> {
            assertThat(row.extension()).contains(encoding.get(1));
            assertThat(row.mnemonic()).isEqualTo(encoding.get(2));
        });
    }

    /** With all operands that there can be, as far as chance finds them. */
    @Test
    void noInstructionThatAHartHasIsAmongThem() {
        Random random = new Random(2026);
        List<String> both = new ArrayList<>();
        for (Instruction instruction : InstructionSet.all()) {
            for (int i = 0; i < 2_000; i++) {
                int bits = instruction.match() | random.nextInt() & ~instruction.mask();
                if (InstructionSet.of(Isa.RV64GC).find(bits).op() != Op.ILLEGAL && !Disassembler.isCsrAccess(bits)) {
                    MissingExtensions.instruction(bits)
                            .ifPresent(row -> both.add(
                                    instruction.mnemonic() + " " + Integer.toHexString(bits) + " " + row.mnemonic()));
                }
            }
        }
        assertThat(both).isEmpty();
    }

    @Test
    void noParcelThatAHartHasIsAmongThem() {
        assertThat(IntStream.range(0, 0x1_0000)
                        .filter(parcel -> (parcel & 3) != 3)
                        .filter(parcel -> CompressedInstructions.expand(parcel, 64) != CompressedInstructions.NONE)
                        .filter(parcel -> MissingExtensions.instruction(parcel).isPresent()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0x008, V (vectors)",
        "0xc22, V (vectors)",
        "0x015, Zkr (entropy)",
        "0x14d, Sstc",
        "0x10a, since 1.12",
        "0x600, H (hypervisor)",
        "0x280, H (hypervisor)",
        "0xc03, Zihpm",
        "0xc83, Zihpm",
        "0xc00, Zicntr",
        "0xda0, Sscofpmf",
    })
    void aRegisterOfAnExtensionThatIsNotHereIsKnownByItsNumber(String csr, String extension) {
        assertThat(MissingExtensions.register(Integer.decode(csr)))
                .hasValueSatisfying(name -> assertThat(name).contains(extension));
    }

    @ParameterizedTest
    @CsvSource({"0x300", "0xf14", "0x100", "0x180", "0x5c0"})
    void registersOfMModeAndThoseOfNoExtensionAreNone(String csr) {
        assertThat(MissingExtensions.register(Integer.decode(csr))).isEmpty();
    }
}
