package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables for a terminal, in which nothing is cut. */
class TextTableTests {

    @Test
    void aLongLineGoesOnIndentedWhereABlankWas() {
        assertThat(TextTable.wrap("- 3 not reached: died", 12)).containsExactly("- 3 not", "  reached:", "  died");
        assertThat(TextTable.wrap("  finding 1: it died", 13)).containsExactly("  finding 1:", "    it died");
        assertThat(TextTable.wrap("fits", 4)).containsExactly("fits");
        assertThat(TextTable.wrap("", 4)).containsExactly("");
    }

    @Test
    void aWordThatIsLongerThanALineGoesOnInTheNextWithoutABlank() {
        assertThat(TextTable.wrap("glxgears.trace", 12)).containsExactly("glxgears.tra", "  ce");
        assertThat(TextTable.wrap("a glxgears.trace b", 12)).containsExactly("a", "  glxgears.t", "  race b");
        // A pair of surrogates is one character.
        assertThat(TextTable.wrap("abc\ud83d\ude00", 4)).containsExactly("abc", "  \ud83d\ude00");
    }

    @Test
    void aRowIsAsHighAsItsHighestCellAndNothingInItIsHidden() {
        TextTable table = new TextTable(TextTable.widths(24, 6, 2));
        table.row(List.of(List.of("one"), List.of("a", "b"), List.of("\u001b[31m")));
        assertThat(table.lines()).hasSizeGreaterThanOrEqualTo(2).noneMatch(line -> line.contains("\u001b"));
        assertThat(table.lines().get(0)).startsWith("one     a");
        assertThat(table.lines().get(1)).startsWith("        b");
        assertThat(table.lines()).allMatch(line -> line.length() <= 24);
    }
}
