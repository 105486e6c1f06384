package dev.semblance.harness.record.session;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.GuestImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Programs of a few RV32I instructions (RISC-V unprivileged ISA, chapter 2) for the machine without a kernel. */
public final class BarePrograms {

    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A6 = 16;
    private static final int A7 = 17;
    private static final int T0 = 5;
    private static final int S1 = 9;

    private static final int WFI = 0x1050_0073;
    private static final int ECALL = 0x0000_0073;
    private static final int FOREVER = 0x0000_006f;

    private static final DisplayConfig TWO = DisplayConfig.of(Display.of(64, 48), Display.of(32, 24));

    private final ByteBuffer code = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    private BarePrograms() {}

    /** Starts a program, with the serial port's address in s1. */
    public static BarePrograms program() {
        return new BarePrograms().lui(S1, 0xf4000);
    }

    /** Prints characters, one store each. */
    public BarePrograms print(String text) {
        text.chars().forEach(c -> addi(A0, 0, c).put(0x23 | S1 << 15 | A0 << 20));
        return this;
    }

    /** Waits for a byte of input (16550: LSR bit 0) and prints it. */
    public BarePrograms echo() {
        put(0x0000_0003 | 4 << 12 | T0 << 7 | S1 << 15 | 5 << 20); // lbu t0, 5(s1)
        put(0x0000_0013 | 7 << 12 | T0 << 7 | T0 << 15 | 1 << 20); // andi t0, t0, 1
        put(branchBack(T0, 8)); // beq t0, zero, -8
        put(0x0000_0003 | 4 << 12 | A0 << 7 | S1 << 15); // lbu a0, 0(s1)
        return put(0x0000_0023 | S1 << 15 | A0 << 20); // sb a0, 0(s1)
    }

    /** Waits for bytes of input and prints them, without end. */
    public SessionConfig echoing() {
        int start = code.position();
        echo();
        int offset = start - code.position();
        return put(0x6f
                        | (offset >> 20 & 1) << 31
                        | (offset >> 1 & 0x3ff) << 21
                        | (offset >> 11 & 1) << 20
                        | (offset >> 12 & 0xff) << 12)
                .config();
    }

    /** Counts down, for some thousands of cycles. */
    public BarePrograms delay(int thousands) {
        lui(T0, thousands / 2);
        addi(T0, T0, -1);
        return put(branchBack(T0, 4) ^ 1 << 12); // bne t0, zero, -4
    }

    /** Returns {@code beq rs1, zero, -distance}. */
    private static int branchBack(int register, int distance) {
        int offset = -distance;
        return 0x63
                | register << 15
                | (offset >> 12 & 1) << 31
                | (offset >> 5 & 0x3f) << 25
                | (offset >> 1 & 0xf) << 8
                | (offset >> 11 & 1) << 7;
    }

    /** Asks the firmware for a reset (SBI 2.0, chapter 10): type 0 is a shutdown, 1 a reboot. */
    public SessionConfig reset(int type) {
        lui(A7, 0x53525);
        addi(A7, A7, 0x354);
        addi(A6, 0, 0);
        addi(A0, 0, type);
        addi(A1, 0, 0);
        return put(ECALL).put(FOREVER).config();
    }

    /** Waits for an interrupt that nothing will send. */
    public SessionConfig idle() {
        return put(WFI).put(FOREVER).config();
    }

    /** Goes on forever. */
    public SessionConfig forever() {
        return put(FOREVER).config();
    }

    /** Runs into an illegal instruction, whose handler at address 0 is one too. */
    static SessionConfig stuck() {
        return new BarePrograms().put(0).config();
    }

    private SessionConfig config() {
        byte[] bytes = new byte[code.position()];
        code.get(0, bytes);
        return new SessionConfig(
                new SessionConfig.Start.Bare(GuestImage.of("program.bin", bytes)), Optional.empty(), 0, TWO);
    }

    private BarePrograms lui(int register, int upper) {
        return put(upper << 12 | register << 7 | 0x37);
    }

    private BarePrograms addi(int register, int source, int value) {
        return put((value & 0xfff) << 20 | source << 15 | register << 7 | 0x13);
    }

    private BarePrograms put(int instruction) {
        code.putInt(instruction);
        return this;
    }
}
