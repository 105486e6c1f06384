package dev.semblance.live;

import dev.semblance.gpu.display.Display;
import dev.semblance.harness.json.Json;
import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.record.live.LiveCommand;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** What a page says: one object of JSON, of few kinds, each with few fields, each within bounds. */
sealed interface ClientMessage {

    /** The longest that is read, in bytes. */
    int MOST_BYTES = 4096;

    /** The page has drawn a picture. */
    record Drawn() implements ClientMessage {}

    /** The page wants to be the one that controls the guest. */
    record TakeControl() implements ClientMessage {}

    /** The page does not want to be that any more. */
    record GiveControl() implements ClientMessage {}

    /** Something for the guest, or its time. */
    record Command(LiveCommand command) implements ClientMessage {}

    /**
     * Understands a message.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ClientMessage parse(String text) {
        return Reader.read(text);
    }

    /** Reads them. */
    final class Reader {

        private static final JsonMapper MAPPER = Json.ofRecords(2, MOST_BYTES);
        private static final Pattern MODE = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");
        private static final List<Integer> BUTTONS = List.of(272, 274, 273);
        private static final int TABLET_MAX = 32767;
        private static final int MOST_DISPLAYS = 16;

        private final JsonFields fields;

        private Reader(JsonFields fields) {
            this.fields = fields;
        }

        private static ClientMessage read(String text) {
            Reader reader = new Reader(JsonFields.of(Json.reading(() -> MAPPER.readTree(text))));
            ClientMessage message = reader.message();
            reader.fields.end();
            return message;
        }

        private ClientMessage message() {
            return switch (text("type")) {
                case "drawn" -> new Drawn();
                case "take" -> new TakeControl();
                case "give" -> new GiveControl();
                case "key" -> new Command(new LiveCommand.Key(key(), flag("down")));
                case "button" -> new Command(new LiveCommand.Key(BUTTONS.get(number("button", 0, 2)), flag("down")));
                case "move" ->
                    new Command(new LiveCommand.Move(
                            number("dx", -LiveCommand.MAX_MOTION, LiveCommand.MAX_MOTION),
                            number("dy", -LiveCommand.MAX_MOTION, LiveCommand.MAX_MOTION)));
                case "move-to" ->
                    new Command(new LiveCommand.MoveTo(number("x", 0, TABLET_MAX), number("y", 0, TABLET_MAX)));
                case "scroll" ->
                    new Command(new LiveCommand.Scroll(
                            number("notches", -LiveCommand.MAX_NOTCHES, LiveCommand.MAX_NOTCHES)));
                case "type" -> new Command(new LiveCommand.Type(text("text").getBytes(StandardCharsets.UTF_8)));
                case "release" -> new Command(new LiveCommand.ReleaseAll());
                case "snapshot" -> new Command(new LiveCommand.Snapshot(text("label")));
                case "display" ->
                    new Command(new LiveCommand.ChangeDisplay(number("number", 0, MOST_DISPLAYS - 1), mode()));
                case "pause" -> new Command(new LiveCommand.Pause());
                case "resume" -> new Command(new LiveCommand.Resume());
                case "step" -> new Command(new LiveCommand.StepToFlush());
                case "power-off" -> new Command(new LiveCommand.PowerOff());
                case "finish" -> new Command(new LiveCommand.Finish());
                default -> throw new IllegalArgumentException("there is no such type");
            };
        }

        private int key() {
            return PhysicalKeys.code(text("code"))
                    .orElseThrow(() -> new IllegalArgumentException("the keyboard has no such key"));
        }

        private DisplayMode mode() {
            String mode = text("mode");
            if (mode.equals("off")) {
                return DisplayMode.OFF;
            }
            Matcher size = MODE.matcher(mode);
            if (!size.matches()) {
                throw new IllegalArgumentException("a mode is WIDTHxHEIGHT, or off");
            }
            return new DisplayMode(side(size.group(1)), side(size.group(2)));
        }

        private static int side(String digits) {
            int pixels = Integer.parseInt(digits);
            if (pixels > Display.MAX_SIZE) {
                throw new IllegalArgumentException("a display is not as large as that");
            }
            return pixels;
        }

        private String text(String name) {
            return required(name, fields.text(name));
        }

        private boolean flag(String name) {
            return required(name, fields.flag(name));
        }

        private int number(String name, int least, int most) {
            return required(name, fields.number(name, new Range(BigInteger.valueOf(least), BigInteger.valueOf(most))))
                    .intValue();
        }

        private static <T> T required(String name, Optional<T> value) {
            return value.orElseThrow(() -> JsonFields.missing(name));
        }
    }
}
