package dev.semblance.machine.virtio.input;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An input device (VIRTIO 1.2, 5.8). What the host reports is delivered whole or not at all (5.8.6.2): a report waits in a
 * FIFO until the guest has given a buffer for each of its events, and all of them are announced by one notification.
 */
public final class VirtioInput implements VirtioDevice, Stateful {

    /** How many reports wait at most; when the FIFO is full, the newest is dropped. */
    public static final int MAX_WAITING_REPORTS = 1024;

    /**
     * How many events a report has at most, SYN_REPORT not counted: Linux gives 64 buffers, so a longer one would wait for
     * ever.
     */
    public static final int MAX_REPORT_EVENTS = 63;

    /** The largest size of a split virtqueue (2.7). */
    private static final int MAX_EVENT_BUFFERS = 32768;

    private static final int EVENTQ = 0;
    private static final int STATUSQ = 1;

    private static final int SELECT = 0;
    private static final int SUBSEL = 1;
    private static final int SIZE = 2;
    private static final int DATA = 8;
    private static final int DATA_SIZE = 128;

    private final InputProfile profile;
    private final ArrayDeque<List<InputEvent>> waiting = new ArrayDeque<>();
    private Optional<DeviceContext> context = Optional.empty();
    private int eventBuffers;
    private int select;
    private int subsel;
    private int leds;

    /** Makes a device. */
    public VirtioInput(InputProfile profile) {
        this.profile = profile;
    }

    /** {@return what the device says it is} */
    public InputProfile profile() {
        return profile;
    }

    /**
     * Reports what the user did: one or more events, to which the device adds SYN_REPORT.
     *
     * @return whether the report will reach the guest if it gives buffers; false if it was dropped: there is no driver yet
     *     (2.1.2), the FIFO is full, or the report has no events, or more than {@link #MAX_REPORT_EVENTS}
     */
    public boolean report(List<InputEvent> events) {
        boolean possible = !events.isEmpty() && events.size() <= MAX_REPORT_EVENTS;
        if (!possible || context.isEmpty() || waiting.size() == MAX_WAITING_REPORTS) {
            return false;
        }
        List<InputEvent> report = new ArrayList<>(events);
        report.add(InputEvent.SYN_REPORT);
        waiting.add(List.copyOf(report));
        deliver(context.get());
        return true;
    }

    /** {@return how many reports wait for buffers} */
    public int waitingReports() {
        return waiting.size();
    }

    /** {@return the LEDs that the guest has switched on: bit n is LED code n} */
    public int leds() {
        return leds;
    }

    @Override
    public int deviceId() {
        return 18;
    }

    @Override
    public long offeredFeatures() {
        return VirtioFeatures.VERSION_1;
    }

    @Override
    public int queueCount() {
        return 2;
    }

    @Override
    public int configSize() {
        return DATA + DATA_SIZE;
    }

