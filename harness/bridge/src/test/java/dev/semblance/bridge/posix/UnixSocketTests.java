package dev.semblance.bridge.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** unix(7), cmsg(3), poll(2), eventfd(2). */
@EnabledOnOs(OS.LINUX)
class UnixSocketTests {

    @TempDir
    private Path folder;

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @Test
    void aDescriptorThatWasSentIsTheSameFileAtTheOtherEnd() throws Exception {
        List<UnixSocket> ends = UnixSocket.pair();
        try (UnixSocket one = ends.get(0);
                UnixSocket two = ends.get(1);
                EventFd event = EventFd.create();
                SharedMemory memory = SharedMemory.create("test", 8192)) {
            assertThat(one.send(HELLO, 0, HELLO.length, List.of(event, memory))).isEqualTo(HELLO.length);
            byte[] came = new byte[16];
            UnixSocket.Received received = two.receive(came, 0, came.length);
            assertThat(received.bytes()).isEqualTo(HELLO.length);
            assertThat(came).startsWith(HELLO);
            assertThat(received.lostFds()).isFalse();
            assertThat(received.fds()).hasSize(2);
            try (EventFd other = EventFd.of(received.fds().get(0));
                    Fd shared = received.fds().get(1)) {
                assertThat(shared.fileSize()).isEqualTo(8192);
                assertThat(other.drain()).isFalse();
                event.signal();
                assertThat(other.drain()).isTrue();
                assertThat(event.drain()).isFalse();
                assertThat(other.fileSize()).isEqualTo(-1);
            }
        }
    }

    @Test
    void moreDescriptorsThanAreTakenAreReported() throws Exception {
        List<UnixSocket> ends = UnixSocket.pair();
        try (UnixSocket one = ends.get(0);
                UnixSocket two = ends.get(1);
                EventFd event = EventFd.create()) {
            assertThatThrownBy(() -> one.send(HELLO, 0, 1, Collections.nCopies(UnixSocket.MAX_FDS + 1, event)))
                    .isInstanceOf(IllegalArgumentException.class);
            one.send(HELLO, 0, 1, Collections.nCopies(UnixSocket.MAX_FDS, event));
            UnixSocket.Received received = two.receive(new byte[1], 0, 1);
            assertThat(received.fds()).hasSize(UnixSocket.MAX_FDS);
            assertThat(received.lostFds()).isFalse();
            received.fds().forEach(Fd::close);
        }
    }

    @Test
    void aClosedPeerIsAnErrorToWhoSendsAndTheEndToWhoReceives() throws Exception {
        List<UnixSocket> ends = UnixSocket.pair();
        ends.get(1).close();
        try (UnixSocket one = ends.get(0)) {
            assertThat(one.receive(new byte[1], 0, 1).bytes()).isZero();
            assertThatThrownBy(() -> one.send(HELLO, 0, 1, List.of()))
                    .isInstanceOfSatisfying(
                            PosixException.class,
                            problem -> assertThat(problem.isPeerGone()).isTrue());
        }
    }

    @Test
    void nothingToReceiveAndNoRoomToSendAreSaidAtOnce() throws Exception {
        List<UnixSocket> ends = UnixSocket.pair();
        try (UnixSocket one = ends.get(0);
                UnixSocket two = ends.get(1)) {
            assertThatThrownBy(() -> two.receive(new byte[1], 0, 1))
                    .isInstanceOfSatisfying(
                            PosixException.class,
                            problem -> assertThat(problem.errno()).isEqualTo(PosixException.EAGAIN));
            byte[] much = new byte[1 << 20];
            int sent = 1;
            while (sent > 0) {
                sent = one.send(much, 0, much.length, List.of());
            }
            assertThat(Poller.isReady(one, Poller.WRITABLE)).isFalse();
        }
    }

    @Test
    void aListenerIsForItsUserAloneAndKnowsWhoConnects() throws Exception {
        Path path = folder.resolve("s.sock");
        try (UnixListener listener = UnixListener.listen(path)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            try (UnixSocket client = UnixSocket.connect(path);
                    UnixSocket server = listener.accept()) {
                assertThat(server.peer().user()).isEqualTo(Credentials.ownUser());
                assertThat(server.peer().process())
                        .isEqualTo((int) ProcessHandle.current().pid());
                client.send(HELLO, 0, HELLO.length, List.of());
                assertThat(server.receive(new byte[9], 0, 9).bytes()).isEqualTo(HELLO.length);
            }
            assertThatThrownBy(() -> UnixListener.listen(path))
                    .isInstanceOfSatisfying(
                            PosixException.class,
                            problem -> assertThat(problem.errno()).isEqualTo(PosixException.EADDRINUSE));
        }
        assertThatThrownBy(() -> UnixSocket.connect(path))
                .isInstanceOfSatisfying(
                        PosixException.class,
                        problem -> assertThat(problem.errno()).isEqualTo(PosixException.ECONNREFUSED));
        assertThatThrownBy(() -> UnixListener.listen(folder.resolve("x".repeat(120))))
                .hasMessageContaining("too long");
    }

    @Test
    void aPollerTellsWhichOfThemAreReady() throws Exception {
        try (EventFd one = EventFd.create();
                EventFd two = EventFd.create()) {
            List<Poller.Interest> both =
                    List.of(new Poller.Interest(one, Poller.READABLE), new Poller.Interest(two, Poller.READABLE));
            assertThat(Poller.await(both, 0).isEmpty()).isTrue();
            two.signal();
            assertThat(Poller.await(both, -1)).hasToString("{1}");
        }
    }

    @Test
    void aClosedDescriptorIsNeverUsedAgain() throws Exception {
        EventFd event = EventFd.create();
        event.close();
        event.close();
        assertThat(event.isOpen()).isFalse();
        assertThatThrownBy(event::number).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void otherSystemsAreRefused() {
        assertThat(Platform.supports("Linux", "amd64")).isTrue();
        assertThat(Platform.supports("Linux", "aarch64")).isTrue();
        assertThat(Platform.supports("Linux", "riscv64")).isFalse();
        assertThat(Platform.supports("Mac OS X", "aarch64")).isFalse();
        Platform.require("this test");
    }
}
