package dev.semblance.harness.fuzz;

import dev.semblance.gpu.display.Display;
import dev.semblance.harness.PixelRect;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes up requests that mostly fit what the requests before them have led to: images that exist, rectangles inside them,
 * backing that is large enough. So deep states are common, and each step out of line is one that a careless device takes.
 */
final class RequestGenerator {

    /** A request and the room that its answer takes. */
    record Made(byte[] request, int answerBytes, boolean forCursorQueue) {}

    private static final int HEADER_ANSWER = 24;
    private static final int DISPLAY_ANSWER = 408;
    private static final int EDID_ANSWER = 1056;
    private static final int[] FORMATS = {1, 2, 3, 4, 67, 68, 121, 134};

    private final EntropySource choices;
    private final RigSettings settings;
    private final Backings backings;

    /** How many of 100 requests are disturbed. */
    private final int wildness;

    private final SwarmSettings swarm;
    private final ResourceSizes sizes;

    private final List<KnownResource> images = new ArrayList<>();

    /** The ids of the images that the scanouts show. */
    private final int[] bound;

    RequestGenerator(EntropySource choices, RigSettings settings, int wildness, SwarmSettings swarm) {
        this.choices = choices;
        this.settings = settings;
        this.wildness = wildness;
        this.swarm = swarm;
        sizes = new ResourceSizes(choices, settings.displays().display(0), swarm.sizes());
        backings = new Backings(choices, settings.ramBytes(), swarm.layout());
        bound = new int[settings.displays().count()];
    }

    /** Forgets everything: the device was reset. */
    void reset() {
        images.clear();
        Arrays.fill(bound, 0);
    }

    /** {@return what memory is to hold beyond {@link Backings#END} before the first request} */
    Optional<MemoryWrite> backingNoise() {
        return backings.noise();
    }

    /** {@return the end of the memory that images come from} */
    int backingEnd() {
        return backings.end();
    }

    Made next() {
        Optional<KnownResource> bare = firstBare();
        if (images.isEmpty() || images.size() < 3 && choices.chance(1, 4)) {
            return create();
        }
        if (bare.isPresent() && choices.chance(1, 3)) {
            return attach(bare.get());
        }
        if (bound[0] == 0 && choices.chance(1, 4)) {
            return setScanout();
        }
        return switch (swarm.next(choices)) {
            case CREATE -> create();
            case ATTACH -> attach(image());
            case TRANSFER -> transfer();
            case FLUSH -> flush(image(choices.chance(3, 4)));
            case SET_SCANOUT -> setScanout();
            case UPDATE_CURSOR -> updateCursor();
            case MOVE_CURSOR -> moveCursor();
            case DETACH -> detach();
            case UNREF -> unref();
            case DISPLAY_INFO -> plain(0x100, DISPLAY_ANSWER, false);
            case EDID -> edid();
            case ODD -> odd();
        };
    }

    private RequestBuilder start(int type, boolean disturb) {
        return new RequestBuilder(choices, type, disturb);
    }

    private boolean disturb() {
        return choices.chance(wildness, 100);
    }

    private static Made made(RequestBuilder builder) {
        return new Made(builder.bytes(), HEADER_ANSWER, false);
    }

    private static Made ofCursor(RequestBuilder builder) {
        return new Made(builder.bytes(), HEADER_ANSWER, true);
    }

    private Made plain(int type, int answerBytes, boolean forCursorQueue) {
        return new Made(start(type, false).bytes(), answerBytes, forCursorQueue);
    }

    // ---- images -------------------------------------------------------------------------------------------------

    /** {@return an image that exists, or one that may have: ids come back} */
    private KnownResource image() {
        return image(false);
    }

    private KnownResource image(boolean shown) {
        if (images.isEmpty() || choices.chance(1, 40)) {
            int id = images.isEmpty() || choices.chance(1, 2)
                    ? swarm.id(choices.between(1, swarm.mostImages() + 2))
                    : images.get(choices.below(images.size())).id() ^ 1 << choices.between(8, 31);
            return new KnownResource(id, 4, 4, 64);
        }
        if (shown) {
            int id = bound[choices.below(bound.length)];
            Optional<KnownResource> onScanout = known(id);
            if (onScanout.isPresent()) {
                return onScanout.get();
            }
        }
        return images.get(choices.below(images.size()));
    }

