package dev.semblance.machine.translate;

import dev.semblance.machine.profile.Isa;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

/**
 * Makes regions of guest code, and keeps them for all machines that have the same code. One serves any number of machines, on any threads.
 *
 * <p>What a region does depends on the bytes of its page alone, and doing without it gives the same run. So nothing of a run depends on when a region is
 * ready, or whether one is.
 */
public final class Translator {

    private final Executor executor;
    private final Options options;
    private final RegionLibrary library = new RegionLibrary();

    /**
     * When code is translated, and how much at once.
     *
     * @param threshold how often a block is interpreted before it becomes the start of a region, 1 or more
     * @param maxInstructions how many instructions go into a region, unless its first block has more, 1 or more
     * @param warmUps how often a region is called without a budget before it is used, so that the JVM compiles it early, 0 or more
     */
    public record Options(int threshold, int maxInstructions, int warmUps) {

        /** What suits a run of a second as well as one of an hour. */
        public static final Options DEFAULT = new Options(20_000, 300, 250);

        /** Translates what is executed for the first time. */
        public static final Options EAGER = new Options(1, 300, 0);

        /** Checks the limits. */
        public Options {
            if (threshold < 1 || maxInstructions < 1 || warmUps < 0) {
                throw new IllegalArgumentException("impossible options of a translator");
            }
        }
    }

    /** The execution core that asks. */
    public interface Client {

        /**
         * {@return an instance of a class}
         *
         * @param bytes its class file: a class of the core's own package, without a name that others could use
         */
        Translation define(byte[] bytes);

        /**
         * Calls a region that was just made without a budget.
         *
         * @param made not ready yet
         */
        void warmUp(Translation made);
    }

    /**
     * Makes a translator.
     *
     * @param executor does the work; may do it at once, or refuse it
     * @param options when code is translated
     */
    public Translator(Executor executor, Options options) {
        this.executor = executor;
        this.options = options;
    }

    /** {@return when code is translated} */
    public Options options() {
        return options;
    }

    /**
     * {@return a region that was made before, for this machine or another with the same code}
     *
     * @param isa whose instructions they are
     * @param page the bytes of a page
     * @param entry in bytes from the start of the page
     */
    public Optional<Translation> known(Isa isa, byte[] page, int entry) {
        return library.find(isa, page).map(regions -> regions.get(entry >> 1));
    }

    /**
     * Translates code, now or later or never.
     *
     * @param page the bytes of its page, which are copied
     * @param entry of the shape, in bytes from the start of the page: the one that matters now
     * @param shape which of its instructions; not changed any more
     * @param client who asks
     * @param ready is given, on this thread or another, each entry that there is now, in bytes from the start of the page, and the region that begins there
     */
    public void translate(
            byte[] page, int entry, RegionShape shape, Client client, BiConsumer<Integer, Translation> ready) {
        AtomicReferenceArray<Translation> known = library.of(shape.isa(), page);
        Translation there = known.get(entry >> 1);
        if (there != null) {
            ready.accept(entry, there);
            return;
        }
        try {
            executor.execute(() -> {
                Translation meanwhile = known.get(entry >> 1);
                if (meanwhile != null) {
                    ready.accept(entry, meanwhile);
                    return;
                }
                RegionCode.Made code = RegionCode.of(shape, library.operations());
                Translation made = client.define(code.classFile());
                for (int i = 0; i < options.warmUps(); i++) {
                    client.warmUp(made);
                }
                for (int place : code.shape().entries()) {
                    known.compareAndSet(place, null, made);
                    ready.accept(2 * place, made);
                }
            });
        } catch (RejectedExecutionException e) {
            // Then the code is interpreted.
        }
    }
}
