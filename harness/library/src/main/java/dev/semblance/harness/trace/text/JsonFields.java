package dev.semblance.harness.trace.text;

import dev.semblance.harness.trace.EventCodec;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.Descriptor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The fields of one JSON object, taken out of a stream of tokens so that a long line never becomes a tree. Fields that
 * only repeat others for people are skipped; every other one must be asked for ({@link #finish}).
 *
 * <p>What is wrong is an IllegalArgumentException whose message ends a sentence.
 */
final class JsonFields {

    /** What {@link EventJson} adds for people and filters. */
    private static final Set<String> FOR_PEOPLE = Set.of("decoded", "name", "names", "text", "deviceName", "queueName");

    private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(Long.SIZE);
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{1,16}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern HEX = Pattern.compile("(?:[0-9a-f]{2})*+");

    /** The value of a field, as far as it is read without knowing what it is for. */
    private sealed interface Value {
        record Text(String text) implements Value {}

        record Whole(BigInteger number) implements Value {}

        record Flag(boolean set) implements Value {}

        record Runs(List<Bytes> runs) implements Value {}

        record Chain(List<Descriptor> descriptors) implements Value {}

        record Items(List<InputItem> items) implements Value {}
    }

    /** Makes an element of a list out of its fields. */
    @FunctionalInterface
    private interface Element<T> {
        T of(JsonFields fields);
    }

    private final Map<String, Value> values = new TreeMap<>();
    private final Set<String> asked = new TreeSet<>();

    private JsonFields() {}

    /** Reads the object whose first token the parser is at, up to its end. */
    static JsonFields read(JsonParser parser) {
        JsonFields fields = new JsonFields();
        fields.fill(parser);
        return fields;
    }

    private void fill(JsonParser parser) {
        values.clear();
        asked.clear();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("a JSON object was expected");
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (FOR_PEOPLE.contains(name)) {
                parser.skipChildren();
            } else {
                values.put(name, value(name, parser));
            }
        }
    }

    private static Value value(String name, JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new Value.Text(parser.getString());
            case VALUE_NUMBER_INT -> new Value.Whole(parser.getBigIntegerValue());
            case VALUE_TRUE -> new Value.Flag(true);
            case VALUE_FALSE -> new Value.Flag(false);
            case START_ARRAY ->
                switch (name) {
                    case "runs", "reads" -> new Value.Runs(list(name, parser, JsonFields::run));
                    case "descriptors" -> new Value.Chain(list(name, parser, JsonFields::descriptor));
                    case "items" -> new Value.Items(list(name, parser, JsonFields::item));
                    default -> throw new IllegalArgumentException(Text.format("\"%s\" is no list", shown(name)));
                };
            default ->
                throw new IllegalArgumentException(
                        Text.format("\"%s\" is neither a text, a whole number, a flag nor a list", shown(name)));
        };
    }

    private static <T> List<T> list(String name, JsonParser parser, Element<T> element) {
        List<T> list = new ArrayList<>();
        JsonFields fields = new JsonFields();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            // Each element takes two bytes of an event at least.
            if (list.size() >= EventCodec.MAX_EVENT_BYTES / 2) {
                throw new IllegalArgumentException(Text.format("\"%s\" is longer than one event can be", name));
            }
            fields.fill(parser);
            list.add(element.of(fields));
            fields.finish();
        }
        return list;
    }

    private static Bytes run(JsonFields fields) {
        return new Bytes(fields.address("address"), fields.bytes("bytes"));
    }

    private static Descriptor descriptor(JsonFields fields) {
        return new Descriptor(
                fields.u31("index"), fields.address("address"), fields.signed("length"), fields.u31("flags"));
    }

    private static InputItem item(JsonFields fields) {
        return new InputItem(fields.u31("type"), fields.u31("code"), fields.s32("value"));
    }

    /** Checks that there is no field that nobody asked for. */
    void finish() {
        for (String name : values.keySet()) {
            if (!asked.contains(name)) {
                throw new IllegalArgumentException(Text.format("there is no field \"%s\" here", shown(name)));
            }
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name) {
        return switch (value(name)) {
            case Value.Text text -> text.text();
            default -> throw wrong(name, "a text");
        };
    }

    boolean flag(String name) {
        return switch (value(name)) {
            case Value.Flag flag -> flag.set();
            default -> throw wrong(name, "true or false");
        };
    }

    int u31(String name) {
        return (int) within(name, BigInteger.ZERO, BigInteger.valueOf(Integer.MAX_VALUE));
    }

    int s32(String name) {
        return (int) within(name, BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(Integer.MAX_VALUE));
    }

    /** {@return an unsigned number of 32 bits as the int of the same bits} */
    int u32(String name) {
        return (int) within(name, BigInteger.ZERO, BigInteger.valueOf(0xffff_ffffL));
    }

    /** {@return a number that fits a signed long} */
    long signed(String name) {
        return within(name, BigInteger.valueOf(Long.MIN_VALUE), BigInteger.valueOf(Long.MAX_VALUE));
    }

    /** {@return an unsigned number of 64 bits as the long of the same bits} */
    long unsigned(String name) {
        return within(name, BigInteger.ZERO, UNSIGNED_END.subtract(BigInteger.ONE));
    }

    private long within(String name, BigInteger least, BigInteger most) {
        return switch (value(name)) {
            case Value.Whole whole -> {
                if (whole.number().compareTo(least) < 0 || whole.number().compareTo(most) > 0) {
                    throw new IllegalArgumentException(
                            Text.format("\"%s\" is %s, not %s to %s", name, whole.number(), least, most));
                }
                yield whole.number().longValue();
            }
            default -> throw wrong(name, "a whole number");
        };
    }

    long address(String name) {
        String text = text(name);
        if (!ADDRESS.matcher(text).matches()) {
            throw wrong(name, "0x and up to 16 lower-case hexadecimal digits");
        }
        return Long.parseUnsignedLong(text, 2, text.length(), 16);
    }

    long digest(String name) {
        String text = text(name);
        if (!DIGEST.matcher(text).matches()) {
            throw wrong(name, "16 lower-case hexadecimal digits");
        }
        return Long.parseUnsignedLong(text, 16);
    }

    byte[] bytes(String name) {
        String text = text(name);
        if (text.length() > 2 * EventCodec.MAX_EVENT_BYTES) {
            throw new IllegalArgumentException(Text.format("\"%s\" is longer than one event can be", name));
        }
        if (!HEX.matcher(text).matches()) {
            throw wrong(name, "pairs of lower-case hexadecimal digits");
        }
        return HexFormat.of().parseHex(text);
    }

    List<Bytes> runs(String name) {
        return switch (value(name)) {
            case Value.Runs list -> list.runs();
            default -> throw wrong(name, "a list");
        };
    }

    List<Descriptor> descriptors(String name) {
        return switch (value(name)) {
            case Value.Chain list -> list.descriptors();
            default -> throw wrong(name, "a list");
        };
    }

    List<InputItem> items(String name) {
        return switch (value(name)) {
            case Value.Items list -> list.items();
            default -> throw wrong(name, "a list");
        };
    }

    /** {@return the constant that a text names} */
    <E extends Enum<E>> E oneOf(Class<E> type, String name) {
        String text = text(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                Text.format("\"%s\" is \"%s\", not one of %s", name, shown(text), List.of(type.getEnumConstants())));
    }

    private Value value(String name) {
        asked.add(name);
        return Optional.ofNullable(values.get(name))
                .orElseThrow(() -> new IllegalArgumentException(Text.format("the field \"%s\" is missing", name)));
    }

    private static IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException(Text.format("\"%s\" is not %s", name, expected));
    }

    /** {@return text from a file, fit for a message} */
    static String shown(String text) {
        return DeviceNames.plain(text.length() > 40 ? text.substring(0, 40) + "..." : text);
    }
}
