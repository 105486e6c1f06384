package dev.semblance.machine.cpu;

import dev.semblance.machine.fp.FloatStatus;
import dev.semblance.machine.fp.RoundingMode;
import dev.semblance.machine.memory.Ram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What the code of regions calls. The first step of an access asks whether it can be done here, and finds its translation as {@link Mmu}
 * would at this place; where the answer is no, the interpreter does the instruction, and finds the translation kept. The second step is the access.
 */
final class RegionRuntime {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    private RegionRuntime() {}

    private static int index(Object[] pages, long address) {
        return (int) (address >>> Ram.PAGE_SHIFT) & pages.length - 1;
    }

    private static long tag(long[] tags, long address) {
        return tags[(int) (address >>> Ram.PAGE_SHIFT) & tags.length - 1];
    }

    // ---- whether an access can be done here ---------------------------------------------------------------------

    static boolean canLoad1(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & PAGE) || mmu.regions.fillLoad(address, 1);
    }

    static boolean canLoad2(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & (PAGE | 1)) || mmu.regions.fillLoad(address, 2);
    }

    static boolean canLoad4(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & (PAGE | 3)) || mmu.regions.fillLoad(address, 4);
    }

    static boolean canLoad8(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & (PAGE | 7)) || mmu.regions.fillLoad(address, 8);
    }

    static boolean canStore1(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & PAGE) || mmu.regions.fillStore(address, 1);
    }

    static boolean canStore2(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & (PAGE | 1)) || mmu.regions.fillStore(address, 2);
    }

    static boolean canStore4(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & (PAGE | 3)) || mmu.regions.fillStore(address, 4);
    }

    static boolean canStore8(long[] tags, long address, Mmu mmu) {
        return tag(tags, address) == (address & (PAGE | 7)) || mmu.regions.fillStore(address, 8);
    }

    // ---- the access ---------------------------------------------------------------------------------------------

    static long lb(byte[][] pages, long address) {
        return pages[index(pages, address)][(int) address & 0xfff];
    }

    static long lbu(byte[][] pages, long address) {
        return pages[index(pages, address)][(int) address & 0xfff] & 0xff;
    }

    static long lh(byte[][] pages, long address) {
        return (short) SHORT.get(pages[index(pages, address)], (int) address & 0xffe);
    }

    static long lhu(byte[][] pages, long address) {
        return (short) SHORT.get(pages[index(pages, address)], (int) address & 0xffe) & 0xffff;
    }

    static long lw(byte[][] pages, long address) {
        return (int) INT.get(pages[index(pages, address)], (int) address & 0xffc);
    }

    static long lwu(byte[][] pages, long address) {
        return (int) INT.get(pages[index(pages, address)], (int) address & 0xffc) & 0xffff_ffffL;
    }

    static long ld(byte[][] pages, long address) {
        return (long) LONG.get(pages[index(pages, address)], (int) address & 0xff8);
    }

    static void sb(byte[][] pages, long address, long value) {
        pages[index(pages, address)][(int) address & 0xfff] = (byte) value;
    }

    static void sh(byte[][] pages, long address, long value) {
        SHORT.set(pages[index(pages, address)], (int) address & 0xffe, (short) value);
    }

    static void sw(byte[][] pages, long address, long value) {
        INT.set(pages[index(pages, address)], (int) address & 0xffc, (int) value);
    }

    static void sd(byte[][] pages, long address, long value) {
        LONG.set(pages[index(pages, address)], (int) address & 0xff8, value);
    }

    /** {@return what FLW writes to a register: a single in a box} */
    static long flw(byte[][] pages, long address) {
        return lwu(pages, address) | 0xffff_ffff_0000_0000L;
    }

    // ---- LR and SC ----------------------------------------------------------------------------------------------

    /** Reserves what LR loads. */
    static void reserve(HartState state, Mmu mmu, long address) {
        state.reservation = mmu.regions.loadedFrom(address);
    }

    /** {@return what SC.W writes to a register: 0 if it has stored, 1 if not; negative if it is to be interpreted} */
    static long storeConditional4(long[] tags, byte[][] pages, long address, long value, HartState state, Mmu mmu) {
        if (tag(tags, address) != (address & (PAGE | 3)) && !mmu.regions.fillConditionalStore(address, 4)) {
            return -1;
        }
        boolean success = takeReservation(state, mmu, address);
        if (success) {
            sw(pages, address, value);
        }
        return success ? 0 : 1;
    }

    /** The same for SC.D. */
    static long storeConditional8(long[] tags, byte[][] pages, long address, long value, HartState state, Mmu mmu) {
        if (tag(tags, address) != (address & (PAGE | 7)) && !mmu.regions.fillConditionalStore(address, 8)) {
            return -1;
        }
        boolean success = takeReservation(state, mmu, address);
        if (success) {
            sd(pages, address, value);
        }
        return success ? 0 : 1;
    }

    private static boolean takeReservation(HartState state, Mmu mmu, long address) {
        boolean success = state.reservation == mmu.regions.storedTo(address);
        state.reservation = -1;
        return success;
    }

    // ---- floating point -----------------------------------------------------------------------------------------

    static boolean isFloatOff(HartState state) {
        return (state.sstatus & HartState.FS) == 0;
    }

    static void setFloatDirty(HartState state) {
        state.sstatus |= HartState.FS;
    }

    /** {@return the rounding mode that frm says; {@link RoundingMode#ILLEGAL} if it is reserved} */
    static int dynamicRounding(FloatStatus status) {
        return RoundingMode.resolve(RoundingMode.DYN, status.frm());
    }
}
