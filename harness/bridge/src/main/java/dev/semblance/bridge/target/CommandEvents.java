package dev.semblance.bridge.target;

import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * An event for each chain that came back from a device that lies elsewhere. What the device read of a request cannot be seen, so
 * the event has all of it; and as to the interrupt, what the driver had asked for.
 */
final class CommandEvents implements RingObserver {

    private final GuestMemory memory;
    private final TargetConfig.Recording to;
    private final IdentityHashMap<SeenChain, byte[]> requests = new IdentityHashMap<>();

    CommandEvents(GuestMemory memory, TargetConfig.Recording to) {
        this.memory = memory;
        this.to = to;
    }

    @Override
    public void offered(SeenChain chain) {
        requests.put(chain, chain.request(memory, RequestAssembler.MAX_BYTES));
    }

    @Override
    public void used(SeenChain chain, UsedElement used, boolean asked) {
        byte[] request = Optional.ofNullable(requests.remove(chain)).orElseGet(() -> new byte[0]);
        to.recorder()
                .emit(new TraceEvent.Command(
                        to.device(),
                        chain.queue(),
                        chain.head(),
                        chain.descriptors(),
                        new TraceEvent.Payload.Full(
                                request, chain.response(memory, Math.min(used.length(), RequestAssembler.MAX_BYTES))),
                        used.length(),
                        asked ? Notification.SENT : Notification.SUPPRESSED));
    }

    @Override
    public void reset() {
        requests.clear();
    }
}
