package dev.semblance.machine.differential;

import dev.semblance.machine.differential.Constants.Sort;
import dev.semblance.machine.isa.Encoder;
import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;

/** What of a random program concerns memory and translation: accesses, atomics, page tables that change, jumps to other pages. */
final class MemoryItems {

    private final Stretch to;
    private final PageTableImage tables;

    MemoryItems(Stretch to, PageTableImage tables) {
        this.to = to;
        this.tables = tables;
    }

    /** Returns an address in the data region: anywhere, or around the end of a page. */
    private long inSlot(int slot) {
        int offset = to.chance(40)
                ? Layout.PAGE - to.random.nextInt(9)
                : to.chance(30) ? to.random.nextInt(8) : to.random.nextInt(Layout.PAGE);
        return to.layout.slot(slot) + offset;
    }

    /** Returns a slot that may be accessed anywhere, also from the ends of those beside it. */
    private int anySlot() {
        while (true) {
            int slot = to.random.nextInt(Layout.SLOTS);
            if (Math.abs(slot - Layout.NOTHING_SLOT) > 2) {
                return slot;
            }
        }
    }

    private long dataAddress() {
        int kind = to.random.nextInt(100);
        if (to.view == View.BARE || kind < 14 && to.view == View.SUPERVISOR) {
            return PageTableImage.frame(1) + to.random.nextInt((Layout.DATA_FRAMES - 2) * Layout.PAGE);
        }
        if (kind < 80) {
            return inSlot(anySlot());
        }
        if (kind < 94) {
            int region = Layout.SUPERPAGE_REGION + to.random.nextInt(3);
            return to.layout.region(region) + to.random.nextInt(2 * Layout.PAGE);
        }
        if (kind < 97) {
            return to.layout.region(Layout.EMPTY_REGION) + to.random.nextInt(Layout.PAGE);
        }
        // Sv39 has 39 bits, of which the last counts for the rest (12.4.1).
        return inSlot(anySlot()) | 1L << 39 + to.random.nextInt(25);
    }

    /** Returns an aligned address where loads and stores never fault. */
    long safeAddress() {
        int offset = to.random.nextInt(Layout.PAGE / 8) * 8;
        return switch (to.view) {
            case BARE -> PageTableImage.frame(2) + offset;
            case SUPERVISOR, PAGED -> to.layout.slot(to.random.nextInt(2)) + offset;
            case USER -> to.layout.slot(2 + to.random.nextInt(2)) + offset;
        };
    }

    void memory() {
        if (to.chance(4)) {
            long end = to.chance(50) ? Layout.RAM_END : Layout.NOTHING + Layout.PAGE / 2;
            alignedAccess(
                    to.view.isTranslated() && to.chance(50)
                            ? to.layout.slot(Layout.NOTHING_SLOT) + Layout.PAGE / 2
                            : end);
        } else {
            access(to.chance(30) ? safeAddress() + to.random.nextInt(Long.BYTES) : dataAddress());
        }
    }

    /**
     * An aligned load or store around an address where memory ends. Those that are not aligned are left out: QEMU 7.2 rounds a load's address down to
     * its size, so that stval (12.1.9) is no address of the access; and of a store it looks at the second page first, or stores one part when the
     * other faults.
     */
    private void alignedAccess(long address) {
        while (true) {
            int encoding = to.encode(to.pool.row(Kind.MEMORY, to.random));
            Instruction row = to.pool.set().find(encoding);
            if (row.format().immediate(encoding) % Long.BYTES == 0) {
                int base = to.register();
                to.loadConstant(base, to.constants.require(Sort.OTHER, to.isa.canonical(address)));
                to.put(Stretch.withRs1(encoding, base));
                return;
            }
        }
    }

    /** A load or a store by an address, or by another one if there is no room for more. */
    void access(long address) {
        int bits;
        int encoding;
        if (to.chance(35)) {
            RowPool.Parcel parcel = to.pool.parcel(Kind.MEMORY, to.random);
            bits = parcel.bits();
            encoding = parcel.expanded();
        } else {
            encoding = to.encode(to.pool.row(Kind.MEMORY, to.random));
            bits = encoding;
        }
        Instruction row = to.pool.set().find(encoding);
        boolean loads = row.format() == Format.LOAD;
        if (loads && Stretch.rd(encoding) != 0 && !to.mayWrite(Stretch.rd(encoding))) {
            return;
        }
        if (!to.mayWrite(Stretch.rs1(encoding)) || Stretch.rs1(encoding) == 0) {
            if (bits != encoding) {
                return;
            }
            encoding = Stretch.withRs1(encoding, to.register());
            bits = encoding;
        }
        int immediate = row.format().immediate(encoding);
        boolean exact = to.constants.hasRoom(to.pointers()) && to.chance(60);
        to.loadConstant(Stretch.rs1(encoding), to.pointer(exact ? address - immediate : address));
        to.put(bits);
    }

