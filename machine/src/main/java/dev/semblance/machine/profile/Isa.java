package dev.semblance.machine.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The instruction set of a hart (RISC-V unprivileged ISA, chapter 36, "ISA extension naming conventions"). All have Zicsr,
 * Zifencei and the supervisor instructions; those of {@code gc} also have Zicntr and do misaligned loads and stores of memory.
 */
public enum Isa {
    /** semu's: 32 bits, M and A. */
    RV32IMA("rv32ima", 32, false),
    /** 32 bits, general purpose and compressed: IMAFDC. */
    RV32GC("rv32gc", 32, true),
    /** 64 bits, general purpose and compressed: IMAFDC. */
    RV64GC("rv64gc", 64, true);

    private final String word;
    private final int xlen;
    private final boolean general;

    Isa(String word, int xlen, boolean general) {
        this.word = word;
        this.xlen = xlen;
        this.general = general;
    }

    /** {@return its name in options, scenarios and manifests, such as rv64gc} */
    public String word() {
        return word;
    }

    /**
     * {@return the set of a name, if there is one}
     *
     * @param word a name as {@link #word} has it
     */
    public static Optional<Isa> of(String word) {
        return Arrays.stream(values()).filter(isa -> isa.word.equals(word)).findFirst();
    }

    /** {@return how many bits an integer register has, 32 or 64} */
    public int xlen() {
        return xlen;
    }

    /** {@return whether registers have 64 bits} */
    public boolean is64() {
        return xlen == 64;
    }

    /** {@return whether F and D are there, floating point of single and double precision} */
    public boolean hasFloat() {
        return general;
    }

    /** {@return whether C is there, instructions of 16 bits} */
    public boolean hasCompressed() {
        return general;
    }

    /** {@return whether the CSR cycle is there (Zicntr), beside time and instret} */
    public boolean hasCycleCounter() {
        return general;
    }

    /** {@return whether the hart does misaligned loads and stores of memory; otherwise they trap} */
    public boolean doesMisaligned() {
        return general;
    }

    /**
     * {@return a value as a register of this width keeps it: sign-extended}
     *
     * @param value of which the low bits count
     */
    public long canonical(long value) {
        return is64() ? value : (int) value;
    }

    /** {@return the base, as device trees name it in riscv,isa-base: rv32i or rv64i} */
    public String base() {
        return "rv" + xlen + "i";
    }

    /** {@return the extensions, as device trees name them in riscv,isa-extensions} */
    public List<String> extensions() {
        return general
                ? Stream.of("i", "m", "a", "f", "d", "c", "zicntr", "zicsr", "zifencei", "svvptc")
                        .filter(name -> is64() || !name.equals("svvptc"))
                        .toList()
                : List.of("i", "m", "a", "zicsr", "zifencei");
    }

    /** {@return the older description of the same, as device trees have it in riscv,isa} */
    public String description() {
        return general ? "rv" + xlen + "imafdc_zicntr_zicsr_zifencei" : "rv32ima";
    }
}
