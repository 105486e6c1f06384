package dev.semblance.machine.device;

import dev.semblance.machine.bus.InterruptLine;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.Timeline;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Timer and software interrupts of the harts (RISC-V ACLINT specification 1.0-rc4) as semu wires them: the timer raises
 * the supervisor timer interrupt, and both software interrupt devices raise the supervisor software interrupt.
 *
 * <p>mtime follows the timeline; nothing polls it, since every change of a timer line is a deadline. After power-on no
 * timer is set ({@code mtimecmp} is all ones), where semu starts with 0 and every line high; no guest can rely on either.
 *
 * <p>Registers are accessed 32 bits at a time; other widths and unknown registers read as 0 and ignore writes. Loads
 * change nothing.
 */
public final class Aclint implements Stateful {

    /**
     * The lines to one hart.
     *
     * @param timer follows the comparison of mtime with mtimecmp
     * @param software driven high for every software interrupt sent, since the hart may have cleared sip.SSIP by itself
     *     meanwhile (privileged specification, 4.1.3); driven low when msip is written 0
     */
    public record HartLines(InterruptLine timer, InterruptLine software) {}

    private static final int MTIME = 0x7ff8;

    private final Timeline timeline;
    private final long cyclesPerTick;
    private final List<HartLines> harts;
    private final Timer[] timers;
    private final int[] msip;
    /** How far mtime is ahead of the timeline: the guest may set it. */
    private long mtimeOffset;

    private static final class Timer {
        long compare = -1L;
        Optional<Timeline.Deadline> deadline = Optional.empty();
    }

    /**
     * Makes the devices for some harts.
     *
     * @param timeline tells the time
     * @param cyclesPerTick cycles in one tick of mtime, at least 1
     * @param harts what each hart is told, in the order of their numbers
     */
    public Aclint(Timeline timeline, long cyclesPerTick, List<HartLines> harts) {
        if (cyclesPerTick < 1) {
            throw new IllegalArgumentException("cycles per tick of mtime must be at least 1: " + cyclesPerTick);
        }
        this.timeline = timeline;
        this.cyclesPerTick = cyclesPerTick;
        this.harts = List.copyOf(harts);
        this.timers = new Timer[harts.size()];
        Arrays.setAll(timers, hart -> new Timer());
        this.msip = new int[harts.size()];
    }

    /** {@return the MTIMER device: mtimecmp of hart h at 8h, mtime at 0x7ff8} */
    public MmioDevice timer() {
        return new TimerRegisters();
    }

    /** {@return the MSWI device: msip of hart h at 4h} */
    public MmioDevice machineSoftwareInterrupts() {
        return new MachineRegisters();
    }

    /**
     * {@return the SSWI device: setssip of hart h at 4h} Storing 1 sends an interrupt, which then is the hart's alone; the
     * register reads as 0 and storing 0 does nothing (ACLINT, 4.1). semu keeps what was stored until the hart takes it.
     */
    public MmioDevice supervisorSoftwareInterrupts() {
        return new SupervisorRegisters();
    }

    /** {@return mtime, in ticks; it is also what the {@code time} CSR reads} */
    public long mtime() {
        return timeline.now() / cyclesPerTick + mtimeOffset;
    }

    /**
     * Sets a hart's timer, as sbi_set_timer does: its line is high from the time mtime reaches {@code mtime} (unsigned).
     *
     * @param hart the number of the hart
     * @param mtime the time at which its timer rings, unsigned
     */
    public void setTimer(int hart, long mtime) {
        timers[hart].compare = mtime;
        updateTimer(hart);
    }

    /** Drives the timer line and schedules its next change: mtime reaching mtimecmp, or wrapping to 0. */
    private void updateTimer(int hart) {
        Timer timer = timers[hart];
        timer.deadline.ifPresent(Timeline.Deadline::cancel);
        OptionalLong next = nextChange(timer);
        timer.deadline = next.isPresent()
                ? Optional.of(timeline.schedule(next.getAsLong(), () -> updateTimer(hart)))
                : Optional.empty();
        harts.get(hart).timer().set(isDue(timer));
    }

