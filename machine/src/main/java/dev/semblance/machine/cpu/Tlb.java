package dev.semblance.machine.cpu;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The direct-mapped translations of one mode (user; supervisor with SUM clear or set), by kind of access. They are part of
 * what a guest can see (see {@link Mmu}): an entry goes when another page takes its place or a flush drops it, and for no
 * other reason.
 *
 * <p>Beside them stand <em>shortcuts</em>, which lead straight to the bytes of a RAM page or to its decoded blocks. They
 * only ever stand for a translation that is kept, may be missing for one, and cannot be seen. A tag is a virtual page's
 * address, so that comparing it with an address whose low bits were kept also checks alignment.
 */
@SuppressWarnings("ReferenceEquality") // Pages are told apart by identity.
final class Tlb implements Stateful {

    private static final long PAGE = ~(Ram.PAGE_SIZE - 1L);

    /** No address has this tag: its low bits are neither zero nor an alignment. */
    private static final long EMPTY = 0x800;

    /** The largest number of a page that any RAM has. */
    private static final int MAX_FRAME = (int) (Ram.MAX_SIZE >>> Ram.PAGE_SHIFT) - 1;

    private static final String NOWHERE = "a translation of it leads to no page";

    private static final byte[] NO_BYTES = {};

    /** Of a page whose blocks are not looked for here. Never written to. */
    private static final @Nullable BasicBlock[] NO_BLOCKS = new BasicBlock[BlockCache.SLOTS];

    /** The translations of one kind of access. Only pages of RAM have any. */
    static final class Translations {

        final long[] tag;

        /** The number of the page of RAM. */
        private final int[] frame;

        private final TranslationScheme scheme;
        private final long ramBase;

        Translations(TranslationScheme scheme, long ramBase) {
            this.scheme = scheme;
            this.ramBase = ramBase;
            tag = new long[scheme.tlbEntries()];
            frame = new int[tag.length];
        }

        boolean has(long address) {
            return tag[index(address)] == (address & PAGE);
        }

        /** {@return where an address leads that the translations have} */
        long physical(long address) {
            return ramBase + ((long) frame[index(address)] << Ram.PAGE_SHIFT) | address & ~PAGE;
        }

        int index(long address) {
            return (int) (address >>> Ram.PAGE_SHIFT) & tag.length - 1;
        }

        void state(StateExchange s) {
            for (int i = 0; i < tag.length; i++) {
                tag[i] = s.saved(tag[i]);
                if (tag[i] != EMPTY) {
                    boolean inItsPlace = scheme.isAddress(tag[i]) && (tag[i] & ~PAGE) == 0 && index(tag[i]) == i;
                    s.require(inItsPlace, "a translation of it is where it cannot be");
                    frame[i] = s.saved(frame[i], 0, MAX_FRAME);
                }
            }
        }

        /** What is kept at an index. */
        record Entry(long tag, int frame) {}

        Entry entry(int index) {
            return new Entry(tag[index], tag[index] == EMPTY ? 0 : frame[index]);
        }

        private void set(int index, Entry entry) {
            tag[index] = entry.tag;
            frame[index] = entry.frame;
        }

        private void keep(long address, int page) {
            tag[index(address)] = address & PAGE;
            frame[index(address)] = page;
        }
    }

    final Translations fetches;
    final Translations loads;
    final Translations stores;

    // Shortcuts. Loads have one for every translation unless somebody watches them, stores for those to pages without
    // decoded code, fetches where
    // code was found.

    final long[] fetchTag;
    final @Nullable BasicBlock[][] fetchBlocks;
    /** Those of the translations themselves, unless not every translation may have a shortcut: see {@link #hideLoads}. */
    long[] loadTag;

    final byte[][] loadPage;
    final long[] storeTag;
    final byte[][] storePage;

    private final TranslationScheme scheme;

    /** Whether {@link #loadTag} is apart from the translations. */
    private boolean loadsAreHidden;

