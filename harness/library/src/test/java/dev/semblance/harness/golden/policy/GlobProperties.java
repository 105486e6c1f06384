package dev.semblance.harness.golden.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class GlobProperties {

    @Property
    void aGlobMatchesWhatTheEqualRegularExpressionMatches(
            @ForAll @Chars({'a', 'b', '.', '*', '?'}) @StringLength(min = 1, max = 8) String pattern,
            @ForAll @Chars({'a', 'b', '.'}) @StringLength(max = 8) String name) {
        String regex = pattern.replace(".", "\\.").replace("*", ".*").replace("?", ".");
        assertThat(new Glob(pattern).matches(name)).isEqualTo(Pattern.matches(regex, name));
    }

    @Property
    void aPatternWithoutFoldersIsAboutTheNameOfATraceInAnyAndOneWithFoldersIsAboutAllOfIt(
            @ForAll @Chars({'a', 'b', '*', '?'}) @StringLength(min = 1, max = 4) String pattern,
            @ForAll @Chars({'a', 'b'}) @StringLength(min = 1, max = 4) String outer,
            @ForAll @Chars({'a', 'b'}) @StringLength(min = 1, max = 4) String name) {
        Glob plain = new Glob(pattern);
        assertThat(plain.matchesTrace(outer + "/" + name)).isEqualTo(plain.matches(name));
        Glob placed = new Glob(outer + "/" + pattern);
        assertThat(placed.matchesTrace(outer + "/" + name)).isEqualTo(plain.matches(name));
        assertThat(placed.matchesTrace(name)).isFalse();
    }

    @Example
    void noPatternLeadsOutOfAFolder() {
        for (String bad : List.of("../a", "a/..", "a/../b", "a//b", "/a", "a/", "./a", "a/.", "")) {
            assertThatThrownBy(() -> new Glob(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Glob("a/.b*").matchesTrace("a/.bc")).isTrue();
    }

    @Property(tries = 20)
    void noPatternTakesForEver(@ForAll @Chars({'a', '*'}) @StringLength(value = 128) String pattern) {
        assertThat(new Glob(pattern).matches("a".repeat(64) + "b"))
                .isEqualTo(pattern.endsWith("*")
                        && pattern.chars().filter(c -> c == 'a').count() <= 64);
    }
}
