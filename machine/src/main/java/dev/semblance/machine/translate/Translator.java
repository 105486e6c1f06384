package dev.semblance.machine.translate;

import dev.semblance.machine.profile.Isa;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Makes regions of guest code, and keeps them for all machines that have the same code. One serves any number of machines, on any threads.
 *
 * <p>What a region does depends on the bytes of its page alone, and doing without it gives the same run. So nothing of a run depends on when a region is
 * ready, or whether one is.
 */
public final class Translator {

    /**
     * How many regions are kept for other machines, and how many a core asks for until it drops all that it has: the JVM has room for their compiled code,
     * and a guest that makes new code for ever fills neither that nor the heap.
     */
    public static final int MAX_REGIONS = 4096;

    /** How many regions can wait until they are made. More are refused, so that a guest that asks faster than the executor works fills no heap. */
    public static final int MAX_WAITING = 256;

    private final Executor executor;
    private final Options options;
    private final UnaryOperator<byte[]> change;
    private final RegionLibrary library = new RegionLibrary();
    private int waiting;

    /**
     * When code is translated, and how much at once.
     *
     * @param threshold how often a block is interpreted before it becomes the start of a region, 1 or more
     * @param fullThreshold how many instructions are executed in a region, by way of one entry, before it is made again with {@link Effort#FULL}, 1 or more
     * @param maxInstructions how many instructions go into a region, unless its first block has more, 1 or more
     * @param warmUps how often a region is called without a budget before it is used, so that the JVM compiles it early, 0 or more
     * @param compares whether what a region executes is interpreted as well, each time, and compared; a difference ends the run with a
     *     {@link dev.semblance.machine.cpu.CoreDifferenceException}
     */
    public record Options(int threshold, long fullThreshold, int maxInstructions, int warmUps, boolean compares) {

        /** How often a region is called that is to be optimized: often enough to be compiled, not so often that it is thought to do nothing. */
        private static final int MAX_FULL_WARM_UPS = 250;

        /** What suits a run of a second as well as one of an hour, in any JVM: HotSpot finds itself what it is to optimize. */
        public static final Options DEFAULT = new Options(20_000, Long.MAX_VALUE, 300, MAX_FULL_WARM_UPS, false);

        /**
         * What suits a JVM that optimizes no region of {@link Effort#QUICK}, which takes a small part of the time for half of the speed or more. The regions are
         * called so often that the JVM sees to that before they are used.
         */
        public static final Options TWO_EFFORTS = new Options(20_000, 10_000_000, 300, 16_000, false);

        /** Translates what is executed for the first time, and again soon after. */
        public static final Options EAGER = new Options(1, 500, 300, 0, false);

        /** Checks the limits. */
        public Options {
            if (threshold < 1 || fullThreshold < 1 || maxInstructions < 1 || warmUps < 0) {
                throw new IllegalArgumentException("impossible options of a translator");
            }
        }

        /** {@return the same, with each region compared with the interpreter} */
        public Options comparing() {
            return new Options(threshold, fullThreshold, maxInstructions, warmUps, true);
        }

        private int warmUps(Effort effort) {
            return switch (effort) {
                case QUICK -> warmUps;
                case FULL -> Math.min(warmUps, MAX_FULL_WARM_UPS);
            };
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
        this(executor, options, UnaryOperator.identity());
    }

    /** Makes one that changes the class files that it makes: for tests, which plant faults in them. */
    Translator(Executor executor, Options options, UnaryOperator<byte[]> change) {
        this.executor = executor;
        this.options = options;
        this.change = change;
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
        return library.find(isa, page).flatMap(known -> known.at(entry >> 1)).map(RegionLibrary.Known::made);
    }

    /**
     * Translates code, now or later; or refuses to, while there is too much to do.
     *
     * @param page the bytes of its page, which are copied
     * @param entry of the shape, in bytes from the start of the page: the one that matters now
     * @param shape which of its instructions; not changed any more
     * @param effort what the region is to be, at least
     * @param client who asks
     * @param ready is given, on this thread or another, each entry that there is now, in bytes from the start of the page, and the region that begins there
     * @return whether there is such a region, or is to be one; if not, it is to be asked for again when the code was executed as often once more
     */
    public boolean translate(
            byte[] page,
            int entry,
            RegionShape shape,
            Effort effort,
            Client client,
            BiConsumer<Integer, Translation> ready) {
        if (library.find(shape.isa(), page)
                .filter(known -> isThere(known, entry, effort, ready))
                .isPresent()) {
            return true;
        }
        if (!takeOn()) {
            return false;
        }
        RegionLibrary.Page known = library.of(shape.isa(), page);
        try {
            executor.execute(() -> {
                begin();
                make(known, entry, shape, effort, client, ready);
            });
            return true;
        } catch (RejectedExecutionException e) {
            begin();
            return false;
        }
    }

    /** {@return whether there is room for one more that waits; then it does} */
    private synchronized boolean takeOn() {
        if (waiting == MAX_WAITING) {
            return false;
        }
        waiting++;
        return true;
    }

    /** One that waited does so no more. */
    private synchronized void begin() {
        waiting--;
    }

    private void make(
            RegionLibrary.Page known,
            int entry,
            RegionShape shape,
            Effort effort,
            Client client,
            BiConsumer<Integer, Translation> ready) {
        if (isThere(known, entry, effort, ready)) {
            return;
        }
        RegionCode.Made code = RegionCode.of(shape, effort, library.operations());
        Translation made = client.define(change.apply(code.classFile()));
        for (int i = options.warmUps(effort); i > 0; i--) {
            client.warmUp(made);
        }
        int[] entries = code.shape().entries();
        List<RegionLibrary.Known> best = known.keep(new RegionLibrary.Known(made, effort), entries);
        for (int i = 0; i < entries.length; i++) {
            ready.accept(2 * entries[i], best.get(i).made());
        }
    }

    private static boolean isThere(
            RegionLibrary.Page known, int entry, Effort effort, BiConsumer<Integer, Translation> ready) {
        Optional<RegionLibrary.Known> enough = known.at(entry >> 1).filter(there -> there.isEnough(effort));
        enough.ifPresent(there -> ready.accept(entry, there.made()));
        return enough.isPresent();
    }
}
