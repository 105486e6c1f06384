package dev.semblance.bridge.serve;

import dev.semblance.bridge.memory.RegionMemory;
import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.Fd;
import dev.semblance.bridge.posix.Mapping;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.MemoryRegion;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.bridge.vhost.ProtocolException;
import dev.semblance.bridge.vhost.Replies;
import dev.semblance.bridge.vhost.VhostCodec;
import dev.semblance.bridge.vhost.VhostRequest;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.SplitVirtqueue;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control socket of vhost-user, as a back-end has it: what the front-end tells, put together until a driver can be started.
 *
 * <p>vhost-user tells neither of DRIVER_OK nor of a reset. The driver is taken to be started when all queues are enabled, and
 * stopped when all have been disabled; what the device had is kept until it is started again, since a virtual machine that is
 * paused is stopped the same way ({@link VhostTransport#goesOn}).
 */
final class BackEnd implements VhostTransport.Signals, AutoCloseable {

    /** Bits that drivers of before 1.0 have, and one of the transport's. They change nothing here. */
    private static final long WITHOUT_MEANING = 1L << 24 | 1L << 27 | VhostCodec.F_PROTOCOL_FEATURES;

    private static final long PROTOCOL_FEATURES = VhostCodec.P_MQ | VhostCodec.P_REPLY_ACK | VhostCodec.P_CONFIG;

    private static final int CONFIG_BYTES = 16;
    private static final int NUM_SCANOUTS = 8;

    /** Makes the device and the recording of it, at the first start of a driver. */
    @FunctionalInterface
    interface Maker {
        ServedGpu make(GuestView memory, MemoryMap map) throws IOException;
    }

    private final MessageSocket control;
    private final DisplayForwarder display;
    private final Maker maker;
    private final Notices notices;
    private final byte[] config = new byte[CONFIG_BYTES];
    private final List<VhostQueue> queues = List.of(new VhostQueue(0), new VhostQueue(1));
    private long protocolFeatures;
    private long features;
    private List<MemoryRegion> regions = List.of();
    private Optional<RegionMemory> memory = Optional.empty();
    private Optional<ServedGpu> gpu = Optional.empty();
    private Optional<VhostTransport> transport = Optional.empty();
    private boolean running;
    private boolean justStarted;

    BackEnd(MessageSocket control, int scanouts, DisplayForwarder display, Maker maker, Notices notices) {
        this.control = control;
        this.display = display;
        this.maker = maker;
        this.notices = notices;
        ByteBuffer.wrap(config).order(ByteOrder.LITTLE_ENDIAN).putInt(NUM_SCANOUTS, scanouts);
    }

    UnixSocket socket() {
        return control.socket();
    }

    /** {@return the device, once a driver has been started} */
    Optional<ServedGpu> gpu() {
        return gpu;
    }

    /** {@return the eventfd that a queue is notified by, while it is served} */
    Optional<EventFd> kick(int queue) {
        boolean served = running && transport.orElseThrow().isServed(queue);
        return served ? queues.get(queue).kick() : Optional.empty();
    }

    /** {@return whether a driver was started or went on since this was last asked: it may have filled its queues before} */
    boolean takeStart() {
        boolean started = justStarted;
        justStarted = false;
        return started;
    }

    /** {@return whether a driver uses the device now} */
    boolean isDriven() {
        return running;
    }

    int queueCount() {
        return queues.size();
    }

    /** Serves one chain of a queue. Returns whether there was one. */
    boolean serve(int queue) {
        if (!running) {
            return false;
        }
        VhostTransport started = transport.orElseThrow();
        return gpu.orElseThrow().step(() -> started.serve(queue));
    }

    /**
     * Takes one message.
     *
     * @return whether there was one; false if the front-end has closed its end
     */
    boolean receive() throws IOException, PeerException {
        Optional<Message> message = control.receive();
        if (message.isEmpty()) {
            return false;
        }
        try {
            handle(message.get());
            return true;
        } finally {
            message.get().closeFds();
        }
    }

    private void handle(Message message) throws IOException, PeerException {
        VhostRequest request = VhostCodec.decode(message);
        checkFds(request, message.fds());
        switch (request) {
            case VhostRequest.GetFeatures get ->
                reply(message, Replies.u64(ServedGpu.FEATURES | VhostCodec.F_PROTOCOL_FEATURES));
            case VhostRequest.GetProtocolFeatures get -> reply(message, Replies.u64(PROTOCOL_FEATURES));
            case VhostRequest.GetQueueCount get -> reply(message, Replies.u64(queues.size()));
            case VhostRequest.GetConfig get -> reply(message, configReply(get));
            case VhostRequest.GetQueueBase get -> {
                int next = stopQueue(get.queue());
                reply(message, Replies.queueState(get.queue(), next));
            }
            default -> {
                tell(request, message.fds());
                if (message.needsReply() && (protocolFeatures & VhostCodec.P_REPLY_ACK) != 0) {
                    reply(message, Replies.u64(0));
                }
            }
        }
    }

    private void reply(Message request, byte[] payload) throws IOException {
        control.send(new Message(request.number(), Message.VERSION | Message.REPLY, payload, List.of()));
    }

    private static void checkFds(VhostRequest request, List<Fd> fds) throws ProtocolException {
        int wanted = switch (request) {
            case VhostRequest.SetMemoryTable table -> table.regions().size();
            case VhostRequest.SetQueueKick kick -> kick.fd() ? 1 : 0;
            case VhostRequest.SetQueueCall call -> call.fd() ? 1 : 0;
            case VhostRequest.SetQueueError error -> error.fd() ? 1 : 0;
            case VhostRequest.SetDisplaySocket socket -> 1;
            default -> 0;
        };
        if (fds.size() != wanted) {
            throw new ProtocolException("request " + Integer.toUnsignedLong(VhostCodec.number(request)) + " came with "
                    + fds.size() + " file descriptors, and has " + wanted);
        }
    }

    private void tell(VhostRequest request, List<Fd> fds) throws IOException, PeerException {
        switch (request) {
            case VhostRequest.SetFeatures set -> features = set.features();
            case VhostRequest.SetProtocolFeatures set -> protocolFeatures = set.features();
            case VhostRequest.SetMemoryTable set -> setMemory(set.regions(), fds);
            case VhostRequest.SetQueueSize set -> queue(set.queue()).setSize(set.size());
            case VhostRequest.SetQueueBase set -> queue(set.queue()).setBase(set.base());
            case VhostRequest.SetQueueAddresses set -> {
                queue(set.queue()).setAddresses(set);
                checkRings();
            }
            case VhostRequest.SetQueueKick set -> queue(set.queue()).setKick(eventFd(fds));
            case VhostRequest.SetQueueCall set -> queue(set.queue()).setCall(eventFd(fds));
            case VhostRequest.SetQueueError set -> queue(set.queue()).setError(eventFd(fds));
            case VhostRequest.SetQueueEnabled set -> {
                queue(set.queue()).setEnabled(set.enabled());
                if (!running && queues.stream().allMatch(VhostQueue::isEnabled)) {
                    start();
                } else if (running && queues.stream().noneMatch(VhostQueue::isEnabled)) {
                    running = false;
                }
            }
            case VhostRequest.SetDisplaySocket set -> display.connect(UnixSocket.of(fds.getFirst()));
            // Nothing that is written there has an effect on a GPU's picture: events are never set.
            case VhostRequest.SetConfig set -> {}
            case VhostRequest.SetOwner set -> {}
            case VhostRequest.ResetOwner set -> {}
            default ->
                throw new ProtocolException("request " + Integer.toUnsignedLong(VhostCodec.number(request))
                        + " is of a feature of vhost-user that was not offered");
        }
    }

    private VhostQueue queue(int number) throws ProtocolException {
        if (number < 0 || number >= queues.size()) {
            throw new ProtocolException("there is no queue " + Integer.toUnsignedLong(number));
        }
        return queues.get(number);
    }

    private static Optional<EventFd> eventFd(List<Fd> fds) {
        return fds.stream().findFirst().map(EventFd::of);
    }

    private byte[] configReply(VhostRequest.GetConfig get) {
        byte[] wanted = new byte[get.size()];
        int there = Math.max(0, Math.min(CONFIG_BYTES - get.offset(), wanted.length));
        if (there > 0) {
            System.arraycopy(config, get.offset(), wanted, 0, there);
        }
        return Replies.config(get.offset(), get.flags(), wanted);
    }

    private int stopQueue(int number) throws ProtocolException {
        queue(number).stop();
        if (queues.stream().noneMatch(VhostQueue::isEnabled)) {
            running = false;
        }
        return transport.map(started -> started.nextAvailable(number)).orElse(0);
    }

    // ---- memory -------------------------------------------------------------------------------------------------

    private void setMemory(List<MemoryRegion> told, List<Fd> fds) throws IOException, PeerException {
        check(told);
        RegionMemory mapped = map(told, fds);
        Optional<RegionMemory> before = memory;
        memory = Optional.of(mapped);
        regions = told;
        if (gpu.isPresent()) {
            GuestView view = gpu.get().memory();
            if (!view.isWithin(mapped)) {
                throw new PeerException(
                        "the guest no longer has the memory that the trace tells of; a guest whose memory"
                                + " changes can be recorded from there on, as another trace");
            }
            view.replace(mapped);
        }
        before.ifPresent(RegionMemory::close);
        checkRings();
    }

    private static void check(List<MemoryRegion> told) throws PeerException, ProtocolException {
        if (told.isEmpty()) {
            throw new ProtocolException("the guest has no memory");
        }
        for (int i = 0; i < told.size(); i++) {
            if (!told.get(i).isSound()) {
                throw new ProtocolException("region " + i + " of guest memory is not of whole pages, or too large");
            }
            if (told.get(i).guestAddress()
                    > TraceManifest.MAX_MEMORY_END - told.get(i).size()) {
                throw new PeerException("the guest has memory beyond "
                        + (TraceManifest.MAX_MEMORY_END >> 40)
                        + " TiB, which a trace cannot tell of; give it less, or a machine that places it lower");
            }
            for (int j = 0; j < i; j++) {
                if (told.get(i).overlaps(told.get(j))) {
                    throw new ProtocolException("regions " + j + " and " + i + " of guest memory overlap");
                }
            }
        }
    }

    private static RegionMemory map(List<MemoryRegion> told, List<Fd> fds) throws IOException {
        List<RegionMemory.Region> mapped = new ArrayList<>();
        boolean done = false;
        try {
            for (int i = 0; i < told.size(); i++) {
                MemoryRegion region = told.get(i);
                long end = region.offset() + region.size();
                if (fds.get(i).fileSize() < end) {
                    throw new ProtocolException(
                            "the file of region " + i + " of guest memory is shorter than that, or no file");
                }
                mapped.add(new RegionMemory.Region(
                        region.guestAddress(), Mapping.map(fds.get(i), region.offset(), region.size())));
            }
            RegionMemory memory = new RegionMemory(mapped);
            done = true;
            return memory;
        } finally {
            if (!done) {
                mapped.forEach(region -> region.mapping().close());
            }
        }
    }

    /** Rings that are served stay where they are in the guest, however the front-end's addresses change. */
    private void checkRings() throws ProtocolException {
        if (!running) {
            return;
        }
        List<Optional<VhostTransport.Ring>> served = transport.orElseThrow().rings();
        for (int queue = 0; queue < queues.size(); queue++) {
            Optional<VhostTransport.Ring> now = queues.get(queue).ring(regions);
            if (!now.map(VhostTransport.Ring::layout).equals(served.get(queue).map(VhostTransport.Ring::layout))) {
                throw new ProtocolException("the rings of queue " + queue + " moved while they were served");
            }
        }
    }

    // ---- the driver ---------------------------------------------------------------------------------------------

    private void start() throws IOException, PeerException {
        long accepted = accepted();
        RegionMemory guest =
                memory.orElseThrow(() -> new ProtocolException("a driver was started before there was memory"));
        List<Optional<VhostTransport.Ring>> rings = new ArrayList<>();
        for (VhostQueue queue : queues) {
            rings.add(queue.ring(regions));
        }
        if (gpu.isEmpty()) {
            MemoryMap map = MemoryMap.of(regions.stream()
                    .map(region -> new MemoryMap.Region(region.guestAddress(), region.size()))
                    .toList());
            gpu = Optional.of(maker.make(new GuestView(map, guest), map));
        }
        ServedGpu served = gpu.get();
        for (int queue = 0; queue < rings.size(); queue++) {
            Optional<VhostTransport.Ring> ring = rings.get(queue);
            if (ring.isPresent() && !SplitVirtqueue.fits(ring.get().layout(), served.memory(), accepted)) {
                throw new ProtocolException(
                        "the rings of queue " + queue + " are not inside guest memory, or not aligned");
            }
        }
        running = true;
        justStarted = true;
        if (transport.filter(before -> before.goesOn(accepted, rings)).isPresent()) {
            return;
        }
        VhostTransport started = new VhostTransport(served.device(), served.memory(), accepted, rings, this);
        transport = Optional.of(started);
        served.step(() -> {
            started.start();
            return started;
        });
    }

    private long accepted() throws PeerException {
        long accepted = features & ~WITHOUT_MEANING;
        if ((accepted & VirtioFeatures.VERSION_1) == 0) {
            throw new PeerException("the guest's driver uses the device as of before VIRTIO 1.0; start QEMU with"
                    + " disable-legacy=on on the device, or -global virtio-mmio.force-legacy=false");
        }
        long unknown = accepted & ~ServedGpu.FEATURES;
        if (unknown != 0) {
            throw new PeerException("the guest's driver accepted features that are not here (0x"
                    + Long.toHexString(unknown)
                    + "); start QEMU without packed=on, iommu_platform=on, virgl=on and blob=on on the device");
        }
        return accepted;
    }

    @Override
    public void used(int queue) {
        queues.get(queue).call();
    }

    @Override
    public void broken(int queue, RingFault.Reason reason) {
        queues.get(queue).signalError();
        notices.say("the guest broke the rules of queue " + queue + " (" + reason
                + "); it is not served until its driver resets the device");
    }

    @Override
    public void close() {
        queues.forEach(VhostQueue::close);
        memory.ifPresent(RegionMemory::close);
        display.disconnect();
        control.close();
        gpu.ifPresent(ServedGpu::close);
    }
}
