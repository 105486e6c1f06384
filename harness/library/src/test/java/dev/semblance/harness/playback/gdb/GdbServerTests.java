package dev.semblance.harness.playback.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.profile.MachineModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A debugger on a socket, whatever it does: GDB manual, E.1, and what this server promises. */
@Timeout(60)
class GdbServerTests {

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private GdbServer server;
    private Future<Integer> served;

    @BeforeEach
    void serve() throws Exception {
        server = GdbServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SmallMachine machine = new SmallMachine(MachineModel.SEMU, Long.MAX_VALUE / 4);
        served = thread.submit(() -> {
            int count = 0;
            while (server.serve(machine)) {
                count++;
            }
            return count;
        });
    }

    private int close() throws Exception {
        server.close();
        return served.get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        close();
        thread.shutdown();
        assertThat(thread.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private GdbClient client() throws IOException {
        return new GdbClient(server.address());
    }

    @Test
    void packetsAreAcknowledgedUntilTheDebuggerWantsItNoMore() throws Exception {
        try (GdbClient gdb = client()) {
            assertThat(gdb.ask("p20")).isEqualTo("+$00000000#80");
            assertThat(gdb.send("$p20#00").readOne()).isEqualTo('-');
            assertThat(gdb.send("-").read()).as("again").isEqualTo("$00000000#80");
            assertThat(gdb.ask("QStartNoAckMode")).isEqualTo("+$OK#9a");
            assertThat(gdb.ask("p20")).isEqualTo("$00000000#80");
            assertThat(gdb.send("$p20#00").read()).startsWith("$E.the checksum");
        }
    }

    @Test
    void whatRunsIsInterruptedAndAnInterruptThatCameBeforeIsForgotten() throws Exception {
        try (GdbClient gdb = client()) {
            gdb.ask("QStartNoAckMode");
            gdb.send("\u0003").packet("Z0,8,4");
            assertThat(gdb.read()).isEqualTo("$OK#9a");
            assertThat(gdb.ask("c")).as("the breakpoint").startsWith("$T0520:08000000");
            assertThat(gdb.ask("z0,8,4")).isEqualTo("$OK#9a");
            gdb.send("\u0003").packet("c");
            assertThat(gdb.isSilent()).isTrue();
            gdb.send("\u0003");
            assertThat(gdb.read()).startsWith("$T02");
        }
    }

    /** GDB asks for each of many steps by itself, and sends an interrupt while it waits for one that is over by then. */
    @Test
    void anInterruptAmongStepsStopsTheNextOne() throws Exception {
        try (GdbClient gdb = client()) {
            gdb.ask("QStartNoAckMode");
            gdb.send("\u0003");
            assertThat(gdb.ask("s")).as("before any").startsWith("$T0520:04000000");
            assertThat(gdb.ask("vCont;s")).startsWith("$T05");
            gdb.send("\u0003");
            assertThat(gdb.ask("p20")).startsWith("$");
            assertThat(gdb.ask("s")).startsWith("$T0220:08000000");
            assertThat(gdb.ask("s")).as("once").startsWith("$T05");
            assertThat(gdb.ask("Z0,8,4")).isEqualTo("$OK#9a");
            gdb.send("\u0003");
            assertThat(gdb.ask("c")).as("not a run").startsWith("$T0520:08000000");
            assertThat(gdb.ask("s")).as("a run was in between").startsWith("$T05");
        }
    }

    @Test
    void aSecondDebuggerIsRefusedAndTheFirstNotDisturbed() throws Exception {
        try (GdbClient first = client()) {
            assertThat(first.ask("s")).startsWith("+$T05");
            for (int i = 0; i < 5; i++) {
                try (GdbClient second = client()) {
                    assertThat(second.read()).isEqualTo("END");
                }
            }
            assertThat(first.ask("s")).startsWith("+$T05");
        }
    }

    @Test
    void theNextDebuggerComesWhenOneHasLeftAndFindsTheMachineWhereItWas() throws Exception {
        try (GdbClient gdb = client()) {
            gdb.ask("s");
            assertThat(gdb.ask("Z0,8,4")).endsWith("$OK#9a");
            assertThat(gdb.ask("D")).endsWith("$OK#9a");
            assertThat(gdb.read()).endsWith("END");
        }
        try (GdbClient gdb = client()) {
            assertThat(gdb.ask("p20")).isEqualTo("+$04000000#84");
            // In the middle of a packet.
            gdb.send("$p2");
        }
        try (GdbClient gdb = nextClient()) {
            gdb.packet("c");
            assertThat(gdb.readOne()).isEqualTo('+');
            // In the middle of a run, which has no end, for the breakpoint went with who had set it.
        }
        try (GdbClient gdb = nextClient()) {
            assertThat(gdb.ask("k")).isEqualTo("+END");
        }
        assertThat(close()).isGreaterThanOrEqualTo(4);
    }

    /** Who connects at the very moment at which another goes without a word is refused perhaps. */
    private GdbClient nextClient() throws Exception {
        while (true) {
            GdbClient gdb = client();
            gdb.packet("qC");
            try {
                if (gdb.read().endsWith("$QC1#c5")) {
                    return gdb;
                }
            } catch (IOException e) {
                // Refused.
            }
            gdb.close();
            Thread.sleep(20);
        }
    }

    @Test
    void garbageAndPacketsWithoutEndHurtNobody() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            try (GdbClient gdb = nextClient()) {
                byte[] garbage = new byte[5_000];
                random.nextBytes(garbage);
                StringBuilder text = new StringBuilder();
                for (byte one : garbage) {
                    // Interrupts and packets are none of it.
                    text.append(one == '$' || one == 3 || one == '-' ? 'x' : (char) (one & 0xff));
                }
                gdb.send(text.toString());
                gdb.send("$" + "a".repeat(i * 10_000));
            } catch (IOException e) {
                // The server may have closed it.
            }
        }
        try (GdbClient gdb = nextClient()) {
            String data = "a".repeat(PacketReader.MAX_LENGTH + 1);
            assertThat(gdb.ask(data)).startsWith("+$E.the packet is longer");
            assertThat(gdb.ask("qC")).isEqualTo("+$QC1#c5");
        }
    }

    @Test
    void whoWaitsForADebuggerIsToldThatTheServerIsClosed() throws Exception {
        CompletableFuture<Integer> closed = CompletableFuture.supplyAsync(() -> {
            try {
                return close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(closed.get(20, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aServerThatIsClosedEndsTheConnectionThatThereIs() throws Exception {
        try (GdbClient gdb = client()) {
            gdb.ask("qC");
            assertThat(close()).isEqualTo(1);
            assertThat(gdb.read()).isEqualTo("END");
        }
    }
}
