package dev.semblance.harness.record.session;

import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.trace.TraceEvent.End.Reason;
import java.util.List;

/**
 * Attends a run: says between two stretches of it what is done to the guest, and how far the machine runs next. All methods are called by
 * the thread that runs the machine. What is done is recorded at the cycle at which it is said, so that the recording replays, whatever the
 * attendant went by.
 */
public interface Attendant {

    /** What comes next. */
    sealed interface Turn {

        /**
         * The run goes on.
         *
         * @param effects what is done first, at this cycle, in this order: anything but {@link Effect.Finish} and {@link Effect.Fail}
         * @param until the cycle up to which the machine runs then; it runs not at all if that has come
         */
        record Go(List<Effect> effects, long until) implements Turn {
            /** Copies the list. */
            public Go {
                effects = List.copyOf(effects);
            }
        }

        /**
         * The run ends here.
         *
         * @param reason why, as it is recorded
         */
        record End(Reason reason) implements Turn {}
    }

    /**
     * {@return what comes next} It may take its time over it: the machine stands still.
     *
     * @param session the machine between two stretches
     */
    Turn next(Session session);

    /** {@return whether time goes by for a guest that waits and that nothing will wake, since the attendant may} Else that ends the run. */
    boolean wakesTheGuest();

    /** {@return whether the run goes on though its scenario has come to its end} Asked when it has, unless it switched the machine off. */
    boolean goesOnAfterScenario();
}