    /** A bit for each region of addresses: whether a superpage was used there since all of its translations were dropped. */
    private final long[] superpages;

    Tlb(TranslationScheme scheme, long ramBase) {
        this.scheme = scheme;
        int entries = scheme.tlbEntries();
        fetches = new Translations(scheme, ramBase);
        loads = new Translations(scheme, ramBase);
        stores = new Translations(scheme, ramBase);
        fetchTag = fetches.tag;
        loadTag = loads.tag;
        fetchBlocks = new BasicBlock[entries][];
        loadPage = new byte[entries][];
        storeTag = new long[entries];
        storePage = new byte[entries][];
        superpages = new long[scheme.regions() / Long.SIZE];
        Arrays.fill(loadPage, NO_BYTES);
        Arrays.fill(storePage, NO_BYTES);
        Arrays.fill(fetchBlocks, NO_BLOCKS);
        flush();
    }

    private int index(long address) {
        return fetches.index(address);
    }

    // ---- filling ------------------------------------------------------------------------------------------------

    /** Keeps where fetches from the page of an address go. The shortcut of what was there before goes with it. */
    void keepFetch(long address, int page) {
        fetches.keep(address, page);
        fetchBlocks[index(address)] = NO_BLOCKS;
    }

    /** Lets fetches from the page of an address, whose translation is kept, go straight to the blocks of a page. */
    void connect(long address, @Nullable BasicBlock[] blocks) {
        fetchBlocks[index(address)] = blocks;
    }

    /** Takes away all shortcuts of fetches. Their translations stay. */
    void disconnectAll() {
        Arrays.fill(fetchBlocks, NO_BLOCKS);
    }

    /** Keeps where loads from the page of an address go, and the bytes of that page. */
    void keepLoad(long address, int page, byte[] bytes) {
        loads.keep(address, page);
        loadPage[index(address)] = bytes;
        if (loadsAreHidden) {
            loadTag[index(address)] = EMPTY;
        }
    }

    /**
     * Says whether loads have a shortcut only where {@link #openLoad} gives them one, and not by themselves where their translation is kept. All of the former are
     * taken away.
     */
    void hideLoads(boolean hidden) {
        loadsAreHidden = hidden;
        loadTag = loads.tag;
        if (hidden) {
            loadTag = new long[loads.tag.length];
            Arrays.fill(loadTag, EMPTY);
        }
    }

    /** Lets loads from the page of an address, whose translation is kept, go straight to its bytes. */
    void openLoad(long address) {
        loadTag[index(address)] = address & PAGE;
    }

    /** Keeps where stores to the page of an address go. The shortcut of what was there before goes with it. */
    void keepStore(long address, int page) {
        stores.keep(address, page);
        storeTag[index(address)] = EMPTY;
    }

    /** Lets stores to the page of an address, whose translation is kept, go straight to the bytes of a page. */
    void open(long address, byte[] bytes) {
        storeTag[index(address)] = address & PAGE;
        storePage[index(address)] = bytes;
    }

    /** Lets one store to the page of an address go straight to the bytes of a page; the next one asks again. */
    void openOnce(long address, byte[] bytes) {
        storePage[index(address)] = bytes;
    }

    /** Takes back that a translation of a load was kept. */
    void restoreLoad(int index, Translations.Entry entry, Ram ram) {
        loads.set(index, entry);
        if (loadsAreHidden) {
            loadTag[index] = EMPTY;
        }
        loadPage[index] = entry.tag() == EMPTY ? NO_BYTES : ram.readablePage(entry.frame());
    }

    /** Takes back that a translation of a store was kept. */
    void restoreStore(int index, Translations.Entry entry) {
        stores.set(index, entry);
        storeTag[index] = EMPTY;
    }

    /** {@return where superpages were used, to be compared or restored} */
    long[] superpages() {
        return superpages.clone();
    }

