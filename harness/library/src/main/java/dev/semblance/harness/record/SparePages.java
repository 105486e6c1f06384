package dev.semblance.harness.record;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays of a page that nobody uses any more, to be filled again: a guest that flips through pictures changes as many pages with each,
 * and what is thrown away has to be collected while the machine stands still. Safe for several threads.
 */
final class SparePages {

    /** More than this are not kept: the pages of a picture of a usual screen. */
    private static final int MAX_PAGES = 1024;

    private final List<byte[]> pages = new ArrayList<>();

    /** {@return an array of a page, with anything in it} */
    synchronized byte[] take() {
        return pages.isEmpty() ? new byte[KnownMemory.PAGE_SIZE] : pages.removeLast();
    }

    /** Takes arrays that the caller does not use any more, nor anybody else. */
    synchronized void give(List<byte[]> unused) {
        pages.addAll(unused.subList(0, Math.min(unused.size(), MAX_PAGES - pages.size())));
    }
}