    void atomic() {
        Instruction row = to.pool.row(Kind.ATOMIC, to.random);
        if (row.mnemonic().startsWith("sc.")) {
            reservation(to.chance(20));
            return;
        }
        int base = to.register();
        if (to.chance(5)) {
            to.loadConstant(base, to.constants.require(Sort.OTHER, to.isa.canonical(Layout.NOTHING + Layout.PAGE / 2)));
        } else {
            long address = dataAddress();
            to.loadConstant(base, to.pointer(to.chance(85) ? address & -8 : address));
        }
        to.keep(base);
        if (to.view.isTranslated()) {
            // QEMU 7.2 walks for an AMO as for a load first, and so sets A also where the store faults, which is
            // allowed (12.3.1).
            to.put("lb", to.register(), base, 0, 0);
        }
        int bits = Stretch.withRs1(to.encode(row), base);
        to.release(base);
        to.put(bits);
    }

    /** A and D set by atomics alone, of a page where these do not fault. */
    private void atomicOfUnusedPage() {
        int slot = to.view == View.USER ? 2 : 0;
        int at = to.register();
        to.keep(at);
        clearBits(at, slot);
        fence(to.layout.slot(0), slot, to.chance(50));
        to.loadConstant(at, to.constants.require(Sort.OTHER, to.isa.canonical(to.layout.slot(slot))));
        if (to.chance(50)) {
            Instruction row = to.pool.row(Kind.ATOMIC, to.random);
            while (row.format() != Format.AMO || row.mnemonic().startsWith("sc.")) {
                row = to.pool.row(Kind.ATOMIC, to.random);
            }
            to.put(Stretch.withRs1(to.encode(row), at));
        } else {
            String width = to.isa.is64() && to.chance(50) ? ".d" : ".w";
            to.put("lr" + width, to.register(), at, 0, 0);
            to.put("sc" + width, to.register(), at, to.random.nextInt(32), 0);
        }
        to.release(at);
    }

    /** Clears A or D or both of an entry of the data table by an AMO, and leaves its address in a register. */
    private void clearBits(int at, int slot) {
        long table = to.view == View.USER ? to.layout.dataEntryOfUser(0) : to.layout.dataEntry(0);
        to.loadConstant(at, to.constants.require(Sort.OTHER, to.isa.canonical(table)));
        to.put("addi", at, at, 0, to.layout.size() * slot);
        int value = to.register();
        int bit = to.chance(50) ? PageTableImage.A : PageTableImage.D;
        to.put("addi", value, 0, 0, to.chance(70) ? ~bit : ~(PageTableImage.A | PageTableImage.D));
        to.put(to.chance(50) || !to.isa.is64() ? "amoand.w" : "amoand.d", to.register(), at, value, 0);
    }

    /** LR and SC of one width, where nothing faults: an SC without reservation may fault or not, and may look at memory or not (14.2). */
    void reservation(boolean interrupted) {
        String width = to.isa.is64() && to.chance(50) ? ".d" : ".w";
        int base = to.register();
        to.loadConstant(base, to.constants.require(Sort.OTHER, to.isa.canonical(safe())));
        to.keep(base);
        boolean reserves = to.chance(85);
        if (reserves) {
            to.put("lr" + width, to.register(), base, 0, 0);
        }
        if (interrupted) {
            // Ends the reservation: traps and returns from them do.
            to.checkpoint();
        }
        if (to.chance(40)) {
            to.computation();
        }
        to.put("sc" + width, to.register(), base, to.random.nextInt(32), 0);
        if (to.chance(30)) {
            to.put("sc" + width, to.register(), base, to.random.nextInt(32), 0);
        }
        to.release(base);
    }

    private long safe() {
        return to.constants.hasRoom(Sort.OTHER)
                ? safeAddress() & -64
                : switch (to.view) {
                    case BARE -> PageTableImage.frame(2);
                    case SUPERVISOR, PAGED -> to.layout.slot(0);
                    case USER -> to.layout.slot(2);
                };
    }