    void restoreSuperpages(long[] before) {
        System.arraycopy(before, 0, superpages, 0, superpages.length);
    }

    /** Takes the shortcuts away that lead stores to a page. Their translations stay. */
    void close(byte[] bytes) {
        for (int i = 0; i < storeTag.length; i++) {
            if (storePage[i] == bytes) {
                storeTag[i] = EMPTY;
                storePage[i] = NO_BYTES;
            }
        }
    }

    /** Has the shortcuts that lead loads to a page lead to its copy, which has taken its place. */
    void redirect(byte[] before, byte[] copy) {
        for (int i = 0; i < storeTag.length; i++) {
            if (loadPage[i] == before) {
                loadPage[i] = copy;
            }
        }
    }

    /** Takes away all shortcuts of stores. Their translations stay. */
    void closeAll() {
        Arrays.fill(storeTag, EMPTY);
        Arrays.fill(storePage, NO_BYTES);
    }

    /** Makes anew the shortcuts that every translation of a load has. The others come by themselves. */
    void reconnect(StateExchange s, Ram ram) {
        closeAll();
        disconnectAll();
        hideLoads(loadsAreHidden);
        for (int i = 0; i < scheme.tlbEntries(); i++) {
            s.require(fetches.tag[i] == EMPTY || fetches.frame[i] < ram.pageCount(), NOWHERE);
            if (loads.tag[i] != EMPTY) {
                int page = loads.frame[i];
                s.require(page < ram.pageCount() && ram.isMaterialized(page), NOWHERE);
                loadPage[i] = ram.readablePage(page);
            }
            s.require(stores.tag[i] == EMPTY || stores.frame[i] < ram.pageCount(), NOWHERE);
        }
    }

    /** The shortcuts are made anew when RAM is there: see {@link #reconnect}. */
    @Override
    public void state(StateExchange s) {
        fetches.state(s);
        loads.state(s);
        stores.state(s);
        for (int i = 0; i < superpages.length; i++) {
            superpages[i] = s.saved(superpages[i]);
        }
    }

    /** To be called when an address is translated by a leaf that maps more than a page. */
    void superpageUsed(long address) {
        int region = scheme.region(address);
        superpages[region >>> 6] |= 1L << region;
    }

    // ---- dropping -----------------------------------------------------------------------------------------------

    /** Drops everything. */
    void flush() {
        Arrays.fill(fetches.tag, EMPTY);
        Arrays.fill(loads.tag, EMPTY);
        Arrays.fill(loadTag, EMPTY);
        Arrays.fill(stores.tag, EMPTY);
        Arrays.fill(storeTag, EMPTY);
        Arrays.fill(superpages, 0);
    }

    /**
     * Drops all that one leaf page table entry can have led to: the page of an address; or the region around it, where a
     * superpage was used since its translations were last dropped. Nothing, if it is no virtual address (12.2.1).
     */
    void flush(long address) {
        if (!scheme.isAddress(address)) {
            return;
        }
        int region = scheme.region(address);
        if ((superpages[region >>> 6] & 1L << region) == 0) {
            int index = index(address);
            dropIf(index, PAGE, address & PAGE);
            return;
        }
        superpages[region >>> 6] &= ~(1L << region);
        long mask = scheme.regionMask();
        for (int i = 0; i < storeTag.length; i++) {
            dropIf(i, mask, address & mask);
        }
    }

    /** Drops the entries at an index whose tags have a value under a mask. */
    private void dropIf(int index, long mask, long value) {
        if ((fetches.tag[index] & mask) == value) {
            fetches.tag[index] = EMPTY;
        }
        if ((loads.tag[index] & mask) == value) {
            loads.tag[index] = EMPTY;
            loadTag[index] = EMPTY;
        }
        if ((stores.tag[index] & mask) == value) {
            stores.tag[index] = EMPTY;
            storeTag[index] = EMPTY;
        }
    }
}
