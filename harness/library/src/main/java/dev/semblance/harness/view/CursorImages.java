package dev.semblance.harness.view;

import dev.semblance.gpu.frame.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The distinct images of hardware cursors, each of them once: width and height, 16 bits each, then R, G, B and alpha of each pixel, deflated. */
final class CursorImages {

    private static final int HEADER = 4;
    private static final int PIXEL = 4;

    private final Map<Frame, Integer> numbers = new LinkedHashMap<>();
    private final List<byte[]> images = new ArrayList<>();
    private final PageRoom room;

    /**
     * Makes one without images.
     *
     * @param room that they take
     */
    CursorImages(PageRoom room) {
        this.room = room;
    }

    int numberOf(Frame image) {
        return numbers.computeIfAbsent(image, this::add);
    }

    private int add(Frame image) {
        int width = image.width();
        int height = image.height();
        ByteBuffer pixels = ByteBuffer.allocate(HEADER + PIXEL * width * height)
                .putShort((short) width)
                .putShort((short) height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                pixels.putInt(Integer.rotateLeft(image.argb(x, y), Byte.SIZE));
            }
        }
        byte[] deflated = RawDeflate.smallest(pixels.array());
        room.take(deflated.length);
        images.add(deflated);
        return images.size() - 1;
    }

    List<byte[]> images() {
        return List.copyOf(images);
    }
}
