package dev.semblance.harness.record.session;

import dev.semblance.machine.translate.Translator;
import java.util.concurrent.Executors;

/** Makes translators of guest code. */
public final class Translators {

    /** Set by whoever starts the JVM with options by which no region of quick effort is optimized. */
    private static final String TWO_EFFORTS = "semblance.two-efforts";

    private Translators() {}

    /** {@return one that works on a thread of its own, which keeps no process from ending; for any number of guests} */
    public static Translator inBackground() {
        return inBackground(options());
    }

    /** {@return the same, but what is translated is interpreted as well, and compared: many times slower} */
    public static Translator comparing() {
        return inBackground(options().comparing());
    }

    private static Translator.Options options() {
        return Boolean.getBoolean(TWO_EFFORTS) ? Translator.Options.TWO_EFFORTS : Translator.Options.DEFAULT;
    }

    private static Translator inBackground(Translator.Options options) {
        return new Translator(
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("translator").daemon(true).factory()),
                options);
    }
}
