package dev.semblance.machine.cpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/**
 * A hart that does one instruction after the other, straight from its encoding, in the plainest way: what the specification
 * says and no more. RV32IMA in S and U mode, translated by a {@link ReferenceMmu}, memory from 0 and nothing beyond it;
 * ECALL from S-mode does nothing. Written to be compared with; nothing here comes from the real one.
 */
final class ReferenceHart {

    final int[] x = new int[32];
    final ByteBuffer memory;
    final ReferenceMmu mmu;
    int pc;
    boolean supervisor = true;
    long cycle;
    long instret;
    int sstatus;
    int sie;
    int sip;
    int stvec;
    int sscratch;
    int sepc;
    int scause;
    int stval;
    private long reservation = -1;

    static final class GuestException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int cause;
        final int value;

        GuestException(int cause, int value) {
            super(null, null, false, false);
            this.cause = cause;
            this.value = value;
        }
    }

    ReferenceHart(int size) {
        memory = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        mmu = new ReferenceMmu(memory);
    }

    /** A device writes a word. */
    void deviceWrite(int address, int value) {
        memory.putInt(address, value);
        if (reservation == address) {
            reservation = -1;
        }
    }

    /** Takes an interrupt if there is one to take, then attempts one instruction. */
    void step() {
        int pending = sip & sie;
        if (pending != 0 && (!supervisor || (sstatus & 2) != 0)) {
            int cause = (pending & 1 << 9) != 0 ? 9 : (pending & 1 << 1) != 0 ? 1 : 5;
            trap(1 << 31 | cause, 0);
            if ((stvec & 3) == 1) {
                pc += 4 * cause;
            }
        }
        try {
            int[] before = x.clone();
            try {
                int next = execute(load(pc, 4, 1, 1));
                x[0] = 0;
                pc = next;
                instret++;
            } catch (GuestException e) {
                System.arraycopy(before, 0, x, 0, 32);
                trap(e.cause, e.value);
            }
        } finally {
            cycle++;
        }
    }

    private void trap(int cause, int value) {
        scause = cause;
        stval = value;
        sepc = pc;
        int status = sstatus & ~(1 << 1 | 1 << 5 | 1 << 8);
        if ((sstatus & 1 << 1) != 0) {
            status |= 1 << 5;
        }
        if (supervisor) {
            status |= 1 << 8;
        }
        sstatus = status;
        supervisor = true;
        reservation = -1;
        pc = stvec & ~3;
    }

    private int load(int address, int width, int misaligned, int fault) {
        if (Integer.remainderUnsigned(address, width) != 0) {
            throw new GuestException(misaligned, address);
        }
        int physical = translate(address, fault);
        return switch (width) {
            case 1 -> memory.get(physical);
            case 2 -> memory.getShort(physical);
            default -> memory.getInt(physical);
        };
    }

    /** Returns where in memory an access goes whose access fault is {@code fault}. */
    private int translate(int address, int fault) {
        long physical = mmu.translate(address, fault, supervisor, sstatus);
        if (physical >= memory.capacity()) {
            throw new GuestException(fault, address);
        }
        return (int) physical;
    }

    private void store(int address, int width, int value) {
        load(address, width, 6, 7);
        int physical = translate(address, 7);
        switch (width) {
            case 1 -> memory.put(physical, (byte) value);
            case 2 -> memory.putShort(physical, (short) value);
            default -> memory.putInt(physical, value);
        }
    }

    private static int jump(int target) {
        if (target % 4 != 0) {
            throw new GuestException(0, target);
        }
        return target;
    }

    /** Executes an encoding and returns the next pc. */
    private int execute(int i) {
        int rd = i >> 7 & 31;
        int a = x[i >> 15 & 31];
        int b = x[i >> 20 & 31];
        int funct3 = i >> 12 & 7;
        int iImmediate = i >> 20;
        int sImmediate = i >> 25 << 5 | i >> 7 & 31;
        switch (i & 0x7f) {
            case 0x37 -> x[rd] = i & ~0xfff;
            case 0x17 -> x[rd] = pc + (i & ~0xfff);
            case 0x6f -> {
                int offset = (i >> 31) * (1 << 20)
                        + (i >> 12 & 0xff) * (1 << 12)
                        + (i >> 20 & 1) * (1 << 11)
                        + (i >> 21 & 0x3ff) * 2;
                int target = jump(pc + offset);
                x[rd] = pc + 4;
                return target;
            }
            case 0x67 -> {
                if (funct3 != 0) {
                    throw illegal(i);
                }
                int target = jump(a + iImmediate & ~1);
                x[rd] = pc + 4;
                return target;
            }
            case 0x63 -> {
                boolean taken = switch (funct3) {
                    case 0 -> a == b;
                    case 1 -> a != b;
                    case 4 -> a < b;
                    case 5 -> a >= b;
                    case 6 -> Integer.compareUnsigned(a, b) < 0;
                    case 7 -> Integer.compareUnsigned(a, b) >= 0;
                    default -> throw illegal(i);
                };
                int offset = (i >> 31) * (1 << 12)
                        + (i >> 7 & 1) * (1 << 11)
                        + (i >> 25 & 0x3f) * (1 << 5)
                        + (i >> 8 & 0xf) * 2;
                return taken ? jump(pc + offset) : pc + 4;
            }
            case 0x03 ->
                x[rd] = switch (funct3) {
                    case 0 -> load(a + iImmediate, 1, 4, 5);
                    case 1 -> load(a + iImmediate, 2, 4, 5);
                    case 2 -> load(a + iImmediate, 4, 4, 5);
                    case 4 -> load(a + iImmediate, 1, 4, 5) & 0xff;
                    case 5 -> load(a + iImmediate, 2, 4, 5) & 0xffff;
                    default -> throw illegal(i);
                };
            case 0x23 -> {
                if (funct3 > 2) {
                    throw illegal(i);
                }
                store(a + sImmediate, 1 << funct3, b);
            }
            case 0x13 -> x[rd] = immediateOperation(i, funct3, a, iImmediate);
            case 0x33 -> x[rd] = registerOperation(i, i >>> 25, funct3, a, b);
            case 0x0f -> {
                if (funct3 > 1) {
                    throw illegal(i);
                }
            }
            case 0x2f -> x[rd] = atomic(i, a, b);
            case 0x73 -> {
                return system(i, funct3, rd, a);
            }
            default -> throw illegal(i);
        }
        return pc + 4;
    }

    private static GuestException illegal(int i) {
        return new GuestException(2, i);
    }

    private static int immediateOperation(int i, int funct3, int a, int immediate) {
        int funct7 = i >>> 25;
        int shift = immediate & 31;
        return switch (funct3) {
            case 0 -> a + immediate;
            case 1 -> {
                if (funct7 != 0) {
                    throw illegal(i);
                }
                yield a << shift;
            }
            case 2 -> a < immediate ? 1 : 0;
            case 3 -> Integer.compareUnsigned(a, immediate) < 0 ? 1 : 0;
            case 4 -> a ^ immediate;
            case 5 ->
                switch (funct7) {
                    case 0 -> a >>> shift;
                    case 0x20 -> a >> shift;
                    default -> throw illegal(i);
                };
            case 6 -> a | immediate;
            default -> a & immediate;
        };
    }

    private static int registerOperation(int i, int funct7, int funct3, int a, int b) {
        long signedA = a;
        long unsignedA = Integer.toUnsignedLong(a);
        long unsignedB = Integer.toUnsignedLong(b);
        return switch (funct7 << 4 | funct3) {
            case 0x000 -> a + b;
            case 0x200 -> a - b;
            case 0x001 -> a << (b & 31);
            case 0x002 -> a < b ? 1 : 0;
            case 0x003 -> unsignedA < unsignedB ? 1 : 0;
            case 0x004 -> a ^ b;
            case 0x005 -> a >>> (b & 31);
            case 0x205 -> a >> (b & 31);
            case 0x006 -> a | b;
            case 0x007 -> a & b;
            case 0x010 -> a * b;
            case 0x011 -> Math.toIntExact(Math.multiplyFull(a, b) >> 32);
            case 0x012 -> Math.toIntExact(signedA * unsignedB >> 32);
            case 0x013 -> (int) Math.unsignedMultiplyHigh(unsignedA << 32, unsignedB);
            case 0x014 -> b == 0 ? -1 : (int) (signedA / b);
            case 0x015 -> b == 0 ? -1 : (int) (unsignedA / unsignedB);
            case 0x016 -> b == 0 ? a : (int) (signedA % b);
            case 0x017 -> b == 0 ? a : (int) (unsignedA % unsignedB);
            default -> throw illegal(i);
        };
    }

    private int atomic(int i, int address, int b) {
        int funct5 = i >>> 27;
        boolean known = (i >> 12 & 7) == 2
                && switch (funct5) {
                    case 0, 1, 3, 4, 8, 12, 16, 20, 24, 28 -> true;
                    case 2 -> (i >> 20 & 31) == 0;
                    default -> false;
                };
        if (!known) {
            throw illegal(i);
        }
        if (funct5 == 2) {
            int value = load(address, 4, 4, 5);
            reservation = translate(address, 5);
            return value;
        }
        int old = load(address, 4, 6, 7);
        if (funct5 == 3) {
            boolean success = reservation == translate(address, 7);
            reservation = -1;
            if (success) {
                store(address, 4, b);
            }
            return success ? 0 : 1;
        }
        store(
                address,
                4,
                switch (funct5) {
                    case 0 -> old + b;
                    case 1 -> b;
                    case 4 -> old ^ b;
                    case 8 -> old | b;
                    case 12 -> old & b;
                    case 16 -> old < b ? old : b;
                    case 20 -> old > b ? old : b;
                    case 24 -> Integer.compareUnsigned(old, b) < 0 ? old : b;
                    default -> Integer.compareUnsigned(old, b) > 0 ? old : b;
                });
        return old;
    }

    private int system(int i, int funct3, int rd, int a) {
        switch (i) {
            case 0x0000_0073 -> {
                if (!supervisor) {
                    throw new GuestException(8, 0);
                }
                return pc + 4;
            }
            case 0x0010_0073 -> throw new GuestException(3, pc);
            case 0x1020_0073 -> {
                if (!supervisor) {
                    throw illegal(i);
                }
                supervisor = (sstatus & 1 << 8) != 0;
                int status = sstatus & ~(1 << 1 | 1 << 8) | 1 << 5;
                if ((sstatus & 1 << 5) != 0) {
                    status |= 1 << 1;
                }
                sstatus = status;
                reservation = -1;
                return sepc;
            }
            default -> {
                if ((i & 0xfe00_7fff) == 0x1200_0073 && supervisor) {
                    if ((i >> 15 & 31) == 0) {
                        mmu.fence();
                    } else {
                        mmu.fence(a);
                    }
                    return pc + 4;
                }
                if (funct3 == 0 || funct3 == 4) {
                    throw illegal(i);
                }
            }
        }
        int csr = i >>> 20;
        int operand = funct3 > 4 ? i >> 15 & 31 : a;
        boolean writes = funct3 % 4 == 1 || (i >> 15 & 31) != 0;
        int old = readCsr(i, csr);
        if (writes) {
            if (csr >= 0xc00) {
                throw illegal(i);
            }
            writeCsr(
                    csr,
                    switch (funct3 % 4) {
                        case 1 -> operand;
                        case 2 -> old | operand;
                        default -> old & ~operand;
                    });
        }
        x[rd] = old;
        return pc + 4;
    }

    private int readCsr(int i, int csr) {
        if (csr < 0xc00 && !supervisor) {
            throw illegal(i);
        }
        return switch (csr) {
            case 0x100 -> sstatus;
            case 0x104 -> sie;
            case 0x105 -> stvec;
            case 0x140 -> sscratch;
            case 0x141 -> sepc;
            case 0x142 -> scause;
            case 0x143 -> stval;
            case 0x144 -> sip;
            case 0x180 -> mmu.satp;
            case 0xc01 -> (int) cycle;
            case 0xc02 -> (int) instret;
            case 0xc81 -> (int) (cycle >> 32);
            case 0xc82 -> (int) (instret >> 32);
            default -> throw illegal(i);
        };
    }

    private void writeCsr(int csr, int value) {
        switch (csr) {
            case 0x100 -> {
                if (((sstatus ^ value) & 1 << 19) != 0) {
                    mmu.fence();
                }
                sstatus = value & 0x000c_0122;
            }
            case 0x104 -> sie = value & 0x222;
            case 0x105 -> stvec = value & ~2;
            case 0x140 -> sscratch = value;
            case 0x141 -> sepc = value & ~3;
            case 0x142 -> scause = value;
            case 0x143 -> stval = value;
            case 0x180 -> {
                mmu.satp = value & 0x803f_ffff;
                mmu.fence();
            }
            default -> sip = sip & ~2 | value & 2;
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "cycle %d instret %d pc %x %s x %s sstatus %x sie %x sip %x sepc %x scause %x stval %x sscratch %x stvec %x satp %x",
                cycle,
                instret,
                pc,
                supervisor ? "S" : "U",
                Arrays.toString(x),
                sstatus,
                sie,
                sip,
                sepc,
                scause,
                stval,
                sscratch,
                stvec,
                mmu.satp);
    }
}
