package dev.semblance.machine.cpu;

import dev.semblance.machine.memory.Ram;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** What a hart changes outside of its registers while it executes: pages of RAM, and the translations it keeps. It can be taken back. */
final class Changes {

    private final Tlb tlb;
    private final Ram ram;
    private final long[] superpages;

    /** As they were before, by number. */
    private final Map<Integer, byte[]> pages = new TreeMap<>();

    /** As they were before, by index. */
    private final Map<Integer, Translations> translations = new TreeMap<>();

    /** What the last walk changed. */
    private Optional<Walk> walk = Optional.empty();

    private record Translations(Tlb.Translations.Entry load, Tlb.Translations.Entry store) {}

    private record Walk(Map<Integer, byte[]> pages, int index, Translations translations, long[] superpages) {}

    /**
     * How things were after the changes.
     *
     * @param pages of RAM that may have been written to, by number
     * @param translations that may have been replaced, by index
     * @param superpages where superpages have been used
     */
    record After(Map<Integer, byte[]> pages, Map<Integer, Translations> translations, long[] superpages) {}

    Changes(Tlb tlb, Ram ram) {
        this.tlb = tlb;
        this.ram = ram;
        this.superpages = tlb.superpages();
    }

    /** To be called before a store of an instruction changes the bytes of a page. */
    void beforeStore(int page, byte[] bytes) {
        if (!pages.containsKey(page)) {
            pages.put(page, bytes.clone());
        }
    }

    /** To be called before a walk changes the bytes of a page. */
    void beforeWalkStores(int page, byte[] bytes) {
        beforeStore(page, bytes);
        walk.ifPresent(last -> last.pages.putIfAbsent(page, bytes.clone()));
    }

    /** To be called before a walk. */
    void beforeWalk(long address) {
        int index = tlb.loads.index(address);
        translations.putIfAbsent(index, now(index));
        walk = Optional.of(new Walk(new TreeMap<>(), index, now(index), tlb.superpages()));
    }

    private Translations now(int index) {
        return new Translations(tlb.loads.entry(index), tlb.stores.entry(index));
    }

    /** Does what may walk, and says whether it did more than that; what the walk changed is taken back if not. */
    boolean onlyIf(BooleanSupplier something) {
        walk = Optional.empty();
        boolean done = something.getAsBoolean();
        if (!done) {
            walk.ifPresent(last -> {
                restore(last.pages);
                restore(last.index, last.translations);
                tlb.restoreSuperpages(last.superpages);
            });
        }
        return done;
    }

    /** {@return how things are now} */
    After after() {
        Map<Integer, byte[]> nowPages = new TreeMap<>();
        for (int page : pages.keySet()) {
            nowPages.put(page, ram.readablePage(page).clone());
        }
        Map<Integer, Translations> nowTranslations = new TreeMap<>();
        for (int index : translations.keySet()) {
            nowTranslations.put(index, now(index));
        }
        return new After(nowPages, nowTranslations, tlb.superpages());
    }

    /** Takes everything back. */
    void undo() {
        restore(pages);
        translations.forEach(this::restore);
        tlb.restoreSuperpages(superpages);
    }

    private void restore(Map<Integer, byte[]> before) {
        before.forEach((page, bytes) -> System.arraycopy(bytes, 0, ram.writablePage(page), 0, bytes.length));
    }

    private void restore(int index, Translations before) {
        tlb.restoreLoad(index, before.load, ram);
        tlb.restoreStore(index, before.store);
    }

    /**
     * {@return what is different from how other changes, made from the same state and taken back, had left it; nothing if it is the same}
     *
     * @param other how they left it
     */
    Optional<String> difference(After other) {
        TreeSet<Integer> numbers = new TreeSet<>(pages.keySet());
        numbers.addAll(other.pages.keySet());
        for (int page : numbers) {
            byte[] mine = ram.readablePage(page);
            byte[] theirs = other.pages.getOrDefault(page, pages.getOrDefault(page, mine));
            int at = Arrays.mismatch(mine, theirs);
            if (at >= 0) {
                return Optional.of("the byte of memory at 0x"
                        + Long.toHexString(ram.base() + ((long) page << Ram.PAGE_SHIFT) + at) + ": 0x"
                        + Integer.toHexString(theirs[at] & 0xff) + " translated, 0x"
                        + Integer.toHexString(mine[at] & 0xff) + " interpreted");
            }
        }
        TreeSet<Integer> indexes = new TreeSet<>(translations.keySet());
        indexes.addAll(other.translations.keySet());
        for (int index : indexes) {
            Translations mine = now(index);
            Translations theirs = other.translations.getOrDefault(index, translations.getOrDefault(index, mine));
            if (!mine.equals(theirs)) {
                return Optional.of("the translations kept for page " + index + " of the TLB: " + theirs
                        + " translated, " + mine + " interpreted");
            }
        }
        return Arrays.equals(tlb.superpages(), other.superpages)
                ? Optional.empty()
                : Optional.of("where superpages were used");
    }
}
