package dev.semblance.harness.fuzz.matrix;

/**
 * Cases of a row that say nothing of a target.
 *
 * @param reason why
 * @param detail what happened; empty where the reason says it all
 * @param count how many cases
 */
public record Omission(Reason reason, String detail, long count) {

    /** Why a case says nothing of a target. */
    public enum Reason {
        /** The target did before what the reference refused, or the other way round. */
        OUT_OF_STEP(
                "out of step",
                "The target had done what the reference refused, or the other way round, earlier in the same script or recording:"
                        + " the two are in different states."),
        /** What stands between the test and the target answers in its place. */
        NOT_ITS_OWN(
                "not its own",
                "What stands between the test and the target answers this command, not the target itself."),
        /** Its displays could not be changed, so the reference was asked something else. */
        DISPLAYS_STAY(
                "displays stay",
                "The displays of the target cannot be changed, and with those that it has the reference answers otherwise."),
        /** What is shown had differed before, and stays until there is another picture. */
        SHOWN_DIFFERS(
                "shown differed before",
                "What the two show differs since an earlier command of the same script: a picture differed, or one of the two refused"
                        + " what changes it."),
        /** The target shows no pictures. */
        NOT_SHOWN("shows none", "The target shows no pictures."),
        /** The target ended at this command. */
        ENDED_HERE(
                "ended here",
                "The target died, hung or broke its protocol at this command, or at one that came with it."),
        /** The target was no longer there, or the comparison had ended. */
        NOT_REACHED("not reached", "The script or recording had ended before."),
        /** The script or recording was not run on the target. */
        NOT_RUN("not run", "The script or recording was not run on this target.");

        private final String words;
        private final String meaning;

        Reason(String words, String meaning) {
            this.words = words;
            this.meaning = meaning;
        }

        /** {@return the reason in a cell} */
        public String words() {
            return words;
        }

        /** {@return the reason in a sentence} */
        public String meaning() {
            return meaning;
        }
    }

    /** {@return the reason, and what happened: {@code not reached: died of signal 6 (SIGABRT)}} */
    public String text() {
        return detail.isEmpty() ? reason.words() : reason.words() + ": " + detail;
    }
}