    private Optional<KnownResource> firstBare() {
        for (KnownResource image : images) {
            if (!image.isBacked()) {
                return Optional.of(image);
            }
        }
        return Optional.empty();
    }

    private Optional<KnownResource> known(int id) {
        for (KnownResource image : images) {
            if (image.id() == id) {
                return Optional.of(image);
            }
        }
        return Optional.empty();
    }

    private void replace(KnownResource image) {
        images.replaceAll(each -> each.id() == image.id() ? image : each);
    }

    private Made create() {
        boolean disturb = disturb();
        int id = freshId();
        ResourceSizes.Size size = sizes.next();
        int format = FORMATS[choices.below(FORMATS.length)];
        long total = 0;
        for (KnownResource each : images) {
            total += each.byteSize();
        }
        KnownResource image = new KnownResource(id, size.width(), size.height(), -1);
        if (!disturb && known(id).isEmpty() && total + image.byteSize() <= ResourceSizes.QUOTA) {
            images.add(image);
        }
        return made(start(0x101, disturb).u32(id).u32(format).u32(size.width()).u32(size.height()));
    }

    private int freshId() {
        if (choices.chance(1, 30)) {
            return choices.pick(
                    0, -1, Integer.MIN_VALUE, 0x10000, 0x1_0000 + swarm.anyId(choices), swarm.anyId(choices));
        }
        for (int tries = 0; tries < 8; tries++) {
            int id = swarm.anyId(choices);
            if (known(id).isEmpty()) {
                return id;
            }
        }
        return swarm.anyId(choices);
    }

    private Made unref() {
        boolean disturb = disturb();
        KnownResource image = image();
        if (!disturb) {
            images.removeIf(each -> each.id() == image.id());
            for (int i = 0; i < bound.length; i++) {
                bound[i] = bound[i] == image.id() ? 0 : bound[i];
            }
        }
        return made(start(0x102, disturb).u32(image.id()).padding(4));
    }

    private Made attach(KnownResource image) {
        boolean disturb = disturb();
        long[] entries = backings.entries(image.byteSize(), disturb);
        long count = entries.length / 2;
        long said = disturb && choices.chance(1, 2)
                ? choices.pick(count - 1, count + 1, 0L, settings.ramBytes() / 4096 + 1, 0xffff_ffffL, 0x1000_0001L)
                : count;
        if (!disturb && !image.isBacked()) {
            replace(image.withBacking(image.byteSize()));
        }
        RequestBuilder builder = start(0x106, disturb && choices.chance(1, 4));
        return made(builder.u32(image.id()).u32(said).entries(entries));
    }

    private Made detach() {
        boolean disturb = disturb();
        KnownResource image = image();
        if (!disturb) {
            replace(image.withBacking(-1));
        }
        return made(start(0x107, disturb).u32(image.id()).padding(4));
    }

    private Made transfer() {
        KnownResource image = image();
        PixelRect area = part(image);
        long stride = 4L * image.width();
        long inPlace = area.y() * stride + area.x() * 4L;
        long end = Math.max(0, image.byteSize() - (area.height() - 1) * stride - area.width() * 4L);
        long offset = switch (choices.below(8)) {
            case 0 -> 0;
            case 1 -> end;
            case 2 -> Math.min(end, choices.below(64));
            case 3 -> choices.chance(1, 3) ? end + choices.between(1, 5) : inPlace;
            default -> inPlace;
        };
        return made(
                start(0x105, disturb()).rect(area).u64(offset).u32(image.id()).padding(4));
    }

    /** {@return a rectangle inside an image; of a huge one, a small one, which is mostly at its far end} */
    private PixelRect part(KnownResource image) {
        if (swarm.sizes() != SwarmSettings.Sizes.HUGE || image.byteSize() <= 1 << 16) {
            return inside(image.width(), image.height());
        }
        int x = choices.chance(1, 2) ? image.width() - 2 : choices.below(image.width() - 1);
        int y = choices.chance(1, 2) ? image.height() - 2 : choices.below(image.height() - 1);
        return new PixelRect(x, y, 2, 2);
    }

    /** {@return a rectangle inside another size: the whole of it, one that touches an edge, or any} */
    private PixelRect inside(int width, int height) {
        if (choices.chance(1, 3)) {
            return new PixelRect(0, 0, width, height);
        }
        int x = choices.below(width);
        int y = choices.below(height);
        boolean toTheEdge = choices.chance(1, 2);
        int columns = toTheEdge ? width - x : choices.between(1, width - x);
        int rows = toTheEdge ? height - y : choices.between(1, height - y);
        return new PixelRect(x, y, columns, rows);
    }

