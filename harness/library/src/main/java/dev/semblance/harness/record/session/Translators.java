package dev.semblance.harness.record.session;

import dev.semblance.machine.translate.Translator;
import java.util.concurrent.Executors;

/** Makes translators of guest code. */
public final class Translators {

    private Translators() {}

    /** {@return one that works on a thread of its own, which keeps no process from ending; for any number of guests} */
    public static Translator inBackground() {
        return new Translator(
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("translator").daemon(true).factory()),
                Translator.Options.DEFAULT);
    }
}