    @Override
    public int readConfig(int offset, int width) {
        int value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | configByte(offset + i);
        }
        return value;
    }

    private int configByte(int offset) {
        byte[] answer = profile.answerTo(select, subsel);
        return switch (offset) {
            case SELECT -> select;
            case SUBSEL -> subsel;
            case SIZE -> answer.length;
            default -> {
                int place = offset - DATA;
                yield place >= 0 && place < answer.length ? answer[place] & 0xff : 0;
            }
        };
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        for (int i = 0; i < width; i++) {
            int bits = value >> 8 * i & 0xff;
            switch (offset + i) {
                case SELECT -> select = bits;
                case SUBSEL -> subsel = bits;
                default -> {
                    // The rest is the device's.
                }
            }
        }
    }

    @Override
    public void reset() {
        context = Optional.empty();
        waiting.clear();
        eventBuffers = 0;
        select = 0;
        subsel = 0;
        leds = 0;
    }

    @Override
    public void queueEnabled(int queue, QueueLayout layout) {
        if (queue == EVENTQ) {
            eventBuffers = layout.size();
        }
    }

    @Override
    public void start(DeviceContext newContext) {
        context = Optional.of(newContext);
    }

    @Override
    public void resume(Optional<DeviceContext> running) {
        context = running;
    }

    @Override
    public void queueNotified(int queue) {
        context.ifPresent(running -> {
            switch (queue) {
                case EVENTQ -> deliver(running);
                default -> takeStatus(running.queue(STATUSQ));
            }
        });
    }

    /** Delivers reports, oldest first, as long as there are buffers for a whole one. */
    private void deliver(DeviceContext running) {
        Virtqueue queue = running.queue(EVENTQ);
        while (!waiting.isEmpty()) {
            List<InputEvent> report = waiting.element();
            if (eventBuffers > 0 && report.size() > eventBuffers) {
                // The driver's ring can never hold it, and it must not block the ones behind it.
                waiting.remove();
                continue;
            }
            if (queue.available() < report.size()) {
                return;
            }
            List<DescriptorChain> buffers = takeBuffers(running, queue, report.size());
            if (buffers.size() < report.size()) {
                return;
            }
            waiting.remove();
            write(queue, report, buffers);
        }
    }

    /** Takes buffers without touching them; fewer than asked for if one is unusable, which stops the device. */
    private static List<DescriptorChain> takeBuffers(DeviceContext running, Virtqueue queue, int count) {
        List<DescriptorChain> buffers = new ArrayList<>(count);
        while (buffers.size() < count) {
            Optional<DescriptorChain> buffer = queue.poll();
            if (buffer.isEmpty()) {
                return buffers;
            }
            if (buffer.get().writer().size() < InputEvent.SIZE) {
                // 5.8.6.1: the driver must give room for a whole event.
                running.needsReset();
                return buffers;
            }
            buffers.add(buffer.get());
        }
        return buffers;
    }

    private static void write(Virtqueue queue, List<InputEvent> report, List<DescriptorChain> buffers) {
        for (int i = 0; i < report.size(); i++) {
            int written = buffers.get(i).writer().write(report.get(i).encode());
            boolean last = i == report.size() - 1;
            queue.complete(buffers.get(i), written, last ? Virtqueue.Announce.NOW : Virtqueue.Announce.LATER);
        }
    }

    /** Takes what the driver says of LEDs and the like. Nothing is written, so nothing is announced as written. */
    private void takeStatus(Virtqueue queue) {
        for (Optional<DescriptorChain> chain = queue.poll(); chain.isPresent(); chain = queue.poll()) {
            byte[] event = chain.get().reader().readUpTo(InputEvent.SIZE);
            if (event.length == InputEvent.SIZE) {
                note(event);
            }
            queue.complete(chain.get(), 0, Virtqueue.Announce.NOW);
        }
    }

    private void note(byte[] event) {
        boolean aboutLed = event[0] == InputEvent.EV_LED && event[1] == 0;
        boolean known = event[2] >= 0 && event[2] < Integer.SIZE && event[3] == 0;
        if (aboutLed && known) {
            int led = 1 << event[2];
            leds = event[4] != 0 ? leds | led : leds & ~led;
        }
    }

    @Override
    public void state(StateExchange s) {
        s.part("INPT", 1);
        select = s.digested(select, 0, 0xff);
        subsel = s.digested(subsel, 0, 0xff);
        leds = s.digested(leds);
        int reports = s.digestedCount(waiting.size(), MAX_WAITING_REPORTS);
        s.items(waiting, reports, List.of(), report -> exchange(s, report));
        eventBuffers = s.saved(eventBuffers, 0, MAX_EVENT_BUFFERS);
    }

    private static List<InputEvent> exchange(StateExchange s, List<InputEvent> report) {
        List<InputEvent> events = new ArrayList<>(report);
        int count = s.digestedCount(report.size(), MAX_REPORT_EVENTS + 1);
        s.require(count > 0, "a report of it is empty");
        s.items(
                events,
                count,
                InputEvent.SYN_REPORT,
                event -> new InputEvent(s.digested(event.type()), s.digested(event.code()), s.digested(event.value())));
        return List.copyOf(events);
    }
}
