package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.boot.BadImageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is typed while a guest starts reaches it when its driver is there. */
class TypedInputTests {

    /** Waits; then clears the port's FIFOs and turns the receiver's interrupt on, as a driver does; then sends back what comes. */
    private static final int[] LATE_ECHO = {
        0xf40002b7, // lui t0, 0xf4000
        0x00030337, // lui t1, 0x30
        0xfff30313, // late: addi t1, t1, -1
        0xfe031ee3, // bnez t1, late
        0x00700393, // li t2, 7
        0x00728123, // sb t2, 2(t0)
        0x00100393, // li t2, 1
        0x007280a3, // sb t2, 1(t0)
        0x0052ce03, // poll: lbu t3, 5(t0)
        0x001e7e13, // andi t3, t3, 1
        0xfe0e0ce3, // beqz t3, poll
        0x0002ce83, // lbu t4, 0(t0)
        0x01d28023, // sb t4, 0(t0)
        0xfedff06f, // j poll
    };

    private static final String TEXT = "uname -a; echo more than the port takes at once; poweroff -f\n";
    private static final long SET_UP = 2 * 0x3_0000;
    private static final long SLICE = 10_000;

    private final ByteArrayOutputStream echo = new ByteArrayOutputStream();
    private final List<Stamped> events = new ArrayList<>();
    private final Session session;

    TypedInputTests() throws BadImageException {
        ByteBuffer image = ByteBuffer.allocate(4 * LATE_ECHO.length).order(ByteOrder.LITTLE_ENDIAN);
        image.asIntBuffer().put(LATE_ECHO);
        session = new Session(
                new SessionConfig(
                        new SessionConfig.Start.Bare(GuestImage.of("echo", image.array())),
                        Optional.empty(),
                        0,
                        DisplayConfig.DEFAULT),
                Optional.of((cycle, event) -> events.add(new Stamped(events.size(), cycle, event))),
                new Session.Observer() {
                    @Override
                    public void consoleOutput(byte value) {
                        echo.write(value);
                    }
                });
    }

    private String echo() {
        return echo.toString(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes() {
        return TEXT.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void whatIsTypedBeforeTheDriverIsThereComesWholeAndIsRecorded() {
        TypedInput typed = new TypedInput();
        for (byte value : bytes()) {
            typed.add(value);
        }
        while (session.machine().hart().cycle() < SET_UP + 20 * SLICE) {
            typed.passTo(session);
            session.machine().run(session.machine().hart().cycle() + SLICE);
        }
        assertThat(echo()).isEqualTo(TEXT);
        ByteArrayOutputStream recorded = new ByteArrayOutputStream();
        for (Stamped event : events) {
            if (event.event() instanceof TraceEvent.ConsoleInput input) {
                assertThat(event.cycle()).isGreaterThan(SET_UP);
                assertThat(input.bytes()).hasSizeLessThanOrEqualTo(16);
                recorded.writeBytes(input.bytes());
            }
        }
        assertThat(recorded.toString(StandardCharsets.US_ASCII)).isEqualTo(TEXT);
    }

    /** This is what it is held back for, as on a real line. */
    @Test
    void whatComesBeforeTheDriverIsThereIsLostToIt() {
        session.port().console(bytes());
        session.machine().run(SET_UP + 20 * SLICE);
        assertThat(echo()).isNotEqualTo(TEXT);
    }
}
