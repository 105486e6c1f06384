package dev.semblance.machine.differential;

import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.RegisterFile;

/** What of a random program concerns traps, CSRs, interrupts, and code that is written. */
final class SystemItems {

    /** Registers of S-mode that are read at any time, and such as are not there, or not for this mode. */
    private static final int[] READABLE = {0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144};

    private static final int[] NOT_THERE = {
        0x004, 0x0c0, 0x200, 0x241, 0x300, 0x305, 0x341, 0x344, 0x5c0, 0x643, 0x800, 0xb00, 0xcc0, 0xf14
    };
    private static final int[] READ_ONLY = {0xc00, 0xc01, 0xc02};

    private static final int SEPC = 0x141;
    private static final int FLOAT_STATE = 3 << 13;

    private final Stretch to;
    private final MemoryItems memory;

    SystemItems(Stretch to, MemoryItems memory) {
        this.to = to;
        this.memory = memory;
    }

    /** Code that is written just before it is executed. */
    void writeCode() {
        RowPool.Parcel parcel = to.pool.parcel(Kind.COMPUTATION, to.random);
        RowPool.Parcel before = to.pool.parcel(Kind.COMPUTATION, to.random);
        if (!to.mayWrite(Stretch.rd(parcel.expanded())) || !to.mayWrite(Stretch.rd(before.expanded()))) {
            return;
        }
        int at = to.register();
        to.keep(at);
        int value = to.register();
        to.put("lui", value, 0, 0, parcel.bits() + 0x800 >>> 12);
        to.put("addi", value, value, 0, parcel.bits() << 20 >> 20);
        int start = to.code.position();
        to.put("auipc", at, 0, 0, 0);
        int store = to.code.position();
        to.put("sh", 0, at, value, 0);
        to.put("fence.i", 0, 0, 0, 0);
        to.release(at);
        to.code.replace(store, Encoder.encode("sh", 0, at, value, to.code.position() - start));
        to.put(before.bits());
    }

    /** What U-mode must not do. WFI may wait for a while there (3.3.3), but neither machine does. */
    void forbidden() {
        Kind[] kinds = {Kind.RETURN, Kind.WAIT, Kind.TRANSLATION_FENCE};
        to.put(to.pool.encode(to.pool.row(kinds[to.random.nextInt(kinds.length)], to.random), to.random));
    }

    void illegal() {
        int bits = to.pool.illegal(to.random);
        to.put(bits);
    }

    /** A read that is allowed or not; what counts time is read and forgotten, since two machines do not count alike. */
    void csr() {
        int kind = to.random.nextInt(10);
        Instruction row = to.pool.row(Kind.CSR, to.random);
        boolean immediate = row.format() == Format.CSR_IMMEDIATE;
        String mnemonic = row.mnemonic();
        if (kind < 3) {
            to.put(mnemonic, to.register(), to.random.nextInt(32), 0, NOT_THERE[to.random.nextInt(NOT_THERE.length)]);
        } else if (kind < 5) {
            int rd = to.register();
            to.put("csrrs", rd, 0, 0, READ_ONLY[to.random.nextInt(READ_ONLY.length)] + (to.chance(30) ? 0x80 : 0));
            to.put("addi", rd, 0, 0, to.random.nextInt(100));
        } else if (kind < 6) {
            to.put(
                    mnemonic.startsWith("csrrw") ? mnemonic : "csrrwi",
                    to.register(),
                    1 + to.random.nextInt(31),
                    0,
                    READ_ONLY[to.random.nextInt(READ_ONLY.length)]);
        } else if (kind < 8) {
            to.put(
                    mnemonic.startsWith("csrrw") ? "csrrs" : mnemonic,
                    to.register(),
                    0,
                    0,
                    READABLE[to.random.nextInt(READABLE.length)]);
        } else if (to.view == View.USER) {
            to.put(mnemonic, to.register(), to.random.nextInt(32), 0, READABLE[to.random.nextInt(READABLE.length)]);
        } else {
            // They hold anything, or what of it they can; the handler does not need them.
            int csr = SEPC + to.random.nextInt(3);
            int value = to.register();
            to.put("andi", value, 1 + to.random.nextInt(31), 0, csr == SEPC ? -2 : -1);
            // QEMU 7.2 keeps sepc[0], which is always 0 (12.1.7).
            to.put(mnemonic, to.register(), immediate ? to.random.nextInt(16) * 2 : value, 0, csr);
            to.put("csrrs", to.register(), 0, 0, csr);
        }
    }

