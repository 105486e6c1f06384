package dev.semblance.bridge.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.Fd;
import dev.semblance.bridge.posix.PosixException;
import dev.semblance.bridge.posix.UnixSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a peer may do in the middle of a message, on purpose or not. */
@EnabledOnOs(OS.LINUX)
class MessageSocketTests {

    private UnixSocket peer;
    private MessageSocket socket;

    @BeforeEach
    void connect() throws Exception {
        List<UnixSocket> ends = UnixSocket.pair();
        peer = ends.get(0);
        socket = new MessageSocket(ends.get(1), 64, Duration.ofMillis(200));
    }

    @AfterEach
    void disconnect() {
        peer.close();
        socket.close();
    }

    private void send(byte[] bytes, int from, int to, List<? extends Fd> fds) throws PosixException {
        assertThat(peer.send(bytes, from, to - from, fds)).isEqualTo(to - from);
    }

    @Test
    void aMessageInPiecesIsOneAndTwoInOnePieceAreTwo() throws Exception {
        byte[] one = MessageSocket.encode(new Message(5, 1, new byte[] {1, 2, 3}, List.of()));
        byte[] two = MessageSocket.encode(new Message(6, 1, new byte[0], List.of()));
        try (EventFd event = EventFd.create()) {
            send(one, 0, 5, List.of(event));
            send(one, 5, 13, List.of());
            send(one, 13, one.length, List.of(event));
            send(two, 0, two.length, List.of());
        }
        Message first = socket.receive().orElseThrow();
        assertThat(first.number()).isEqualTo(5);
        assertThat(first.payload()).containsExactly(1, 2, 3);
        assertThat(first.fds()).hasSize(2);
        first.closeFds();
        assertThat(socket.receive().orElseThrow().number()).isEqualTo(6);
    }

    @Test
    void anEndBetweenMessagesIsAnEndAndOneInAMessageIsABreach() throws Exception {
        byte[] message = MessageSocket.encode(new Message(5, 1, new byte[] {1, 2, 3}, List.of()));
        send(message, 0, message.length, List.of());
        send(message, 0, 7, List.of());
        peer.close();
        assertThat(socket.receive()).isPresent();
        assertThatThrownBy(() -> socket.receive()).hasMessageContaining("in the middle of a message");

        disconnect();
        connect();
        peer.close();
        assertThat(socket.receive()).isEmpty();
    }

    @Test
    void aMessageThatNeverEndsIsGivenUp() throws Exception {
        byte[] message = MessageSocket.encode(new Message(5, 1, new byte[] {1, 2, 3}, List.of()));
        send(message, 0, message.length - 1, List.of());
        assertThatThrownBy(() -> socket.receive()).hasMessageContaining("within 200 ms");
    }

    @Test
    void aMessageThatIsTooLongTakesNoMemory() throws Exception {
        byte[] header = MessageSocket.encode(new Message(5, 1, new byte[0], List.of()));
        for (int i = 8; i < 12; i++) {
            header[i] = (byte) 0xff;
        }
        send(header, 0, header.length, List.of());
        assertThatThrownBy(() -> socket.receive()).hasMessageContaining("4294967295 bytes, and at most 64");
    }

    @Test
    void moreDescriptorsThanAnyMessageHasAreABreach() throws Exception {
        byte[] message = MessageSocket.encode(new Message(5, 1, new byte[] {1, 2, 3}, List.of()));
        try (EventFd event = EventFd.create()) {
            send(message, 0, 4, Collections.nCopies(UnixSocket.MAX_FDS, event));
            send(message, 4, 12, List.of(event));
            assertThatThrownBy(() -> socket.receive()).hasMessageContaining("more than 16 file descriptors");
        }
    }

    @Test
    void whoDoesNotReadIsWaitedForNoLongerThanTheLimit() {
        Message message = new Message(5, 1, new byte[1 << 20], List.of());
        assertThatThrownBy(() -> {
                    while (true) {
                        socket.send(message);
                    }
                })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("took nothing");
    }
}