    /** A change of the page table, its fence, and accesses to what it maps. */
    void changeEntry() {
        if (to.view.isTranslated() && to.chance(10)) {
            atomicOfUnusedPage();
            return;
        }
        if (to.view != View.USER && to.chance(15)) {
            changeSuperpage();
            return;
        }
        int slot = Math.max(Layout.SAFE_SLOTS, anySlot());
        long accessed = inSlot(slot);
        if (to.view.isTranslated() && to.chance(60)) {
            // So that there is a translation that the fence has to drop.
            access(accessed);
        }
        int at = to.register();
        to.keep(at);
        if (to.chance(30)) {
            clearBits(at, slot);
        } else {
            long table = to.view == View.USER ? to.layout.dataEntryOfUser(0) : to.layout.dataEntry(0);
            to.loadConstant(at, to.constants.require(Sort.OTHER, to.isa.canonical(table)));
            to.put("addi", at, at, 0, to.layout.size() * slot);
            Sort sort = slot < Layout.LANDING_SLOT ? Sort.ENTRY : Sort.LANDING_ENTRY;
            int value = to.register();
            to.loadConstant(
                    value, to.constants.offset(sort, to.isa.canonical(tables.changed(slot, to.random)), to.random));
            to.put(to.isa.is64() ? "sd" : "sw", 0, at, value, 0);
        }
        fence(to.layout.slot(0), slot, to.chance(50));
        to.release(at);
        for (int i = to.view.isTranslated() ? 1 + to.random.nextInt(2) : 0; i > 0; i--) {
            if (slot >= Layout.LANDING_SLOT && to.chance(50)) {
                jumpTo(to.layout.slot(slot) + landingOffset());
            } else {
                access(to.chance(60) ? accessed : inSlot(slot));
            }
        }
    }

    /** A fence for all addresses, or for one: so many pages behind one that the constants have. */
    void fence(long base, int pages, boolean all) {
        if (to.view == View.USER) {
            // The handler fences.
            to.put("ecall", 0, 0, 0, 0);
        } else if (all) {
            to.put("sfence.vma", 0, 0, 0, 0);
        } else {
            int address = to.register();
            to.keep(address);
            int offset = to.register();
            to.loadConstant(address, to.constants.require(Sort.OTHER, to.isa.canonical(base)));
            to.put("lui", offset, 0, 0, pages);
            to.put("add", address, address, offset, 0);
            to.release(address);
            to.put("sfence.vma", 0, address, 0, 0);
        }
    }

    private void changeSuperpage() {
        int region = Layout.SUPERPAGE_REGION + to.random.nextInt(3);
        long accessed =
                to.view == View.BARE ? dataAddress() : to.layout.region(region) + to.random.nextInt(2 * Layout.PAGE);
        access(accessed);
        int at = to.register();
        to.keep(at);
        int value = to.register();
        to.loadConstant(at, to.constants.require(Sort.OTHER, to.isa.canonical(to.layout.regionEntry(0))));
        to.put("addi", at, at, 0, to.layout.size() * region);
        to.loadConstant(
                value, to.constants.offset(Sort.SUPERPAGE_ENTRY, tables.changedSuperpage(to.random), to.random));
        to.put(to.isa.is64() ? "sd" : "sw", 0, at, value, 0);
        // Any address in it will do (12.2.1).
        fence(to.layout.region(region), to.random.nextInt(0x200), to.chance(30));
        to.release(at);
        access(accessed);
    }

    private int landingOffset() {
        return to.chance(25) ? Layout.PAGE - 2 : 2 + 2 * to.random.nextInt(Layout.PAGE / 2 - 2);
    }

    /** A jump to a page that may be mapped, or fault; either way it comes back by ra. */
    void jumpOut() {
        int kind = to.random.nextInt(100);
        if (kind < 10) {
            jumpTo(Layout.NOTHING + 2L * to.random.nextInt(16));
        } else if (kind < 20) {
            jumpTo(Layout.RAM_END);
        } else if (kind < 25) {
            jumpTo(to.view == View.BARE ? Layout.NOTHING + Layout.PAGE - 2 : to.layout.region(Layout.EMPTY_REGION));
        } else if (to.view == View.BARE) {
            jumpTo(PageTableImage.landing(to.random.nextInt(Layout.LANDING_FRAMES - 1)) + landingOffset());
        } else if (kind < 35) {
            jumpTo(to.layout.slot(Layout.LANDING_SLOT) | 1L << 39 + to.random.nextInt(25));
        } else {
            jumpTo(to.layout.slot(Layout.LANDING_SLOT + to.random.nextInt(Layout.SLOTS - Layout.LANDING_SLOT))
                    + landingOffset());
        }
    }

    private void jumpTo(long address) {
        int target = to.register();
        if (!to.mayWrite(Stretch.RA)) {
            return;
        }
        to.loadConstant(target, to.constants.offset(to.targets(), to.isa.canonical(address), to.random));
        if (to.view != View.USER) {
            to.put("sfence.vma", 0, 0, 0, 0);
        }
        to.put(to.pool.shortest(Encoder.encode("jalr", Stretch.RA, target, 0, 0)));
    }
}