    void any() {
        switch (to.random.nextInt(7)) {
            case 0 -> {
                int value = to.register();
                to.put("lui", value, 0, 0, 1 << 6 + to.random.nextInt(2));
                to.put(to.chance(50) ? "csrrs" : "csrrc", to.register(), value, 0, 0x100);
            }
            case 1 -> floatState();
            case 2 -> returnToNext();
            case 3 -> interrupt();
            case 5 -> executableOnly();
            case 4 -> {
                to.put("csrrwi", 0, to.random.nextInt(8), 0, 0x106);
                to.put("csrrs", to.register(), 0, 0, 0x106);
            }
            default -> memory.fence(to.layout.slot(0), to.random.nextInt(0x1000), to.chance(50));
        }
    }

    /**
     * FS is set to one of its states, an instruction executed, and FS looked at. The instruction is one that writes a floating-point
     * register or fcsr: QEMU 7.2 leaves FS as it is where only flags are written.
     */
    private void floatState() {
        int state = to.random.nextInt(3);
        int off = to.register();
        to.put("lui", off, 0, 0, FLOAT_STATE >> 12);
        to.put("csrrc", 0, off, 0, 0x100);
        if (state != 0) {
            int value = to.register();
            to.put("lui", value, 0, 0, state == 1 ? 2 : 4);
            to.put("csrrs", 0, value, 0, 0x100);
        }
        Instruction row = to.pool.row(Kind.FLOAT, to.random);
        while (state != 0 && row.format().result() != RegisterFile.F) {
            row = to.pool.row(Kind.FLOAT, to.random);
        }
        int kind = to.random.nextInt(10);
        if (kind < 6) {
            to.put(to.encode(row));
        } else if (kind < 8) {
            to.loadFloat(to.random.nextInt(32), to.constants.floating(to.random));
        } else if (kind < 9) {
            // CSRRS and CSRRC of a register that holds 0 are writes too (7.1), and none for QEMU 7.2.
            to.put("csrrw", to.register(), to.random.nextInt(32), 0, 1 + to.random.nextInt(3));
        }
        to.put("csrrs", to.register(), 0, 0, 0x100);
        to.checkpoint();
    }

    /** Loads from what can only be executed, with MXR and without (12.1.1.2). */
    private void executableOnly() {
        int base = to.register();
        int bit = base;
        while (bit == base) {
            bit = to.register();
        }
        long address = to.view == View.BARE
                ? memory.safeAddress()
                : to.layout.slot(Layout.LANDING_SLOT + to.random.nextInt(Layout.SLOTS - Layout.LANDING_SLOT));
        to.loadConstant(base, to.pointer(address));
        to.put("lui", bit, 0, 0, 0x80);
        to.keep(base);
        to.keep(bit);
        for (int i = 0; i < 2; i++) {
            to.put("csrrs", to.register(), bit, 0, 0x100);
            to.put("lw", to.register(), base, 0, 0);
            to.put("csrrc", to.register(), bit, 0, 0x100);
            to.put("lw", to.register(), base, 0, 0);
        }
        to.release(base);
        to.release(bit);
    }

    private void returnToNext() {
        int target = to.register();
        int start = to.code.position();
        to.put("auipc", target, 0, 0, 0);
        int addition = to.code.position();
        to.put("addi", target, target, 0, 0);
        to.put("csrrw", 0, target, 0, 0x141);
        to.put("addi", target, 0, 0, 0x100);
        to.put("csrrs", 0, target, 0, 0x100);
        to.put("sret", 0, 0, 0, 0);
        to.computation();
        to.code.replace(addition, Encoder.encode("addi", target, target, 0, to.code.position() - start));
    }

    /** A software interrupt: pending, perhaps waited for, and taken as soon as SIE is set. The handler clears it. */
    private void interrupt() {
        to.put("csrrci", 0, 2, 0, 0x100);
        to.put("csrrwi", 0, 2, 0, 0x104);
        to.put("csrrsi", 0, 2, 0, 0x144);
        if (to.chance(50)) {
            to.put("wfi", 0, 0, 0, 0);
        }
        to.put("csrrs", to.register(), 0, 0, 0x144);
        to.put("csrrsi", 0, 2, 0, 0x100);
        to.computation();
        to.put("csrrci", 0, 2, 0, 0x100);
        to.put("csrrwi", 0, 0, 0, 0x104);
    }
}
