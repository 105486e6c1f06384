package dev.semblance.machine.device;

import dev.semblance.machine.bus.InterruptLine;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The platform-level interrupt controller (RISC-V PLIC specification 1.0.0) with sources 1 to 31, level triggered. As the
 * specification has it, sources have priorities from 0, never, to 7, and contexts a threshold; a claim returns the pending source of
 * highest priority that the context has enabled, of equal ones the lowest. In semu's cut there are neither: a claim returns the
 * highest numbered one.
 *
 * <p>Registers are 32 bits wide; other widths and unknown registers read as 0 and ignore writes. Loading a claim register
 * claims; no other load changes state.
 */
public final class Plic implements MmioDevice, Stateful {

    /** Sources are numbered from 1 to this. */
    public static final int SOURCES = 31;

    private static final int PRIORITY_END = 4 * (SOURCES + 1);
    private static final int PENDING = 0x1000;
    private static final int ENABLE = 0x2000;
    private static final int ENABLE_STRIDE = 0x80;
    private static final int CONTEXT = 0x20_0000;
    private static final int CONTEXT_STRIDE = 0x1000;
    private static final int THRESHOLD = 0;
    private static final int CLAIM = 4;

    private static final int PRIORITIES = 7;

    private final List<InterruptLine> outputs;
    private final boolean hasPriorities;
    private final int[] enabled;
    /** By source. All 1 in semu's cut. */
    private final int[] priority = new int[SOURCES + 1];
    /** By context. All 0 in semu's cut. */
    private final int[] threshold;

    private int level;
    private int pending;
    /** Sources whose gateway is closed: requested, and not yet completed. */
    private int inService;

    private Plic(List<InterruptLine> outputs, boolean hasPriorities) {
        this.outputs = List.copyOf(outputs);
        this.hasPriorities = hasPriorities;
        this.enabled = new int[outputs.size()];
        this.threshold = new int[outputs.size()];
        Arrays.fill(priority, hasPriorities ? 0 : 1);
    }

    /**
     * {@return a controller in semu's cut with every source low}
     *
     * @param outputs the external interrupt line (SEIP) of each hart, one context each
     */
    public static Plic asInSemu(List<InterruptLine> outputs) {
        return new Plic(outputs, false);
    }

    /**
     * {@return a controller with priorities, all 0, and every source low}
     *
     * @param outputs the external interrupt line of each context
     */
    public static Plic withPriorities(List<InterruptLine> outputs) {
        return new Plic(outputs, true);
    }

    /**
     * {@return the input line of a source, 1 to {@link #SOURCES}}
     *
     * @param number the number of the source, from 1
     */
    public InterruptLine source(int number) {
        Objects.checkIndex(number - 1, SOURCES);
        int bit = 1 << number;
        return high -> {
            level = high ? level | bit : level & ~bit;
            update();
        };
    }

    @Override
    public int load(int offset, int width) {
        if (width != 4) {
            return 0;
        }
        if (offset < PRIORITY_END) {
            return offset == 0 ? 0 : priority[offset >> 2];
        }
        if (offset == PENDING) {
            return pending;
        }
        int context = contextOf(offset, ENABLE, ENABLE_STRIDE, 0);
        if (context >= 0) {
            return enabled[context];
        }
        context = contextOf(offset, CONTEXT, CONTEXT_STRIDE, THRESHOLD);
        if (context >= 0) {
            return threshold[context];
        }
        context = contextOf(offset, CONTEXT, CONTEXT_STRIDE, CLAIM);
        return context >= 0 ? claim(context) : 0;
    }

    @Override
    public void store(int offset, int width, int value) {
        if (width != 4) {
            return;
        }
        if (offset < PRIORITY_END) {
            if (hasPriorities && offset != 0) {
                priority[offset >> 2] = value & PRIORITIES;
                update();
            }
            return;
        }
        int context = contextOf(offset, ENABLE, ENABLE_STRIDE, 0);
        if (context >= 0) {
            enabled[context] = value & ~1;
            update();
            return;
        }
        context = contextOf(offset, CONTEXT, CONTEXT_STRIDE, THRESHOLD);
        if (context >= 0) {
            if (hasPriorities) {
                threshold[context] = value & PRIORITIES;
                update();
            }
            return;
        }
        context = contextOf(offset, CONTEXT, CONTEXT_STRIDE, CLAIM);
        if (context >= 0) {
            complete(context, value);
        }
    }

    /** {@return the context whose register lies at {@code offset}, or -1} */
    private int contextOf(int offset, int start, int stride, int register) {
        int distance = offset - start - register;
        boolean hit = distance >= 0 && distance % stride == 0 && distance / stride < enabled.length;
        return hit ? distance / stride : -1;
    }

    private int claim(int context) {
        int source = best(context);
        if (source == 0) {
            return 0;
        }
        pending &= ~(1 << source);
        update();
        return source;
    }

    /** {@return the source that a context would claim, 0 if there is none} */
    private int best(int context) {
        int candidates = pending & enabled[context];
        if (!hasPriorities) {
            return candidates == 0 ? 0 : 31 - Integer.numberOfLeadingZeros(candidates);
        }
        int best = 0;
        for (int source = 1; source <= SOURCES; source++) {
            if ((candidates & 1 << source) != 0 && priority[source] > (best == 0 ? 0 : priority[best])) {
                best = source;
            }
        }
        return best;
    }

    /** Opens the gateway again; ignored for a source that the context has not enabled (PLIC 1.0.0, 9). */
    private void complete(int context, int source) {
        if (source >= 1 && source <= SOURCES && (enabled[context] & 1 << source) != 0) {
            inService &= ~(1 << source);
            update();
        }
    }

    private void update() {
        int requests = level & ~inService;
        pending |= requests;
        inService |= requests;
        for (int context = 0; context < enabled.length; context++) {
            int best = best(context);
            outputs.get(context).set(best != 0 && priority[best] > threshold[context]);
        }
    }

    @Override
    public void state(StateExchange s) {
        s.part("PLIC", 1);
        level = s.digested(level);
        pending = s.digested(pending);
        inService = s.digested(inService);
        s.require(((level | pending | inService) & 1) == 0, "an interrupt of it has no source");
        s.require((level & ~inService) == 0, "an interrupt of it was not taken notice of");
        s.digestedConstant(enabled.length, "number of harts");
        for (int context = 0; context < enabled.length; context++) {
            enabled[context] = s.digested(enabled[context]);
            s.require((enabled[context] & 1) == 0, "an interrupt of it has no source");
        }
        if (hasPriorities) {
            for (int source = 1; source <= SOURCES; source++) {
                priority[source] = s.digested(priority[source], 0, PRIORITIES);
            }
            for (int context = 0; context < threshold.length; context++) {
                threshold[context] = s.digested(threshold[context], 0, PRIORITIES);
            }
        }
    }
}
