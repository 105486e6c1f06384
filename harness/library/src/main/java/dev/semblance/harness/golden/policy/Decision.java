package dev.semblance.harness.golden.policy;

import dev.semblance.harness.PixelRect;
import dev.semblance.harness.golden.FrameDiff;
import java.util.List;
import java.util.Optional;

/**
 * What decided over a snapshot.
 *
 * @param rule the rule; empty if every pixel had to be right
 * @param expired rules that would have decided, had they not expired
 * @param comparisons what the picture was compared with under the rule: the golden, then the alternatives, up to the one
 *     that matched
 */
public record Decision(Optional<Rule> rule, List<Rule> expired, List<MaskedComparison> comparisons) {

    /** Every pixel had to be right, and no rule was ever meant to change that. */
    public static final Decision EXACT = new Decision(Optional.empty(), List.of(), List.of());

    /** Copies the lists. */
    public Decision {
        expired = List.copyOf(expired);
        comparisons = List.copyOf(comparisons);
    }

    /** {@return the rectangles that were not compared} */
    public List<PixelRect> masks() {
        return rule.map(Rule::masks).orElse(List.of());
    }

    /**
     * {@return what differs outside of the masks, from the first picture compared under a rule that does}
     *
     * @param all what differs anywhere, for where nothing was compared under a rule
     */
    public FrameDiff unmasked(FrameDiff all) {
        return comparisons.stream()
                .map(MaskedComparison::diff)
                .filter(diff -> !(diff instanceof FrameDiff.Same))
                .findFirst()
                .orElse(all);
    }
}
