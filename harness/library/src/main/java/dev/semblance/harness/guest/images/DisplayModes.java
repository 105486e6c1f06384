package dev.semblance.harness.guest.images;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What people write of displays: {@code WIDTHxHEIGHT} or {@code off} for each, with commas between them. */
public final class DisplayModes {

    /** What a mode is, for a message. */
    public static final String MODE = "WIDTHxHEIGHT, each from 1 to " + Display.MAX_SIZE + ", or off";

    /** What a list of modes is, for a message. */
    public static final String MODES =
            MODE + "; for several displays with commas between them, at most " + DisplayConfig.MAX_SCANOUTS;

    private static final String OFF = "off";
    private static final Pattern SYNTAX = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");

    private DisplayModes() {}

    /**
     * Understands the displays of a machine; empty if one is no mode, or if there are too many.
     *
     * @param text such as {@code 1024x768}, or {@code 1024x768,off}
     * @return the displays, or empty
     */
    public static Optional<DisplayConfig> parse(String text) {
        List<Display> displays = new ArrayList<>();
        for (String mode : text.split(",", -1)) {
            Optional<Display> display = parseOne(mode);
            if (display.isEmpty() || displays.size() == DisplayConfig.MAX_SCANOUTS) {
                return Optional.empty();
            }
            displays.add(display.get());
        }
        return Optional.of(DisplayConfig.of(displays.toArray(Display[]::new)));
    }

    /**
     * Understands one display; empty if it is neither {@code off} nor {@code WIDTHxHEIGHT}, or beyond the limits.
     *
     * @param text such as {@code 1024x768}
     * @return the display, or empty
     */
    public static Optional<Display> parseOne(String text) {
        if (text.equals(OFF)) {
            return Optional.of(Display.OFF);
        }
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int width = Integer.parseInt(matcher.group(1));
        int height = Integer.parseInt(matcher.group(2));
        return width > Display.MAX_SIZE || height > Display.MAX_SIZE
                ? Optional.empty()
                : Optional.of(Display.of(width, height));
    }

    /**
     * {@return displays as {@link #parse} understands them}
     *
     * @param displays what a machine offers
     */
    public static String text(DisplayConfig displays) {
        return DisplayMode.of(displays).stream().map(DisplayMode::toString).collect(Collectors.joining(","));
    }
}
