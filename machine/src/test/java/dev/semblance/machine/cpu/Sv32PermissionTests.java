package dev.semblance.machine.cpu;

import static dev.semblance.machine.cpu.PageTables.A;
import static dev.semblance.machine.cpu.PageTables.D;
import static dev.semblance.machine.cpu.PageTables.R;
import static dev.semblance.machine.cpu.PageTables.U;
import static dev.semblance.machine.cpu.PageTables.V;
import static dev.semblance.machine.cpu.PageTables.W;
import static dev.semblance.machine.cpu.PageTables.X;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.semblance.machine.isa.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every combination of a leaf's flags with mode, SUM, MXR and kind of access, for pages and superpages: privileged
 * architecture, 12.3.1 and the algorithm of 12.3.2.
 */
class Sv32PermissionTests {

    private static final long CODE = 0x2000;
    private static final long PAGE = 0x0140_5000;
    private static final long SUPERPAGE = 0x0180_5000;
    private static final long TARGET = 0x0040_5000;

    private enum Access {
        FETCH(12),
        LOAD(13),
        STORE(15);

        final int pageFault;

        Access(int pageFault) {
            this.pageFault = pageFault;
        }
    }

    @TestFactory
    Stream<DynamicTest> everyCombinationIsAllowedOrFaultsAsTheAlgorithmSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Privilege mode : Privilege.values()) {
            for (boolean sum : new boolean[] {false, true}) {
                for (boolean mxr : new boolean[] {false, true}) {
                    tests.add(dynamicTest(
                            String.format(Locale.ROOT, "%s, SUM %b, MXR %b", mode, sum, mxr),
                            () -> tryAll(mode, sum, mxr)));
                }
            }
        }
        return tests.stream();
    }

    private static void tryAll(Privilege mode, boolean sum, boolean mxr) {
        TestHart hart = new TestHart();
        PageTables tables = new PageTables(hart.ram);
        boolean user = mode == Privilege.USER;
        tables.map(CODE, CODE, V | R | X | A | (user ? U : 0));
        hart.load(CODE, "lw a0, 0(a1)\nsw a0, 0(a1)");
        hart.ram.putInt(TARGET, Encoder.encode("addi", 12, 0, 0, 7));
        hart.state.stvec = 0x1000;
        int status = (sum ? HartState.SUM : 0) | (mxr ? HartState.MXR : 0);
        for (int flags = 0; flags < 256; flags++) {
            for (Access access : Access.values()) {
                for (boolean superpage : new boolean[] {false, true}) {
                    long virtual = superpage ? SUPERPAGE : PAGE;
                    long entryAt = superpage ? PageTables.rootAddress(virtual) : tables.leafAddress(virtual);
                    int entry = PageTables.entry(superpage ? 0x40_0000 : TARGET, flags);
                    hart.ram.putInt(entryAt, entry);
                    hart.state.sstatus = status;
                    long pc = switch (access) {
                        case FETCH -> virtual;
                        case LOAD -> CODE;
                        case STORE -> CODE + 4;
                    };
                    hart.enter(mode, pc);
                    hart.state.satp = PageTables.satp();
                    hart.set("a0", 0x0070_0613).set("a1", virtual).set("a2", 0).step(1);

                    String what =
                            String.format(Locale.ROOT, "flags %02x %s%s", flags, access, superpage ? " superpage" : "");
                    if (allowed(flags, access, user, sum, mxr)) {
                        assertThat(hart.state.pc()).as(what).isEqualTo(pc + 4);
                        int stored = entry | A | (access == Access.STORE ? D : 0);
                        assertThat(hart.ram.getInt(entryAt)).as(what).isEqualTo(stored);
                        if (access == Access.FETCH) {
                            assertThat(hart.get("a2")).as(what).isEqualTo(7);
                        }
                    } else {
                        hart.assertTrapped(access.pageFault, pc, virtual);
                        assertThat(hart.ram.getInt(entryAt)).as(what).isEqualTo(entry);
                    }
                    hart.state.satp = 0;
                }
            }
        }
    }

    private static boolean allowed(int flags, Access access, boolean user, boolean sum, boolean mxr) {
        boolean v = (flags & V) != 0;
        boolean r = (flags & R) != 0;
        boolean w = (flags & W) != 0;
        boolean x = (flags & X) != 0;
        boolean u = (flags & U) != 0;
        if (!v || w && !r || !r && !x) {
            // The last is a pointer to a table that holds zeros, or, at the second level, to nothing.
            return false;
        }
        if (user && !u || !user && u && (!sum || access == Access.FETCH)) {
            return false;
        }
        return switch (access) {
            case FETCH -> x;
            case LOAD -> r || mxr && x;
            case STORE -> w;
        };
    }
}
