package dev.semblance.bridge.target;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows the rings of a device that lies elsewhere: which chains its driver offers, and which come back. It reads memory as the
 * device does and trusts neither side.
 */
final class RingWatch {

    /** A queue that is in use, and how far its rings were followed. */
    private static final class Queue {
        private final QueueLayout layout;
        private final boolean eventIndex;
        private int available;
        private int used;
        private final TreeMap<Long, SeenChain> underway = new TreeMap<>();

        Queue(QueueLayout layout, boolean eventIndex, int available, int used) {
            this.layout = layout;
            this.eventIndex = eventIndex;
            this.available = available;
            this.used = used;
        }
    }

    private final GuestMemory memory;
    private final List<RingObserver> observers;
    private final TreeMap<Integer, Queue> queues = new TreeMap<>();

    /**
     * Follows rings.
     *
     * @param memory guest memory
     * @param observers told in this order
     */
    RingWatch(GuestMemory memory, List<RingObserver> observers) {
        this.memory = memory;
        this.observers = List.copyOf(observers);
    }

    void enabled(int number, QueueLayout layout, boolean eventIndex) {
        // A queue that was only disabled goes on where it was.
        Optional<Queue> before = Optional.ofNullable(queues.get(number));
        queues.put(
                number,
                new Queue(
                        layout,
                        eventIndex,
                        before.map(queue -> queue.available).orElse(0),
                        before.map(queue -> queue.used).orElse(0)));
    }

    void queueReset(int number) {
        queues.remove(number);
    }

    void reset() {
        queues.clear();
        observers.forEach(RingObserver::reset);
    }

    /** Looks at what was offered since the last time, right before the device is notified. */
    void notifying(int number) {
        Queue queue = queues.get(number);
        if (queue == null || !inside(queue.layout)) {
            return;
        }
        int published = memory.getShort(queue.layout.availableRing() + 2) & 0xffff;
        int count = published - queue.available & 0xffff;
        if (count > queue.layout.size()) {
            // No device can take that many: it will refuse the ring.
            return;
        }
        for (; queue.available != published; queue.available = queue.available + 1 & 0xffff) {
            int place = queue.available % queue.layout.size();
            int head = memory.getShort(queue.layout.availableRing() + 4 + 2L * place) & 0xffff;
            SeenChain chain = SeenChain.follow(memory, queue.layout, number, head);
            queue.underway.put((long) head, chain);
            observers.forEach(observer -> observer.offered(chain));
        }
    }

    /** {@return whether the device has given back as many chains as it was offered} */
    boolean isAllUsed(int number) {
        Queue queue = queues.get(number);
        return queue == null || !inside(queue.layout) || usedIndex(queue) == queue.available;
    }

    /** {@return the used index of a queue as memory has it now; 0 for one that is not in use} */
    int usedIndex(int number) {
        Queue queue = queues.get(number);
        return queue == null || !inside(queue.layout) ? 0 : usedIndex(queue);
    }

    private int usedIndex(Queue queue) {
        return memory.getShortAcquire(queue.layout.usedRing() + 2) & 0xffff;
    }

    /**
     * Looks at what came back since the last time. An index that runs ahead of what was offered tells of a ring's worth of
     * elements at most.
     */
    void settle(int number) {
        Queue queue = queues.get(number);
        if (queue != null && inside(queue.layout)) {
            int published = usedIndex(queue);
            for (int left = queue.layout.size(); queue.used != published && left > 0; left--) {
                boolean asked = isAsked(queue);
                UsedElement element = element(queue);
                queue.used = queue.used + 1 & 0xffff;
                Optional<SeenChain> chain = Optional.ofNullable(queue.underway.remove(element.head()));
                chain.ifPresent(seen -> observers.forEach(observer -> observer.used(seen, element, asked)));
            }
            queue.used = published;
        }
        observers.forEach(RingObserver::settled);
    }

    private UsedElement element(Queue queue) {
        long at = queue.layout.usedRing() + 4 + 8L * (queue.used % queue.layout.size());
        return new UsedElement(memory.getInt(at) & 0xffff_ffffL, memory.getInt(at + 4) & 0xffff_ffffL);
    }

    private boolean isAsked(Queue queue) {
        long ring = queue.layout.availableRing();
        return queue.eventIndex
                ? (memory.getShort(ring + 4 + 2L * queue.layout.size()) & 0xffff) == queue.used
                : (memory.getShort(ring) & 1) == 0;
    }

    private boolean inside(QueueLayout layout) {
        long size = layout.size();
        return size > 0
                && memory.contains(layout.availableRing(), 4 + 2 * size + Short.BYTES)
                && memory.contains(layout.usedRing(), 4 + 8 * size)
                && (layout.usedRing() & 1) == 0;
    }
}
