package dev.semblance.machine.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.Isa;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "The execution core": regions are kept by all the bytes of their page. */
class RegionLibraryTests {

    private final RegionLibrary library = new RegionLibrary();

    private static byte[] page(int first, int second) {
        byte[] page = new byte[4096];
        page[0] = (byte) first;
        page[1] = (byte) second;
        return page;
    }

    @Test
    void thePlacesOfEqualPagesAreTheSameAndThoseOfPagesThatOnlyHashAlikeAreNot() {
        byte[] one = page(1, 31);
        byte[] other = page(2, 0);
        assertThat(Arrays.hashCode(one)).isEqualTo(Arrays.hashCode(other));
        assertThat(library.of(Isa.RV64GC, one)).isSameAs(library.of(Isa.RV64GC, one.clone()));
        assertThat(library.of(Isa.RV64GC, one)).isNotSameAs(library.of(Isa.RV64GC, other));
        assertThat(library.of(Isa.RV64GC, one)).isNotSameAs(library.of(Isa.RV32GC, one));
    }

    @Test
    void aPageIsKeptAsItWasWhenItWasAskedFor() {
        byte[] page = page(1, 1);
        library.of(Isa.RV64GC, page);
        page[0] = 7;
        assertThat(library.find(Isa.RV64GC, page)).isEmpty();
        assertThat(library.find(Isa.RV64GC, page(1, 1))).isPresent();
    }

    @Test
    void thoseAskedForLeastRecentlyAreForgotten() {
        for (int i = 0; i < 2000; i++) {
            library.of(Isa.RV32IMA, page(i, i >> 8));
            library.of(Isa.RV32IMA, page(1, 0));
        }
        assertThat(library.find(Isa.RV32IMA, page(2, 0))).isEqualTo(Optional.empty());
        assertThat(library.find(Isa.RV32IMA, page(1, 0))).isPresent();
    }

    @Test
    void pagesAreForgottenWhenThereAreTooManyRegions() {
        Translation made = new Translation() {};
        for (int i = 0; i < 100; i++) {
            RegionLibrary.Page page = library.of(Isa.RV32IMA, page(i, 0));
            for (int place = 0; place < 100; place++) {
                page.keep(new RegionLibrary.Known(made, Effort.QUICK), new int[] {place});
            }
        }
        assertThat(library.find(Isa.RV32IMA, page(99 - Translator.MAX_REGIONS / 100, 0)))
                .isEmpty();
        assertThat(library.find(Isa.RV32IMA, page(99 - Translator.MAX_REGIONS / 100 + 1, 0)))
                .isPresent();
    }

    /** Regions are made on another thread, perhaps long after they were asked for. */
    @Test
    void aRegionThatComesWhenItsPageIsForgottenTakesNoRoomFromOthers() {
        RegionLibrary.Page forgotten = library.of(Isa.RV32IMA, page(7, 7));
        for (int i = 0; i < 2000; i++) {
            library.of(Isa.RV64GC, page(i, i >> 8));
        }
        assertThat(library.find(Isa.RV32IMA, page(7, 7))).isEmpty();
        for (int i = 0; i <= Translator.MAX_REGIONS; i++) {
            forgotten.keep(new RegionLibrary.Known(new Translation() {}, Effort.QUICK), new int[] {0});
        }
        library.of(Isa.RV32GC, page(1, 1));
        library.of(Isa.RV32GC, page(2, 2));
        assertThat(library.find(Isa.RV32GC, page(1, 1))).isPresent();
    }

    @Test
    void whatWasMadeWithMoreEffortStays() {
        RegionLibrary.Page page = library.of(Isa.RV32IMA, page(1, 0));
        RegionLibrary.Known full = new RegionLibrary.Known(new Translation() {}, Effort.FULL);
        RegionLibrary.Known quick = new RegionLibrary.Known(new Translation() {}, Effort.QUICK);
        assertThat(page.keep(full, new int[] {3, 4})).containsExactly(full, full);
        assertThat(page.keep(quick, new int[] {4, 5})).containsExactly(full, quick);
        assertThat(page.keep(full, new int[] {5})).containsExactly(full);
    }
}
