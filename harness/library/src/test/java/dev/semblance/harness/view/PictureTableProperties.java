package dev.semblance.harness.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.view.ViewedTrace.Planes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** docs/VIEWER.md, pictures: each moment of what scanouts showed comes out of the table as it went in, whichever one asks for. */
class PictureTableProperties {

    private static final int OPAQUE = 0xff << 24;

    private static PageRoom room(long limit) {
        return new PageRoom(0, limit, 0, 1);
    }

    private static Frame painted(Frame frame, SplittableRandom random, int colours) {
        int[] pixels = new int[frame.width() * frame.height()];
        for (int y = 0; y < frame.height(); y++) {
            frame.copyRow(y, pixels, y * frame.width());
        }
        int from = random.nextInt(pixels.length);
        int to = random.nextInt(from, pixels.length);
        for (int i = from; i <= to; i++) {
            pixels[i] = OPAQUE | random.nextInt(colours) * 0x3_0507 & 0xff_ffff;
        }
        return Frame.ofPixels(frame.width(), frame.height(), pixels);
    }

    private static Planes next(Planes before, SplittableRandom random) {
        Optional<Frame> primary = before.primary();
        CursorPlane cursor = before.cursor();
        switch (random.nextInt(8)) {
            case 0 -> primary = Optional.empty();
            case 1 ->
                primary = Optional.of(Frame.solid(
                        random.nextInt(1, 60), random.nextInt(1, 200), OPAQUE | random.nextInt(0x100_0000)));
            case 2, 3, 4 -> {
                int colours = random.nextBoolean() ? 4 : 0x100_0000;
                primary = Optional.of(painted(primary.orElseGet(() -> Frame.solid(20, 30, OPAQUE)), random, colours));
            }
            case 5 -> cursor = new CursorPlane(cursor.image(), random.nextInt(), random.nextInt(), 1, 1);
            case 6 -> {
                int[] image = new int[64 * 64];
                int seed = random.nextInt(3);
                for (int i = 0; i < image.length; i++) {
                    image[i] = seed * i * 0x9e37_79b9;
                }
                cursor = new CursorPlane(Optional.of(Frame.ofPixels(64, 64, image)), -5, 7, 0, 0);
            }
            default -> cursor = CursorPlane.HIDDEN;
        }
        return new Planes(primary, cursor);
    }

    @Property(tries = 60)
    void eachMomentComesOutAsItWentIn(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int scanouts) {
        SplittableRandom random = new SplittableRandom(seed);
        PictureTable table = new PictureTable(scanouts, room(Long.MAX_VALUE));
        List<List<Planes>> shown = new ArrayList<>();
        List<Planes> now = new ArrayList<>(IntStream.range(0, scanouts)
                .mapToObj(each -> new Planes(Optional.empty(), CursorPlane.HIDDEN))
                .toList());
        int places = random.nextInt(1, 200);
        for (int place = 0; place < places; place++) {
            int changed = random.nextInt(2 * scanouts);
            if (changed < scanouts) {
                now.set(changed, next(now.get(changed), random));
            }
            shown.add(List.copyOf(now));
            table.take(place, now);
        }
        table.end();
        PictureTableDecoder decoder = new PictureTableDecoder(table.rows(), table.cursors());
        for (int ask = 0; ask < 20; ask++) {
            int place = random.nextInt(places);
            int scanout = random.nextInt(scanouts);
            assertSame(
                    decoder.at(table.pictures().get(scanout), table.places().get(scanout), place),
                    shown.get(place).get(scanout));
        }
    }

    /** A cursor that is hidden is nowhere, and the hot spot is not seen. */
    static void assertSame(Planes actual, Planes expected) {
        assertThat(actual.primary()).isEqualTo(expected.primary());
        assertThat(actual.cursor().image()).isEqualTo(expected.cursor().image());
        if (expected.cursor().image().isPresent()) {
            assertThat(actual.cursor().x()).isEqualTo(expected.cursor().x());
            assertThat(actual.cursor().y()).isEqualTo(expected.cursor().y());
        }
    }

    @Example
    void picturesThatComeAgainAreAFewBytes() {
        SplittableRandom random = new SplittableRandom(3);
        Frame one = painted(Frame.solid(640, 480, OPAQUE), random, 0x100_0000);
        Frame other = painted(one, random, 0x100_0000);
        PageRoom room = room(Long.MAX_VALUE);
        PictureTable table = new PictureTable(1, room);
        table.take(0, List.of(new Planes(Optional.of(one), CursorPlane.HIDDEN)));
        table.take(1, List.of(new Planes(Optional.of(other), CursorPlane.HIDDEN)));
        long first = room.taken();
        for (int place = 2; place < 1002; place++) {
            table.take(place, List.of(new Planes(Optional.of(place % 2 == 0 ? one : other), CursorPlane.HIDDEN)));
        }
        table.end();
        assertThat(room.taken() - first).isLessThan(480 * 640 * 4 + 40_000);
        assertThat(table.rows()).hasSizeLessThanOrEqualTo(2 * 480 / RowBlock.ROWS + 1);
    }

    @Example
    void moreThanThePageMayHaveIsRefusedWithWhereItWasFull() {
        SplittableRandom random = new SplittableRandom(3);
        PageRoom room = new PageRoom(0, 1_000_000, 5, 500);
        PictureTable table = new PictureTable(1, room);
        assertThatThrownBy(() -> {
                    for (int event = 5; event <= 500; event++) {
                        room.at(event);
                        table.take(
                                event,
                                List.of(new Planes(
                                        Optional.of(painted(Frame.solid(640, 480, OPAQUE), random, 0x100_0000)),
                                        CursorPlane.HIDDEN)));
                    }
                })
                .isInstanceOf(UnusableInputException.class)
                .hasMessageMatching(
                        "a page of the events 5 to 500 has more than 1,000,000 bytes: so much is needed up to"
                                + " event [0-9]+; name a shorter range with --from and --to, or allow more with --max-size");
    }
}
