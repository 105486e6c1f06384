package dev.semblance.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.DisplayMessage;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.Replies;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The front-end says what QEMU says in QEMU's order, and whatever comes back is a finding and no more. */
class FrontEndTests {

    private static final int GET_CONFIG = 24;
    private static final int SET_MEM_TABLE = 5;
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final DisplayConfig DISPLAYS = DisplayConfig.of(Display.of(640, 480), Display.OFF);
    private static final MemoryMap MAP = MemoryMap.of(0, 1 << 16);
    private static final Map<Integer, QueueLayout> QUEUES = new TreeMap<>(
            Map.of(0, new QueueLayout(4, 0, 0x100, 0x200), 1, new QueueLayout(4, 0x1000, 0x1100, 0x1200)));

    private final SharedRam ram = SharedRam.create(MAP);
    private final FrontEndDisplay display = new FrontEndDisplay(DISPLAYS, () -> {});
    private Optional<FakeBackEnd> peer = Optional.empty();
    private Optional<FrontEnd> front = Optional.empty();

    @AfterEach
    void close() throws InterruptedException {
        front.ifPresent(FrontEnd::close);
        if (peer.isPresent()) {
            peer.get().close();
        }
        ram.close();
    }

    private FrontEnd connect(Duration timeout, UnaryOperator<Message> change) throws LinkFailedException {
        List<UnixSocket> ends;
        try {
            ends = UnixSocket.pair();
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
        peer = Optional.of(new FakeBackEnd(ends.getLast(), change));
        try {
            front = Optional.of(new FrontEnd(ends.getFirst(), display, ram, MAP, timeout));
            return front.orElseThrow();
        } catch (LinkFailedException e) {
            ends.getFirst().close();
            throw e;
        }
    }

    private FrontEnd started(Duration timeout) throws LinkFailedException {
        FrontEnd made = connect(timeout, UnaryOperator.identity());
        made.start(VirtioFeatures.VERSION_1, QUEUES);
        return made;
    }

    private FakeBackEnd peer() {
        return peer.orElseThrow();
    }

    private static Cause cause(ThrowingCallable call) {
        try {
            call.call();
        } catch (LinkFailedException e) {
            return e.failure();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("nothing failed");
    }

    private static Cause.BrokeProtocol broke(ThrowingCallable call) {
        Cause cause = cause(call);
        assertThat(cause).isInstanceOf(Cause.BrokeProtocol.class);
        return (Cause.BrokeProtocol) cause;
    }

    @Test
    void theOpeningExchangeIsQemus() throws LinkFailedException {
        FrontEnd made = started(LONG);
        assertThat(made.offeredFeatures()).isEqualTo(VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID);
        assertThat(made.config(0, FakeBackEnd.CONFIG_BYTES)).startsWith(1, 2, 3).hasSize(FakeBackEnd.CONFIG_BYTES);
        assertThat(peer().heard())
                .containsExactly(
                        "GET_FEATURES",
                        "GET_PROTOCOL_FEATURES",
                        "SET_PROTOCOL_FEATURES",
                        "GET_QUEUE_NUM",
                        "SET_OWNER",
                        "SET_VRING_ERR",
                        "SET_VRING_CALL",
                        "SET_VRING_ERR",
                        "SET_VRING_CALL",
                        "GPU_SET_SOCKET",
                        "SET_FEATURES",
                        "SET_MEM_TABLE",
                        "SET_VRING_NUM",
                        "SET_VRING_BASE",
                        "SET_VRING_ADDR",
                        "SET_VRING_KICK",
                        "SET_VRING_NUM",
                        "SET_VRING_BASE",
                        "SET_VRING_ADDR",
                        "SET_VRING_KICK",
                        "SET_VRING_ENABLE",
                        "SET_VRING_ENABLE",
                        "GET_CONFIG");
    }

    @Test
    void aResetStopsBothQueuesAndClosesTheDisplay() throws LinkFailedException {
        FrontEnd made = started(LONG);
        made.stop();
        assertThat(peer().heard()).endsWith("SET_VRING_ENABLE", "SET_VRING_ENABLE", "GET_VRING_BASE", "GET_VRING_BASE");
        made.start(VirtioFeatures.VERSION_1, QUEUES);
        assertThat(peer().heard())
                .endsWith("SET_VRING_ENABLE")
                .filteredOn("GPU_SET_SOCKET"::equals)
                .hasSize(2);
    }

    @Test
    void picturesAreTakenWhileACommandIsWaitedForAndThoseBeforeItsEndAreThereThen() throws LinkFailedException {
        FrontEnd made = started(LONG);
        AtomicBoolean done = new AtomicBoolean();
        // More than a socket holds: the back-end waits for somebody who takes it.
        Thread shows = Thread.ofPlatform().start(() -> {
            peer().show(new DisplayMessage.Scanout(0, 1000, 1000));
            peer().show(new DisplayMessage.Update(0, 0, 0, 1000, 1000, new byte[4_000_000]));
            peer().show(new DisplayMessage.Scanout(1, 2, 1));
            peer().show(new DisplayMessage.Update(1, 1, 0, 1, 1, new byte[] {1, 2, 3, 4}));
            done.set(true);
            peer().call(0);
        });
        made.await(0, done::get);
        assertThat(shows.isAlive() && !done.get()).isFalse();
        assertThat(display.primary(0).orElseThrow().width()).isEqualTo(1000);
        assertThat(display.primary(1).orElseThrow().argb(1, 0)).isEqualTo(0xff03_0201);
        assertThat(display.primary(1).orElseThrow().argb(0, 0)).isEqualTo(0xff00_0000);
    }

    @Test
    void questionsAboutDisplaysAreAnsweredWhileAReplyIsWaitedFor() throws Exception {
        FrontEnd made = started(LONG);
        Thread asks = Thread.ofPlatform().start(() -> {
            byte[] info = peer().ask(new DisplayMessage.GetDisplayInfo());
            byte[] edid = peer().ask(new DisplayMessage.GetEdid(0));
            byte[] none = peer().ask(new DisplayMessage.GetEdid(-1));
            byte[] features = peer().ask(new DisplayMessage.GetProtocolFeatures());
            assertThat(new int[] {info.length, edid.length, none.length, features.length})
                    .containsExactly(408, 1056, 24, 8);
            assertThat(info).startsWith(1, 0x11).contains(0x80, 2);
            peer().call(0);
        });
        made.await(0, () -> !asks.isAlive());
        asks.join();
        assertThat(made.takeInterrupt()).isTrue();
        assertThat(made.takeInterrupt()).isFalse();
    }

    @Test
    void aCommandThatNeverEndsHangs() throws LinkFailedException {
        FrontEnd made = started(SHORT);
        assertThat(cause(() -> made.await(0, () -> false)))
                .isEqualTo(new Cause.Hung("the end of a command of queue 0", SHORT));
    }

    @Test
    void aQueueThatTheBackEndRefusesIsWaitedForNoLonger() throws LinkFailedException {
        FrontEnd made = started(LONG);
        peer().refuse(1);
        long start = System.nanoTime();
        made.await(1, () -> false);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG);
    }

    @Test
    void aBackEndThatGoesAwayIsToldAsThat() throws LinkFailedException {
        FrontEnd made = connect(LONG, reply -> {
            if (reply.number() == GET_CONFIG) {
                throw new FakeBackEnd.LeavingException();
            }
            return reply;
        });
        made.start(VirtioFeatures.VERSION_1, QUEUES);
        assertThat(broke(() -> made.config(0, 16)).what()).contains("closed its end");
        assertThat(broke(() -> made.await(0, () -> false)).what()).contains("closed its end");
        assertThat(broke(made::stop).what()).contains("spoken to");
    }

    @Test
    void aReplyThatDoesNotComeHangs() {
        UnaryOperator<Message> late = reply -> {
            try {
                Thread.sleep(SHORT.multipliedBy(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return reply;
        };
        assertThat(cause(() -> connect(SHORT, late))).isEqualTo(new Cause.Hung("the reply to GET_FEATURES", SHORT));
    }

    @Test
    void repliesThatAreNoneBreakTheProtocol() {
        assertThat(broke(() -> connect(LONG, reply -> new Message(99, reply.flags(), reply.payload(), List.of())))
                        .what())
                .contains("answered GET_FEATURES with message 99");
        assertThat(broke(() -> connect(LONG, reply -> new Message(reply.number(), 1, reply.payload(), List.of())))
                        .what())
                .contains("not marked as a reply");
        assertThat(broke(() -> connect(
                                LONG, reply -> new Message(reply.number(), reply.flags(), new byte[3], List.of())))
                        .what())
                .contains("broke the protocol");
        assertThat(broke(() -> connect(
                                LONG, reply -> new Message(reply.number(), reply.flags(), Replies.u64(2), List.of())))
                        .what())
                .contains("VHOST_USER_F_PROTOCOL_FEATURES");
    }

    @Test
    void aRefusedMemoryTableIsTold() throws LinkFailedException {
        FrontEnd made = connect(
                LONG,
                reply -> reply.number() == SET_MEM_TABLE
                        ? new Message(reply.number(), reply.flags(), Replies.u64(1), List.of())
                        : reply);
        assertThat(broke(() -> made.start(VirtioFeatures.VERSION_1, QUEUES)).what())
                .isEqualTo("refused SET_MEM_TABLE");
    }

    @Test
    void whatNobodyAskedForIsTold() throws LinkFailedException {
        FrontEnd made = started(LONG);
        peer().interject(new Message(77, Message.VERSION, new byte[0], List.of()));
        assertThat(broke(() -> made.await(0, () -> false)).what()).contains("message 77");
    }

    @Test
    void displayMessagesThatNoFrontEndCanUseAreTold() throws LinkFailedException {
        FrontEnd made = started(LONG);
        for (DisplayMessage message : List.of(
                new DisplayMessage.Update(0, 0, 0, 1, 1, new byte[4]),
                new DisplayMessage.Scanout(0, -1, 1),
                new DisplayMessage.Scanout(0, 1 << 15, 1 << 15))) {
            peer().show(message);
            assertThat(broke(() -> made.await(0, () -> false)).what()).isNotEmpty();
        }
        peer().send(new Message(9, 0, new byte[8], List.of()));
        assertThat(broke(() -> made.await(0, () -> false)).what()).contains("display message 9");
        peer().send(new Message(8, 0, new byte[19], List.of()));
        assertThat(broke(() -> made.await(0, () -> false)).what()).contains("broke the protocol");
    }

    @Test
    void theFlagsOfPicturesMeanNothing() throws LinkFailedException {
        FrontEnd made = started(LONG);
        AtomicBoolean done = new AtomicBoolean();
        peer().send(new Message(7, 0x7f96, new byte[] {0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0}, List.of()));
        peer().send(new Message(
                8,
                Message.REPLY,
                new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 9, 9, 9},
                List.of()));
        made.await(0, () -> done.getAndSet(true));
        assertThat(display.primary(0).orElseThrow().argb(0, 0)).isEqualTo(0xff09_0909);
    }

    @Test
    void anInterruptedThreadDoesNotWait() throws LinkFailedException {
        FrontEnd made = started(LONG);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> made.await(0, () -> false)).isInstanceOf(LinkFailedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
