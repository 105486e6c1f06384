package dev.semblance.harness.trace.text;

import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonFields.Hex;
import dev.semblance.harness.json.JsonFields.Objects;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.json.JsonFields.Shape;
import dev.semblance.harness.trace.EventCodec;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.Descriptor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;

/**
 * The fields of an event's line, as {@link EventJson} writes them: each must be there, and addresses, digests and bytes have one
 * spelling. Fields that only repeat others for people are skipped.
 */
final class LineFields {

    /** What {@link EventJson} adds for people and filters. */
    private static final Set<String> FOR_PEOPLE = Set.of("decoded", "name", "names", "text", "deviceName", "queueName");

    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{1,16}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");

    /** Each element takes two bytes of an event at least. */
    private static final int MAX_ELEMENTS = EventCodec.MAX_EVENT_BYTES / 2;

    private static final Objects<Bytes> RUNS = runsCalled("runs");
    private static final Objects<Bytes> READS = runsCalled("reads");

    private static final Objects<Descriptor> DESCRIPTORS =
            new Objects<>("descriptors", MAX_ELEMENTS, json -> descriptor(new LineFields(json)));

    private static final Objects<InputItem> ITEMS =
            new Objects<>("items", MAX_ELEMENTS, json -> item(new LineFields(json)));

    private static final Shape SHAPE = new Shape(FOR_PEOPLE, List.of(RUNS, READS, DESCRIPTORS, ITEMS));

    private final JsonFields json;

    private LineFields(JsonFields json) {
        this.json = json;
    }

    /** Reads the object whose first token the parser is at, up to its end. */
    static LineFields read(JsonParser parser) {
        return new LineFields(JsonFields.read(parser, SHAPE));
    }

    private static Objects<Bytes> runsCalled(String name) {
        return new Objects<>(name, MAX_ELEMENTS, json -> run(new LineFields(json)));
    }

    private static Bytes run(LineFields fields) {
        return new Bytes(fields.address("address"), fields.bytes("bytes"));
    }

    private static Descriptor descriptor(LineFields fields) {
        return new Descriptor(
                fields.u31("index"), fields.address("address"), fields.signed("length"), fields.u31("flags"));
    }

    private static InputItem item(LineFields fields) {
        return new InputItem(fields.u31("type"), fields.u31("code"), fields.s32("value"));
    }

    /** Refuses what nobody took. */
    void end() {
        json.end();
    }

    boolean has(String name) {
        return json.has(name);
    }

    private static <T> T required(String name, Optional<T> value) {
        return value.orElseThrow(() -> JsonFields.missing(name));
    }

    String text(String name) {
        return required(name, json.text(name));
    }

    boolean flag(String name) {
        return required(name, json.flag(name));
    }

    private long number(String name, Range range) {
        return required(name, json.number(name, range));
    }

    int u31(String name) {
        return (int) number(name, Range.U31);
    }

    int s32(String name) {
        return (int) number(name, Range.S32);
    }

    /** {@return an unsigned number of 32 bits as the int of the same bits} */
    int u32(String name) {
        return (int) number(name, Range.U32);
    }

    /** {@return a number that fits a signed long} */
    long signed(String name) {
        return number(name, Range.S64);
    }

    /** {@return an unsigned number of 64 bits as the long of the same bits} */
    long unsigned(String name) {
        return number(name, Range.U64);
    }

    long address(String name) {
        String text = matching(name, ADDRESS, "0x and up to 16 lower-case hexadecimal digits");
        return Long.parseUnsignedLong(text, 2, text.length(), 16);
    }

    long digest(String name) {
        return Long.parseUnsignedLong(matching(name, DIGEST, "16 lower-case hexadecimal digits"), 16);
    }

    private String matching(String name, Pattern pattern, String expected) {
        String text = text(name);
        if (!pattern.matcher(text).matches()) {
            throw JsonFields.wrong(name, expected, "\"" + JsonFields.brief(text) + "\"");
        }
        return text;
    }

    byte[] bytes(String name) {
        byte[] bytes = required(name, json.bytes(name, Hex.LOWER_CASE));
        if (bytes.length > EventCodec.MAX_EVENT_BYTES) {
            throw new IllegalArgumentException(Text.format("\"%s\" is longer than one event can be", name));
        }
        return bytes;
    }

    List<Bytes> runs() {
        return list(RUNS);
    }

    List<Bytes> reads() {
        return list(READS);
    }

    List<Descriptor> descriptors() {
        return list(DESCRIPTORS);
    }

    List<InputItem> items() {
        return list(ITEMS);
    }

    private <T> List<T> list(Objects<T> kind) {
        if (!json.has(kind.name())) {
            throw JsonFields.missing(kind.name());
        }
        return json.list(kind);
    }

    /** {@return the constant that a text names} */
    <E extends Enum<E>> E oneOf(Class<E> type, String name) {
        return required(name, json.oneOf(name, List.of(type.getEnumConstants()), Enum::name));
    }
}
