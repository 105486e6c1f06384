package dev.semblance.bridge.target;

import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;

/** Lines of device scripts. */
public final class Lines {

    /** A screendump of the first head. */
    public static final String SCREENDUMP = "{\"op\":\"screendump\"}";

    private static final int BACKING = 0x10_0000;

    private final List<String> lines = new ArrayList<>();

    /** Makes an image whose backing holds pixels. */
    public static Lines image(int format, int width, int height, String mem) {
        Lines lines = new Lines();
        lines.add(
                "{\"type\":\"RESOURCE_CREATE_2D\",\"resourceId\":1,\"format\":%d,\"width\":%d,\"height\":%d}",
                format, width, height);
        lines.lines.add(Text.format(
                "{\"mem\":[%s],\"command\":{\"type\":\"RESOURCE_ATTACH_BACKING\",\"resourceId\":1,\"entries\":[{\"address\":%d,\"length\":%d}]}}",
                mem, BACKING, 4 * width * height));
        return lines;
    }

    /** Returns memory with a pixel over and over. */
    public static String fill(String hex, int pixels) {
        return Text.format("{\"addr\":%d,\"fill\":\"%s\",\"len\":%d}", BACKING, hex, 4 * pixels);
    }

    private void add(String command, Object... arguments) {
        lines.add("{\"command\":" + Text.format(command, arguments) + "}");
    }

    /** Reads pixels from the backing. */
    public Lines transfer(int width, int height, long offset) {
        add(
                "{\"type\":\"TRANSFER_TO_HOST_2D\",\"rect\":{\"x\":0,\"y\":0,\"width\":%d,\"height\":%d},\"offset\":%d,\"resourceId\":1}",
                width, height, offset);
        return this;
    }

    /** Shows a part of the image, and flushes all of it. */
    public Lines show(int x, int y, int width, int height) {
        add(
                "{\"type\":\"SET_SCANOUT\",\"rect\":{\"x\":%d,\"y\":%d,\"width\":%d,\"height\":%d},\"scanoutId\":0,\"resourceId\":1}",
                x, y, width, height);
        add(
                "{\"type\":\"RESOURCE_FLUSH\",\"rect\":{\"x\":%d,\"y\":%d,\"width\":%d,\"height\":%d},\"resourceId\":1}",
                x, y, width, height);
        lines.add(SCREENDUMP);
        return this;
    }

    /** Adds a line. */
    public Lines and(String line) {
        lines.add(line);
        return this;
    }

    /** Returns all of them. */
    public String[] all() {
        return lines.toArray(String[]::new);
    }
}
