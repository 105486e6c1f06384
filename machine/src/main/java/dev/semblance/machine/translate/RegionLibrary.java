package dev.semblance.machine.translate;

import dev.semblance.machine.profile.Isa;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Regions by the bytes of their page. Those of pages that were asked for least recently are forgotten when there are too many. */
final class RegionLibrary {

    /** Pages whose regions are kept: 4 MiB of their bytes, and twice as much for the places in them. */
    private static final int MAX_PAGES = 1024;

    private final Operations operations = new Operations();

    private final Map<Key, AtomicReferenceArray<Known>> pages = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, AtomicReferenceArray<Known>> eldest) {
            return size() > MAX_PAGES;
        }
    };

    /** What is known of an entry. */
    record Known(Translation made, Effort effort) {

        /** {@return whether nothing is to be gained by making it with some effort} */
        boolean isEnough(Effort wanted) {
            return effort.compareTo(wanted) >= 0;
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

    /** {@return the regions of a page, if there are any} */
    synchronized Optional<AtomicReferenceArray<Known>> find(Isa isa, byte[] page) {
        return Optional.ofNullable(pages.get(new Key(isa, page)));
    }

    /** {@return the regions of a page by where they are entered, in parcels from its start} */
    synchronized AtomicReferenceArray<Known> of(Isa isa, byte[] page) {
        AtomicReferenceArray<Known> known = pages.get(new Key(isa, page));
        if (known == null) {
            known = new AtomicReferenceArray<>(RegionShape.PLACES);
            pages.put(new Key(isa, page.clone()), known);
        }
        return known;
    }
}