    private boolean isDue(Timer timer) {
        return Long.compareUnsigned(mtime(), timer.compare) >= 0;
    }

    /** {@return the cycle at which a timer's line changes next; empty if no run comes to that} */
    private OptionalLong nextChange(Timer timer) {
        long ticks = (isDue(timer) ? 0 : timer.compare) - mtime();
        long tick = timeline.now() / cyclesPerTick;
        return ticks > 0 && ticks <= Long.MAX_VALUE / cyclesPerTick - tick
                ? OptionalLong.of((tick + ticks) * cyclesPerTick)
                : OptionalLong.empty();
    }

    private static int half(long value, int offset) {
        return (int) ((offset & 4) == 0 ? value : value >>> 32);
    }

    private static long withHalf(long value, int offset, int half) {
        return (offset & 4) == 0
                ? value & 0xffff_ffff_0000_0000L | half & 0xffff_ffffL
                : value & 0xffff_ffffL | (long) half << 32;
    }

    private final class TimerRegisters implements MmioDevice {

        @Override
        public int load(int offset, int width) {
            if (width != 4) {
                return 0;
            }
            if ((offset & ~4) == MTIME) {
                return half(mtime(), offset);
            }
            int hart = offset >> 3;
            return hart < timers.length ? half(timers[hart].compare, offset) : 0;
        }

        @Override
        public void store(int offset, int width, int value) {
            if (width != 4) {
                return;
            }
            int hart = offset >> 3;
            if ((offset & ~4) == MTIME) {
                long now = mtime();
                mtimeOffset += withHalf(now, offset, value) - now;
                for (int each = 0; each < timers.length; each++) {
                    updateTimer(each);
                }
            } else if (hart < timers.length) {
                setTimer(hart, withHalf(timers[hart].compare, offset, value));
            }
        }
    }

    /** {@return whether a register of 32 bits for one of the harts lies at {@code offset}} */
    private boolean isHartWord(int offset, int width) {
        return width == 4 && offset >> 2 < msip.length;
    }

    private final class MachineRegisters implements MmioDevice {

        @Override
        public int load(int offset, int width) {
            return isHartWord(offset, width) ? msip[offset >> 2] : 0;
        }

        @Override
        public void store(int offset, int width, int value) {
            if (isHartWord(offset, width)) {
                msip[offset >> 2] = value & 1;
                harts.get(offset >> 2).software().set((value & 1) != 0);
            }
        }
    }

    private final class SupervisorRegisters implements MmioDevice {

        @Override
        public int load(int offset, int width) {
            return 0;
        }

        @Override
        public void store(int offset, int width, int value) {
            if (isHartWord(offset, width) && (value & 1) != 0) {
                harts.get(offset >> 2).software().set(true);
            }
        }
    }

    /** The levels of the lines are the harts' state. */
    @Override
    public void state(StateExchange s) {
        s.part("CLNT", 1);
        mtimeOffset = s.digested(mtimeOffset);
        s.digestedConstant(timers.length, "number of harts");
        for (int hart = 0; hart < timers.length; hart++) {
            timers[hart].compare = s.digested(timers[hart].compare);
            msip[hart] = s.digested(msip[hart], 0, 1);
            int which = hart;
            timers[hart].deadline = timeline.exchange(s, timers[hart].deadline, () -> updateTimer(which));
            s.require(ringsInTime(timers[hart]), "its timer does not ring when it should");
        }
    }

    /** {@return whether a timer has the deadline that it was given last, which may have come and not been seen to yet} */
    private boolean ringsInTime(Timer timer) {
        OptionalLong next = nextChange(timer);
        if (timer.deadline.isEmpty()) {
            return next.isEmpty();
        }
        long cycle = timer.deadline.get().cycle();
        long then = cycle / cyclesPerTick + mtimeOffset;
        boolean hasCome = cycle == timeline.now() && cycle % cyclesPerTick == 0 && (then == timer.compare || then == 0);
        return hasCome || next.isPresent() && next.getAsLong() == cycle;
    }
}