    // ---- scanouts and cursors -----------------------------------------------------------------------------------

    private int scanout() {
        return choices.chance(1, 30) ? choices.pick(bound.length, 15, 16, -1) : choices.below(bound.length);
    }

    private Made setScanout() {
        boolean disturb = disturb();
        int scanout = scanout();
        KnownResource image = image();
        boolean off = choices.chance(1, 12);
        PixelRect area = part(image);
        if (scanout >= 0 && scanout < bound.length) {
            Display display = settings.displays().display(scanout);
            boolean fit = choices.chance(14, 15);
            area = new PixelRect(
                    area.x(),
                    area.y(),
                    fit ? Math.min(area.width(), display.width()) : area.width(),
                    fit ? Math.min(area.height(), display.height()) : area.height());
            if (!disturb) {
                bound[scanout] = off ? 0 : image.id();
            }
        }
        return made(start(0x103, disturb).rect(area).u32(scanout).u32(off ? 0 : image.id()));
    }

    private Made flush(KnownResource image) {
        return made(start(0x104, disturb()).rect(part(image)).u32(image.id()).padding(4));
    }

    private Made updateCursor() {
        boolean disturb = disturb();
        int id = choices.chance(1, 8) ? 0 : cursorImage().id();
        return ofCursor(position(0x300, disturb)
                .u32(id)
                .u32(choices.below(20))
                .u32(choices.below(20))
                .padding(4));
    }

    /** {@return mostly an image that can be a cursor, if there is one} */
    private KnownResource cursorImage() {
        List<KnownResource> fit =
                images.stream().filter(KnownResource::isCursor).toList();
        return fit.isEmpty() || choices.chance(1, 4) ? image(choices.chance(1, 4)) : fit.get(choices.below(fit.size()));
    }

    private Made moveCursor() {
        boolean disturb = disturb();
        RequestBuilder builder = position(0x301, disturb);
        // What UPDATE_CURSOR has here must not matter.
        return ofCursor(builder.u32(choices.chance(1, 2) ? 0 : image().id())
                .u32(choices.below(20))
                .u32(choices.below(20))
                .padding(4));
    }

    private RequestBuilder position(int type, boolean disturb) {
        return start(type, disturb)
                .u32(scanout())
                .u32(choices.between(-40, 80))
                .u32(choices.between(-40, 80))
                .padding(4);
    }

    // ---- queries, and what no 2D device knows -------------------------------------------------------------------

    private Made edid() {
        RequestBuilder builder = start(0x10a, disturb()).u32(scanout()).padding(4);
        return new Made(builder.bytes(), EDID_ANSWER, false);
    }

    private Made odd() {
        if (choices.chance(1, 4)) {
            return new Made(choices.bytes(choices.below(80)), HEADER_ANSWER, choices.chance(1, 2));
        }
        int type = choices.pick(
                0x108, 0x109, 0x10b, 0x10c, 0x10d, 0x200, 0x207, 0x302, 0xff, 0, 0x1100, choices.below(0x400));
        RequestBuilder builder = start(type, false);
        for (int i = choices.below(9); i > 0; i--) {
            builder.u32(choices.below(10));
        }
        return new Made(builder.bytes(), HEADER_ANSWER, choices.chance(1, 4));
    }

    // ---- what the device has now --------------------------------------------------------------------------------

    /** {@return requests that bring to light what the script has left behind: each image, its pixels, and whether it is backed} */
    List<Made> probes() {
        List<Made> probes = new ArrayList<>();
        for (KnownResource image : images) {
            int id = image.id();
            Display display = settings.displays().display(0);
            PixelRect view = new PixelRect(
                    0, 0, Math.min(image.width(), display.width()), Math.min(image.height(), display.height()));
            if (!image.isBacked()) {
                probes.add(made(start(0x106, false).u32(id).u32(1).entries(new long[] {Backings.START, 4})));
            }
            probes.add(made(start(0x103, false).rect(view).u32(0).u32(id)));
            probes.add(made(
                    start(0x104, false).rect(new PixelRect(0, 0, 1, 1)).u32(id).padding(4)));
        }
        return probes;
    }
}
