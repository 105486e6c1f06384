package dev.semblance.machine.differential;

import dev.semblance.machine.profile.Isa;
import java.nio.ByteBuffer;
import java.util.Random;

/** The page tables of a random program, as its image has them at the start. */
final class PageTableImage {

    static final int V = 1;
    static final int R = 2;
    static final int W = 4;
    static final int X = 8;
    static final int U = 16;
    static final int G = 32;
    static final int A = 64;
    static final int D = 128;

    private static final int ALL = V | R | W | A | D;

    private final Isa isa;
    private final Layout layout;
    private final ByteBuffer image;

    PageTableImage(Isa isa, ByteBuffer image) {
        this.isa = isa;
        this.layout = new Layout(isa);
        this.image = image;
    }

    static long entry(long physical, int flags) {
        return physical >>> 12 << 10 | flags;
    }

    private void put(int table, int index, long entry) {
        if (isa.is64()) {
            image.putLong(table + 8 * index, entry);
        } else {
            image.putInt(table + 4 * index, (int) entry);
        }
    }

    private void putRegion(int number, long entry) {
        put(isa.is64() ? Layout.MIDDLE : Layout.ROOT, (isa.is64() ? 0 : 256) + number, entry);
    }

    private void putTable(int region, int table) {
        putRegion(region, entry(Layout.physical(table), V));
    }

    /** Writes all tables but the entries of code. */
    void write(Random random) {
        if (isa.is64()) {
            put(Layout.ROOT, 0, entry(0, ALL));
            put(Layout.ROOT, 1, entry(Layout.physical(Layout.MIDDLE), V));
            put(Layout.ROOT, 2, entry(0x8000_0000L, ALL | X));
        } else {
            put(Layout.ROOT, 0, entry(0, ALL));
            put(Layout.ROOT, 64, entry(0x1000_0000L, ALL));
            for (int i = 0; i < Layout.RAM_BYTES >> 22; i++) {
                put(Layout.ROOT, 512 + i, entry(0x8000_0000L + ((long) i << 22), ALL | X));
            }
        }
        putTable(Layout.CODE_REGION, Layout.CODE_TABLE);
        putTable(Layout.USER_CODE_REGION, Layout.USER_CODE_TABLE);
        putTable(Layout.DATA_REGION, Layout.DATA_TABLE);
        putTable(Layout.OTHER_REGION, Layout.OTHER_TABLE);
        putRegion(Layout.SUPERPAGE_REGION, entry(Layout.SUPERPAGE, V | R | W));
        putRegion(Layout.USER_SUPERPAGE_REGION, entry(Layout.SUPERPAGE, V | R | W | U));
        putRegion(Layout.BROKEN_SUPERPAGE_REGION, entry(Layout.SUPERPAGE + Layout.PAGE, V | R | W));
        put(Layout.OTHER_TABLE, 0, entry(Layout.physical(Layout.CONSTANTS), V | R | U | A));
        put(Layout.OTHER_TABLE, 2, entry(Layout.physical(Layout.DATA_TABLE), ALL | U));
        for (int slot = 0; slot < Layout.SLOTS; slot++) {
            put(Layout.DATA_TABLE, slot, firstEntry(slot, random));
        }
    }

    private static long firstEntry(int slot, Random random) {
        if (slot < Layout.SAFE_SLOTS) {
            return entry(frame(slot), ALL | (slot < 2 ? 0 : U));
        }
        int user = random.nextBoolean() ? U : 0;
        if (slot == Layout.NOTHING_SLOT) {
            return entry(Layout.NOTHING, V | R | W | user);
        }
        if (Math.abs(slot - Layout.NOTHING_SLOT) == 1) {
            return 0;
        }
        return slot < Layout.LANDING_SLOT
                ? entry(frame(random.nextInt(Layout.DATA_FRAMES)), V | R | W | user)
                : entry(landing(random.nextInt(Layout.LANDING_FRAMES)), V | X | user);
    }

    static long frame(int number) {
        return Layout.physical(Layout.DATA + Layout.PAGE * (number % Layout.DATA_FRAMES));
    }

    static long landing(int number) {
        return Layout.physical(Layout.LANDING + Layout.PAGE * number);
    }

    /** Maps a page of code. */
    void code(View view, int page, long physical, Random random) {
        int flags = V | R | X | (random.nextInt(4) == 0 ? 0 : W) | (random.nextBoolean() ? A : 0);
        put(
                view == View.USER ? Layout.USER_CODE_TABLE : Layout.CODE_TABLE,
                page,
                entry(physical, flags | (view == View.USER ? U : 0)));
    }

    /** Returns an entry that a program may put into a slot of the data region. */
    long changed(int slot, Random random) {
        boolean landing = slot >= Layout.LANDING_SLOT;
        int kind = random.nextInt(100);
        long physical =
                landing ? landing(random.nextInt(Layout.LANDING_FRAMES)) : frame(random.nextInt(Layout.DATA_FRAMES));
        int usual = landing ? V | X | (random.nextBoolean() ? R : 0) : V | R | W;
        int flags = random.nextInt(100) < 65 ? usual : V | random.nextInt(256) & ~(landing ? W : X);
        flags = flags & ~U | (random.nextBoolean() ? U : 0);
        flags |= random.nextInt(256) & (A | D | G);
        if (kind >= 95) {
            flags &= ~V;
        }
        long entry = entry(physical, flags);
        return isa.is64() && kind == 94 ? entry | 1L << 54 + random.nextInt(10) : entry;
    }

    /** Returns an entry that a program may put where a superpage is mapped. */
    long changedSuperpage(Random random) {
        int flags = V | R | random.nextInt(256) & (W | U | A | D | G);
        if (random.nextInt(10) == 0) {
            flags &= ~(1 << random.nextInt(2));
        }
        return entry(Layout.SUPERPAGE + (random.nextInt(10) == 0 ? (long) Layout.PAGE : 0), flags);
    }

    /** Returns the address behind the entries of the data region that there are. */
    long end() {
        return layout.dataEntry(Layout.SLOTS);
    }
}
