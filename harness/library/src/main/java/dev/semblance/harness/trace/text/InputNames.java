package dev.semblance.harness.trace.text;

import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.stream.Collectors;

/** evdev events by the names of Linux's input-event-codes.h. */
final class InputNames {

    private InputNames() {}

    static String describe(List<InputItem> items) {
        return items.isEmpty()
                ? "of nothing"
                : items.stream().map(InputNames::describe).collect(Collectors.joining(", "));
    }

    static String describe(InputItem item) {
        return switch (item.type()) {
            case EvdevCodes.EV_SYN ->
                item.code() == 0 ? "SYN_REPORT" : Text.format("SYN_%d %d", item.code(), item.value());
            case EvdevCodes.EV_KEY ->
                key(item.code())
                        + switch (item.value()) {
                            case 0 -> " release";
                            case 1 -> " press";
                            case 2 -> " repeat";
                            default -> " " + item.value();
                        };
            case EvdevCodes.EV_REL -> Text.format("%s %+d", relative(item.code()), item.value());
            case EvdevCodes.EV_ABS -> Text.format("%s %d", absolute(item.code()), item.value());
            case 0x11 -> Text.format("LED_%d %s", item.code(), item.value() == 0 ? "off" : "on");
            case 0x14 -> Text.format("REP_%d %d", item.code(), item.value());
            default -> Text.format("type %d code %d value %d", item.type(), item.code(), item.value());
        };
    }

    private static String key(int code) {
        return EvdevCodes.nameOf(code);
    }

    private static String absolute(int code) {
        return switch (code) {
            case EvdevCodes.ABS_X -> "ABS_X";
            case EvdevCodes.ABS_Y -> "ABS_Y";
            default -> "ABS_" + code;
        };
    }

    private static String relative(int code) {
        return switch (code) {
            case EvdevCodes.REL_X -> "REL_X";
            case EvdevCodes.REL_Y -> "REL_Y";
            case 6 -> "REL_HWHEEL";
            case EvdevCodes.REL_WHEEL -> "REL_WHEEL";
            default -> "REL_" + code;
        };
    }
}
