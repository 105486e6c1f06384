package dev.semblance.gpu.model;

import static dev.semblance.gpu.testing.Testbed.attach;
import static dev.semblance.gpu.testing.Testbed.create2d;
import static dev.semblance.gpu.testing.Testbed.detach;
import static dev.semblance.gpu.testing.Testbed.flush;
import static dev.semblance.gpu.testing.Testbed.moveCursor;
import static dev.semblance.gpu.testing.Testbed.rect;
import static dev.semblance.gpu.testing.Testbed.setScanout;
import static dev.semblance.gpu.testing.Testbed.transfer;
import static dev.semblance.gpu.testing.Testbed.unref;
import static dev.semblance.gpu.testing.Testbed.updateCursor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.testing.Testbed;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, corner 7: state is what a guest can see, all of it, and nothing else. */
class StateTests {

    private static final PixelFormat FORMAT = PixelFormat.B8G8R8X8;

    private final Testbed bed = new Testbed();

    @Test
    void everythingThatAGuestCanSeeIsInTheState() {
        bed.poke(0, 1, 2, 3, 4, 5, 6);
        List<Consumer<Testbed>> steps = List.of(
                b -> b.ok(create2d(1, FORMAT, 3, 2)),
                b -> b.ok(attach(1, new MemoryEntry(0, 24))),
                b -> b.ok(transfer(1, rect(0, 0, 3, 2), 0)),
                b -> b.ok(setScanout(0, 1, rect(0, 0, 2, 2))),
                b -> b.ok(setScanout(0, 1, rect(1, 0, 2, 2))),
                b -> b.ok(flush(1, rect(0, 0, 1, 1))),
                b -> b.ok(create2d(3, FORMAT, 64, 64)),
                b -> b.cursor(updateCursor(3, new CursorPosition(0, 0, 0), 0, 0)),
                b -> b.cursor(updateCursor(3, new CursorPosition(0, 0, 0), 1, 2)),
                b -> b.cursor(moveCursor(new CursorPosition(0, 5, 6))),
                b -> b.ok(detach(1)),
                b -> b.ok(attach(1, new MemoryEntry(4, 24))),
                b -> b.ok(create2d(2, FORMAT, 2, 3)),
                b -> b.ok(unref(2)),
                b -> b.ok(create2d(2, FORMAT, 3, 2)),
                b -> b.ok(unref(2)),
                b -> b.ok(create2d(2, PixelFormat.B8G8R8A8, 3, 2)),
                b -> b.device().changeDisplays(DisplayConfig.single(9, 8)),
                b -> b.device().writeConfig(4, 4, 1),
                b -> b.ok(setScanout(0, 0, rect(0, 0, 0, 0))));
        List<Object> before = StateList.of(bed.device());
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).accept(bed);
            List<Object> after = StateList.of(bed.device());
            assertThat(after).as("step %d changes the state", i).isNotEqualTo(before);
            before = after;
        }
    }

    @Test
    void whatIsKeptOnlyForSpeedIsNotInTheState() {
        Testbed other = new Testbed();
        for (Testbed one : List.of(bed, other)) {
            one.poke(0, 1, 2, 3, 4, 5, 6);
            one.backed(1, FORMAT, 3, 2, 0);
            one.ok(setScanout(0, 1, rect(0, 0, 3, 2)));
            one.ok(flush(1, rect(0, 0, 1, 1)));
        }
        StateList.of(bed.device());
        bed.poke(0, 9, 9, 9, 9, 9, 9);
        bed.ok(transfer(1, rect(0, 0, 3, 2), 0));
        bed.ok(flush(1, rect(0, 0, 1, 1)));
        bed.poke(0, 1, 2, 3, 4, 5, 6);
        bed.ok(transfer(1, rect(0, 0, 3, 2), 0));
        other.ok(transfer(1, rect(0, 0, 3, 2), 0));
        assertThat(StateList.of(bed.device())).isEqualTo(StateList.of(other.device()));
    }

    // Entries that follow on from each other are the same memory as one.
    @Test
    void howABackingIsCutIsNotInTheState() {
        Testbed other = new Testbed();
        bed.ok(create2d(1, FORMAT, 3, 2));
        other.ok(create2d(1, FORMAT, 3, 2));
        bed.ok(attach(1, new MemoryEntry(100, 24)));
        other.ok(attach(1, new MemoryEntry(100, 10), new MemoryEntry(3, 0), new MemoryEntry(110, 14)));
        assertThat(StateList.of(other.device())).isEqualTo(StateList.of(bed.device()));
    }

    // VIRTIO 1.2, 2.4
    @Test
    void aResetGoesBackToTheStateAfterPowerOn() {
        List<Object> fresh = StateList.of(bed.device());
        bed.backed(1, FORMAT, 3, 2, 0);
        bed.ok(setScanout(0, 1, rect(0, 0, 3, 2)));
        bed.ok(flush(1, rect(0, 0, 1, 1)));
        bed.ok(create2d(2, FORMAT, 64, 64));
        bed.cursor(updateCursor(2, new CursorPosition(0, 4, 5), 1, 1));
        assertThat(StateList.of(bed.device())).isNotEqualTo(fresh);
        bed.reset();
        assertThat(StateList.of(bed.device())).isEqualTo(fresh);
    }

    /** A change in one pixel anywhere in an image larger than a digest block. */
    @Test
    void everyPixelCounts() {
        bed.backed(1, FORMAT, 1024, 200, 0);
        List<Object> before = StateList.of(bed.device());
        for (int pixel : new int[] {0, 65535, 65536, 70000, 204799}) {
            bed.ram().putByte(4L * pixel + 1, (byte) 1);
            bed.ok(transfer(1, rect(0, 0, 1024, 200), 0));
            List<Object> after = StateList.of(bed.device());
            assertThat(after).as("pixel %d", pixel).isNotEqualTo(before);
            before = after;
        }
    }
}
