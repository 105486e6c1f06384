package dev.semblance.harness.replay;

import dev.semblance.harness.target.dialect.Dialect;

/**
 * How a replay into a device that is not ours is judged: by its pictures at the snapshots, and by its answers only where that
 * is wanted.
 *
 * @param dialect what may be answered otherwise than recorded
 * @param answersCount whether an answer that differs, and that the dialect does not allow, is a failure; else it is only listed
 */
public record TargetJudgement(Dialect dialect, boolean answersCount) {

    /** By the pictures alone. */
    public static final TargetJudgement PICTURES = new TargetJudgement(Dialect.STANDARD, false);
}
