package dev.semblance.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.record.live.Shown;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** docs/LIVE.md, pictures: whatever is left out, a page has in the end what is shown, and has seen each clear. */
class PictureEncoderProperties {

    private static final int OPAQUE = 0xff00_0000;

    /**
     * A change of what a scanout shows.
     *
     * @param seen whether the page takes it, or misses it
     */
    record Change(int kind, int x, int y, int colour, boolean seen) {}

    @Provide
    Arbitrary<List<Change>> changes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers(),
                        Arbitraries.of(true, false))
                .as(Change::new)
                .list()
                .ofMaxSize(30);
    }

    private static Frame painted(Frame frame, Change change) {
        int[] pixels = new int[frame.width() * frame.height()];
        for (int y = 0; y < frame.height(); y++) {
            frame.copyRow(y, pixels, y * frame.width());
        }
        int across = Math.min(change.x(), frame.width() - 1);
        for (int y = change.y() / 2; y < Math.min(change.y(), frame.height()); y++) {
            for (int x = across / 3; x <= across; x++) {
                pixels[y * frame.width() + x] = OPAQUE | change.colour();
            }
        }
        return Frame.ofPixels(frame.width(), frame.height(), pixels);
    }

    private static Shown after(Shown before, Change change) {
        Frame now = before.picture().orElseGet(() -> Frame.solid(40, 30, OPAQUE));
        Optional<Frame> picture = switch (change.kind()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(Frame.solid(change.x() + 1, change.y() + 1, OPAQUE | change.colour()));
            case 2, 3, 4 -> Optional.of(painted(now, change));
            default -> before.picture();
        };
        CursorPlane cursor = switch (change.kind()) {
            case 5 -> new CursorPlane(before.cursor().image(), change.x() - 20, change.y(), 0, 0);
            case 6 ->
                change.x() == 0
                        ? CursorPlane.HIDDEN
                        : new CursorPlane(Optional.of(Frame.solid(8, 8, change.colour())), change.x(), 3, 0, 0);
            default -> before.cursor();
        };
        boolean cleared = before.picture().isPresent() && picture.isEmpty();
        return new Shown(before.serial() + 1, picture, cursor, before.clears() + (cleared ? 1 : 0));
    }

    private static int drain(PictureEncoder encoder, Shown shown, PictureDecoder page) {
        int messages = 0;
        for (Optional<ByteBuffer> next = encoder.next(shown); next.isPresent(); next = encoder.next(shown)) {
            page.take(next.get());
            messages++;
        }
        return messages;
    }

    @Property(tries = 300)
    void aPageHasWhatIsShownWhateverItMissed(@ForAll("changes") List<Change> changes) {
        PictureEncoder encoder = new PictureEncoder(0);
        PictureDecoder page = new PictureDecoder();
        Shown shown = Shown.NOTHING;
        long clearsSeen = 0;
        for (Change change : changes) {
            shown = after(shown, change);
            if (change.seen()) {
                int before = page.clears;
                boolean showed = page.shows().isPresent();
                drain(encoder, shown, page);
                assertThat(page.shows()).isEqualTo(shown.picture());
                assertThat(page.cursorVisible).isEqualTo(shown.cursor().image().isPresent());
                if (page.cursorVisible) {
                    assertThat(page.cursor).isEqualTo(shown.cursor().image());
                    assertThat(page.cursorX).isEqualTo(shown.cursor().x());
                }
                if (showed && shown.clears() > clearsSeen) {
                    assertThat(page.clears).as("a clear came through").isGreaterThan(before);
                }
                clearsSeen = shown.clears();
                assertThat(drain(encoder, shown, page))
                        .as("nothing is sent twice")
                        .isZero();
            }
        }
        encoder.end();
    }

    @Example
    void aLargePictureComesInPartsAndNoiseAsItIs() {
        int[] pixels = new int[3000 * 700];
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = OPAQUE | random.nextInt();
        }
        Shown noise = new Shown(1, Optional.of(Frame.ofPixels(3000, 700, pixels)), CursorPlane.HIDDEN, 0);
        PictureEncoder encoder = new PictureEncoder(0);
        PictureDecoder page = new PictureDecoder();
        assertThat(drain(encoder, noise, page)).isEqualTo(3);
        assertThat(page.shows()).isEqualTo(noise.picture());
        encoder.end();
    }

    /** Rows of noise in another order, some of them new: many messages' worth of them if the picture is large. */
    @Property(tries = 60)
    void rowsThatMovedAreCopiedWhereverTheyCameFrom(
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 16, max = 90) int height,
            @ForAll @IntRange(min = -30, max = 30) int scrolled,
            @ForAll @IntRange(min = 0, max = 20) int changed,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Frame before = noise(width, height, random);
        Frame.Row[] rows = new Frame.Row[height];
        for (int y = 0; y < height; y++) {
            boolean fresh = random.nextInt(100) < changed;
            Frame source = fresh ? noise(width, height, random) : before;
            int from = random.nextInt(20) == 0 ? random.nextInt(height) : Math.clamp(y + scrolled, 0, height - 1);
            int[] pixels = new int[width];
            source.copyRow(from, pixels, 0);
            rows[y] = new Frame.Row(pixels);
        }
        assertFollows(before, Frame.of(width, rows));
    }

    private static Frame noise(int width, int height, SplittableRandom random) {
        return Frame.ofPixels(
                width,
                height,
                random.ints((long) width * height).map(pixel -> pixel | OPAQUE).toArray());
    }

    private static int assertFollows(Frame before, Frame now) {
        PictureEncoder encoder = new PictureEncoder(0);
        PictureDecoder page = new PictureDecoder();
        drain(encoder, new Shown(1, Optional.of(before), CursorPlane.HIDDEN, 0), page);
        drain(encoder, new Shown(2, Optional.of(now), CursorPlane.HIDDEN, 0), page);
        assertThat(page.shows()).contains(now);
        encoder.end();
        return page.runsCopied;
    }

    /** Copies of a picture of several messages are of the picture before, which the first message draws over. */
    @Example
    void aLargePictureThatIsTurnedUpsideDownIsCopied() {
        Frame before = noise(2000, 1100, new SplittableRandom(3));
        Frame.Row[] rows = new Frame.Row[1100];
        for (int y = 0; y < rows.length; y++) {
            int[] pixels = new int[2000];
            before.copyRow(y < 1000 ? rows.length - 1 - y : y, pixels, 0);
            pixels[0] = y % 2 == 0 ? pixels[0] : OPAQUE;
            rows[y] = new Frame.Row(pixels);
        }
        assertThat(assertFollows(before, Frame.of(2000, rows))).isEqualTo(500);
    }

    @Example
    void aConsoleThatScrollsIsOneCopy() {
        Frame before = noise(640, 480, new SplittableRandom(5));
        Frame.Row[] rows = new Frame.Row[480];
        for (int y = 0; y < rows.length; y++) {
            int[] pixels = new int[640];
            Arrays.fill(pixels, OPAQUE);
            if (y < 464) {
                before.copyRow(y + 16, pixels, 0);
            }
            rows[y] = new Frame.Row(pixels);
        }
        assertThat(assertFollows(before, Frame.of(640, rows))).isEqualTo(1);
    }

    private static Shown busy(int turn) {
        return new Shown(
                turn,
                Optional.of(Frame.solid(40, 30, OPAQUE | turn)),
                new CursorPlane(Optional.of(Frame.solid(8, 8, 1)), turn, 0, 0, 0),
                0);
    }

    @Example
    void aCursorMovesHoweverFastPicturesCome() {
        PictureEncoder encoder = new PictureEncoder(0);
        PictureDecoder page = new PictureDecoder();
        for (int turn = 1; turn <= 20; turn++) {
            page.take(encoder.next(busy(turn)).orElseThrow());
        }
        assertThat(page.cursorX).isEqualTo(20);
        assertThat(page.shows()).isEqualTo(busy(19).picture());
        encoder.end();
    }

    @Example
    void aScanoutHasItsTurnHoweverFastAnotherChanges() {
        ScanoutEncoders encoders = ScanoutEncoders.of(3);
        int[] messages = new int[3];
        for (int turn = 1; turn <= 30; turn++) {
            int now = turn;
            ByteBuffer message = encoders.next(scanout -> scanout == 1 ? Shown.NOTHING : busy(now))
                    .orElseThrow();
            messages[message.get(1)]++;
        }
        // The second one is dark: one message says so.
        assertThat(messages).containsExactly(15, 1, 14);
        encoders.end();
    }

    @Example
    void aLineOfTextIsAFewBytes() {
        Frame console = Frame.solid(1024, 768, OPAQUE);
        PictureEncoder encoder = new PictureEncoder(0);
        PictureDecoder page = new PictureDecoder();
        drain(encoder, new Shown(1, Optional.of(console), CursorPlane.HIDDEN, 0), page);
        Frame typed = painted(console, new Change(2, 30, 16, 0xaaaaaa, true));
        Optional<ByteBuffer> message = encoder.next(new Shown(2, Optional.of(typed), CursorPlane.HIDDEN, 0));
        assertThat(message.orElseThrow().remaining()).isLessThan(200);
        encoder.end();
    }
}
