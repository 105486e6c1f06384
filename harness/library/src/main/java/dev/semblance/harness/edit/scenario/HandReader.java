package dev.semblance.harness.edit.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Desktop;
import dev.semblance.harness.guest.scenario.Desktop.Pixel;
import dev.semblance.harness.guest.scenario.Step;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Turns the events of a trace into what was done by hand. What no step can say is left out and counted, so that what comes out is
 * always such that a scenario can say it: keys that exist, pressed once and released once, pixels that are there, labels that are new.
 */
final class HandReader {

    /** The most that a mouse can be moved, or a wheel be turned, by one step. */
    private static final int MAX_MOTION = 32767;

    private static final String KEYBOARD = "keyboard";
    private static final String MOUSE = "mouse";

    private final TraceManifest manifest;
    private final Pointer pointer;
    private Desktop desktop;
    private final List<HandEvent> events = new ArrayList<>();
    private final SortedSet<Integer> held = new TreeSet<>();
    private final SortedSet<String> labels = new TreeSet<>();
    private final SortedMap<String, Integer> omitted = new TreeMap<>();
    private int absoluteX;
    private int absoluteY;

    HandReader(TraceManifest manifest, Pointer pointer, DisplayConfig displays) {
        this.manifest = manifest;
        this.pointer = pointer;
        this.desktop = new Desktop(displays);
        labels.add(TraceEvent.Snapshot.END);
    }

    /** {@return the pointing devices of a machine with the devices of a manifest} */
    static Pointer pointer(TraceManifest manifest) {
        boolean mouse =
                manifest.devices().stream().anyMatch(device -> device.kind().equals(MOUSE));
        boolean tablet =
                manifest.devices().stream().anyMatch(device -> device.kind().equals(TraceManifest.Device.TABLET));
        if (tablet) {
            return mouse ? Pointer.BOTH : Pointer.TABLET;
        }
        return Pointer.MOUSE;
    }

    /** {@return all that was done so far} */
    List<HandEvent> events() {
        return events;
    }

    /** {@return what was left out, and how often} */
    SortedMap<String, Integer> omitted() {
        return omitted;
    }

    void take(long cycle, TraceEvent event) {
        switch (event) {
            case TraceEvent.ConsoleInput input -> typed(cycle, input.bytes());
            case TraceEvent.Input input -> report(cycle, input);
            case TraceEvent.DisplayChange change -> display(cycle, change);
            case TraceEvent.Snapshot snapshot -> shot(cycle, snapshot.label());
            case TraceEvent.End end -> events.add(new HandEvent.Ended(cycle, end.reason()));
            default -> {
                // Done by the guest.
            }
        }
    }

    private void typed(long cycle, byte[] bytes) {
        if (bytes.length > 0) {
            events.add(new HandEvent.Typed(cycle, ByteText.of(bytes)));
        }
    }

    private void shot(long cycle, String label) {
        int at = label.indexOf('@');
        String plain = at < 0 ? label : label.substring(0, at);
        boolean same = !events.isEmpty()
                && events.getLast() instanceof HandEvent.Shot last
                && last.cycle() == cycle
                && last.label().equals(plain);
        if (same || plain.equals(TraceEvent.Snapshot.END)) {
            return;
        }
        if (SnapshotLabel.isPlain(plain) && labels.add(plain.toLowerCase(Locale.ROOT))) {
            events.add(new HandEvent.Shot(cycle, plain));
        } else {
            omit("a snapshot whose label was taken already");
        }
    }

    private void display(long cycle, TraceEvent.DisplayChange change) {
        change.appliedTo(desktop.displays())
                .ifPresentOrElse(
                        after -> {
                            desktop = new Desktop(after);
                            events.add(new HandEvent.Mode(cycle, change.scanout(), change.mode()));
                        },
                        () -> omit("a display that cannot be"));
    }

    private void report(long cycle, TraceEvent.Input input) {
        String kind = input.device() < manifest.devices().size()
                ? manifest.devices().get(input.device()).kind()
                : "";
        int dx = 0;
        int dy = 0;
        boolean placed = false;
        for (InputItem item : input.items()) {
            boolean ofMouse = kind.equals(MOUSE) && pointer.hasMouse();
            boolean ofTablet = kind.equals(TraceManifest.Device.TABLET);
            if (item.type() == EvdevCodes.EV_KEY) {
                key(cycle, kind, item);
            } else if (ofMouse && isRelative(item, EvdevCodes.REL_X)) {
                dx = item.value();
            } else if (ofMouse && isRelative(item, EvdevCodes.REL_Y)) {
                dy = item.value();
            } else if ((ofMouse || ofTablet && !pointer.hasMouse()) && isRelative(item, EvdevCodes.REL_WHEEL)) {
                inSteps(item.value(), 0, (notches, unused) -> events.add(new HandEvent.Wheel(cycle, notches)));
            } else if (ofTablet && item.type() == EvdevCodes.EV_ABS && item.code() == EvdevCodes.ABS_X) {
                absoluteX = item.value();
                placed = true;
            } else if (ofTablet && item.type() == EvdevCodes.EV_ABS && item.code() == EvdevCodes.ABS_Y) {
                absoluteY = item.value();
                placed = true;
            } else {
                omit("an input event that no step can say");
            }
        }
        inSteps(dx, dy, (x, y) -> events.add(new HandEvent.Motion(cycle, x, y)));
        if (placed) {
            desktop.pixel(absoluteX, absoluteY)
                    .ifPresentOrElse(pixel -> place(cycle, pixel), () -> omit("a tablet where no display is"));
        }
    }

    private void place(long cycle, Pixel pixel) {
        events.add(new HandEvent.Place(cycle, pixel.x(), pixel.y(), pixel.display()));
    }

    private static boolean isRelative(InputItem item, int code) {
        return item.type() == EvdevCodes.EV_REL && item.code() == code;
    }

    /** What is done with a part of a motion. */
    private interface Part {
        void of(int first, int second);
    }

    private void inSteps(long first, long second, Part part) {
        long x = first;
        long y = second;
        // A hostile motion of 2^31 would take 65,537 steps; nobody moves a mouse that far.
        if (Math.max(Math.abs(x), Math.abs(y)) > 4 * MAX_MOTION) {
            omit("a motion that no hand makes");
            return;
        }
        while (x != 0 || y != 0) {
            int dx = Math.clamp(x, -MAX_MOTION, MAX_MOTION);
            int dy = Math.clamp(y, -MAX_MOTION, MAX_MOTION);
            part.of(dx, dy);
            x -= dx;
            y -= dy;
        }
    }

    private void key(long cycle, String kind, InputItem item) {
        boolean button = EvdevCodes.isButton(item.code());
        boolean known = EvdevCodes.name(item.code()).isPresent() && button != kind.equals(KEYBOARD);
        if (known && item.value() == 0 && held.remove(item.code())) {
            events.add(new HandEvent.Up(cycle, item.code()));
        } else if (known && item.value() == 1 && (button || hasRoom()) && held.add(item.code())) {
            events.add(new HandEvent.Down(cycle, item.code()));
        } else {
            omit("a key or a button that no step can say");
        }
    }

    private boolean hasRoom() {
        return held.stream().filter(code -> !EvdevCodes.isButton(code)).count() < Step.MAX_HELD_KEYS;
    }

    private void omit(String what) {
        omitted.merge(what, 1, Integer::sum);
    }
}
