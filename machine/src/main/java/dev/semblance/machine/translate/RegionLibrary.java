package dev.semblance.machine.translate;

import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Regions by the bytes of their page. Those of pages that were asked for least recently are forgotten when there are too many. */
final class RegionLibrary {

    /** Pages whose regions are kept: 4 MiB of their bytes, and twice as much for the places in them. */
    private static final int MAX_PAGES = 1024;

    private final Operations operations = new Operations();
    private final Map<Key, Page> pages = new LinkedHashMap<>(64, 0.75f, true);
    private int regions;

    /** What is known of an entry. */
    record Known(Translation made, Effort effort) {

        /** {@return whether nothing is to be gained by making it with some effort} */
        boolean isEnough(Effort wanted) {
            return effort.compareTo(wanted) >= 0;
        }
    }

    /** What is known of a page. */
    final class Page {
        private final AtomicReferenceArray<Known> places = new AtomicReferenceArray<>(RegionShape.PLACES);

        // Both are the library's, under its lock.
        private int regionsOfIt;
        private boolean isForgotten;

        /** {@return what begins at a place, counted in parcels from the start of the page} */
        Optional<Known> at(int place) {
            return Optional.ofNullable(places.get(place));
        }

        /**
         * Keeps a region, unless what is there was made with as much effort.
         *
         * @param made what was made
         * @param entries the places at which it is entered
         * @return what there is now at each of them
         */
        List<Known> keep(Known made, int[] entries) {
            List<Known> best = new ArrayList<>(entries.length);
            for (int place : entries) {
                best.add(places.updateAndGet(place, old -> old != null && old.isEnough(made.effort) ? old : made));
            }
            count(this);
            return best;
        }
    }

    /** A page's bytes, all of which are compared. */
    private static final class Key {
        private final Isa isa;
        private final byte[] bytes;
        private final int hash;

        Key(Isa isa, byte[] bytes) {
            this.isa = isa;
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.hash == hash && key.isa == isa && Arrays.equals(key.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    Operations operations() {
        return operations;
    }

    /** {@return what is known of a page, if anything is} */
    synchronized Optional<Page> find(Isa isa, byte[] page) {
        return Optional.ofNullable(pages.get(new Key(isa, page)));
    }

    /** {@return what is known of a page, from now on at the latest} */
    synchronized Page of(Isa isa, byte[] page) {
        Page known = pages.get(new Key(isa, page));
        if (known == null) {
            known = new Page();
            pages.put(new Key(isa, page.clone()), known);
            forget();
        }
        return known;
    }

    /** Counts a region of a page. What comes late, to a page that is forgotten, is nobody's but its cores'. */
    private synchronized void count(Page page) {
        if (page.isForgotten) {
            return;
        }
        page.regionsOfIt++;
        regions++;
        forget();
    }

    /** Forgets pages until there are not too many, but never the last that was asked for. */
    private void forget() {
        Iterator<Page> eldest = pages.values().iterator();
        while (pages.size() > 1 && (pages.size() > MAX_PAGES || regions > Translator.MAX_REGIONS)) {
            Page page = eldest.next();
            page.isForgotten = true;
            regions -= page.regionsOfIt;
            eldest.remove();
        }
    }
}
