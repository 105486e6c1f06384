package dev.semblance.harness.json;

import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The fields of one JSON object, taken by name and checked; {@link #end} refuses those that nobody took.
 *
 * <p>They come from a tree ({@link #of}), or from a stream of tokens ({@link #read}) where a line may be too long for a tree: then
 * each element of a list is made into its object as it comes, and nothing that {@link Shape} does not name is kept or looked into.
 *
 * <p>What is wrong is a {@link JsonFieldException}.
 */
public final class JsonFields {

    private static final Pattern HEX_NUMBER = Pattern.compile("0[xX][0-9a-fA-F]{1,16}");
    private static final Pattern LOWER_CASE = Pattern.compile("(?:[0-9a-f]{2})*+");

    /** How much of a wrong value a message shows, in UTF-16 units. */
    private static final int SHOWN = 40;

    /**
     * Whole numbers.
     *
     * @param least the least
     * @param most the greatest
     */
    public record Range(BigInteger least, BigInteger most) {

        /** What an int holds, from 0 on. */
        public static final Range U31 = upTo(Integer.MAX_VALUE);

        /** What an int holds. */
        public static final Range S32 = of(Integer.MIN_VALUE, Integer.MAX_VALUE);

        /** 32 bits without a sign. */
        public static final Range U32 = upTo(0xffff_ffffL);

        /** What a long holds. */
        public static final Range S64 = of(Long.MIN_VALUE, Long.MAX_VALUE);

        /** 64 bits without a sign. */
        public static final Range U64 =
                new Range(BigInteger.ZERO, BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE));

        /** {@return the numbers from 0 to {@code most}} */
        public static Range upTo(long most) {
            return of(0, most);
        }

        private static Range of(long least, long most) {
            return new Range(BigInteger.valueOf(least), BigInteger.valueOf(most));
        }

        private boolean contains(BigInteger number) {
            return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
        }
    }

    /** How bytes are written. */
    public enum Hex {
        /** Digits of either case. */
        ANY_CASE,
        /** As {@link HexFormat#of} writes them, so that equal bytes are equal texts. */
        LOWER_CASE
    }

    /**
     * A field that is a list of objects.
     *
     * @param <T> what an object is made into
     * @param name of the field
     * @param most how many objects there may be
     * @param element makes an object out of its fields
     */
    public record Objects<T>(String name, int most, Function<JsonFields, T> element) {}

    /**
     * What an object in a stream, and each object in its lists, has beside texts, numbers and flags.
     *
     * @param skipped fields that are passed over, whatever they hold
     * @param lists fields that are lists
     */
    public record Shape(Set<String> skipped, List<Objects<?>> lists) {

        /** Copies the collections. */
        public Shape {
            skipped = Set.copyOf(skipped);
            lists = List.copyOf(lists);
        }

        private Objects<?> list(String name) {
            return lists.stream()
                    .filter(list -> list.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new JsonFieldException(Text.format("\"%s\" is no list", brief(name))));
        }
    }

    private sealed interface Field {

        /** A value as JSON has it. */
        record Value(JsonNode node) implements Field {}

        /** A list of a stream, whose objects have been made. */
        record Made(Objects<?> kind, List<?> objects) implements Field {}
    }

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Set<String> taken = new HashSet<>();

    private JsonFields() {}

    /** {@return the fields of an object in a tree} */
    public static JsonFields of(JsonNode object) {
        if (!object.isObject()) {
            throw noObject();
        }
        JsonFields fields = new JsonFields();
        object.forEachEntry((name, value) -> fields.fields.put(name, new Field.Value(value)));
        return fields;
    }

    /** {@return the fields of the object whose first token a parser is at} It is read up to its end. */
    public static JsonFields read(JsonParser parser, Shape shape) {
        JsonFields fields = new JsonFields();
        fields.fill(parser, shape);
        return fields;
    }

    private void fill(JsonParser parser, Shape shape) {
        fields.clear();
        taken.clear();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw noObject();
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (shape.skipped().contains(name)) {
                parser.skipChildren();
            } else if (token == JsonToken.START_ARRAY) {
                fields.put(name, made(shape.list(name), parser, shape));
            } else {
                fields.put(name, new Field.Value(scalar(name, token, parser)));
            }
        }
    }

    private static JsonNode scalar(String name, JsonToken token, JsonParser parser) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (token) {
            case VALUE_STRING -> nodes.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> nodes.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            default -> throw new JsonFieldException(Text.format("\"%s\" is no object", brief(name)));
        };
    }

    private static <T> Field made(Objects<T> kind, JsonParser parser, Shape shape) {
        List<T> made = new ArrayList<>();
        JsonFields fields = new JsonFields();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            checkRoom(kind, made);
            fields.fill(parser, shape);
            made.add(fields.whole(kind.element()));
        }
        return new Field.Made(kind, made);
    }

    private static void checkRoom(Objects<?> kind, List<?> made) {
        if (made.size() >= kind.most()) {
            throw new JsonFieldException(Text.format("\"%s\" has more than %d elements", kind.name(), kind.most()));
        }
    }

    private <T> T whole(Function<JsonFields, T> reader) {
        T read = reader.apply(this);
        end();
        return read;
    }

    /** Refuses what nobody took. */
    public void end() {
        for (String name : fields.keySet()) {
            if (!taken.contains(name)) {
                throw unknown(name, taken);
            }
        }
    }

    /** {@return whether there is a field} It is not taken by that. */
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    private Optional<Field> take(String name) {
        taken.add(name);
        return Optional.ofNullable(fields.get(name));
    }

    /** {@return a field, whatever it is} */
    public Optional<JsonNode> any(String name) {
        return take(name).map(field -> switch (field) {
            case Field.Value value -> value.node();
            case Field.Made made -> throw wrong(name, "one value", shown(field));
        });
    }

    private <T> Optional<T> value(String name, String expected, Function<JsonNode, Optional<T>> reader) {
        return take(name)
                .map(field -> (switch (field) {
                            case Field.Value value -> reader.apply(value.node());
                            case Field.Made made -> Optional.<T>empty();
                        })
                        .orElseThrow(() -> wrong(name, expected, shown(field))));
    }

    /** {@return a field that is a string} */
    public Optional<String> text(String name) {
        return value(name, "a string", JsonNode::stringValueOpt);
    }

    /** {@return a field that is true or false} */
    public Optional<Boolean> flag(String name) {
        return value(name, "true or false", JsonNode::booleanValueOpt);
    }

    /** {@return a field that is a whole number, as the low 64 bits of its two's complement} */
    public Optional<Long> number(String name, Range range) {
        return value(name, whole(range), node -> number(node, range));
    }

    /** {@return the same where the number may also be a string of {@code 0x} and up to 16 hexadecimal digits} */
    public Optional<Long> numberOrHex(String name, Range range) {
        return value(name, whole(range), node -> numberOrHex(node, range));
    }

    private static String whole(Range range) {
        return Text.format("a whole number from %s to %s", range.least(), range.most());
    }

    private static Optional<Long> number(JsonNode node, Range range) {
        return node.isIntegralNumber() ? within(node.bigIntegerValue(), range) : Optional.empty();
    }

    private static Optional<Long> numberOrHex(JsonNode node, Range range) {
        return node.isString() && HEX_NUMBER.matcher(node.stringValue()).matches()
                ? within(new BigInteger(node.stringValue().substring(2), 16), range)
                : number(node, range);
    }

    private static Optional<Long> within(BigInteger number, Range range) {
        return range.contains(number) ? Optional.of(number.longValue()) : Optional.empty();
    }

    /** {@return bytes that are written as pairs of hexadecimal digits} */
    public Optional<byte[]> bytes(String name, Hex digits) {
        return text(name).map(text -> switch (digits) {
            case LOWER_CASE -> {
                if (!LOWER_CASE.matcher(text).matches()) {
                    throw wrong(name, "pairs of lower-case hexadecimal digits", "\"" + brief(text) + "\"");
                }
                yield HexFormat.of().parseHex(text);
            }
            case ANY_CASE -> {
                try {
                    yield HexFormat.of().parseHex(text);
                } catch (IllegalArgumentException e) {
                    throw wrong(name, "pairs of hexadecimal digits", "\"" + brief(text) + "\"");
                }
            }
        });
    }

    /** {@return the one of these that a text names} */
    public <T> Optional<T> oneOf(String name, List<T> choices, Function<T, String> names) {
        return value(
                name,
                "one of " + String.join(", ", choices.stream().map(names).toList()),
                node -> choices.stream()
                        .filter(choice -> node.isString() && names.apply(choice).equals(node.stringValue()))
                        .findFirst());
    }

    /** {@return what the objects of a list are made into; empty where there is no such field} */
    public <T> List<T> list(Objects<T> kind) {
        return take(kind.name())
                .map(field -> switch (field) {
                    case Field.Made made -> objects(kind, made);
                    case Field.Value value -> objects(kind, value.node());
                })
                .orElse(List.of());
    }

    /** What was made for one kind of list is asked for by that kind: no two of a shape have one name. */
    @SuppressWarnings("unchecked")
    private static <T> List<T> objects(Objects<T> kind, Field.Made made) {
        if (!made.kind().equals(kind)) {
            throw new IllegalStateException(kind.name() + " was read as something else");
        }
        return (List<T>) made.objects();
    }

    private static <T> List<T> objects(Objects<T> kind, JsonNode list) {
        List<T> made = new ArrayList<>();
        elements(kind.name(), list, node -> {
            checkRoom(kind, made);
            return made.add(of(node).whole(kind.element()));
        });
        return made;
    }

    /** {@return the numbers of a list, as of {@link #numberOrHex}; none where there is no such field} */
    public List<Integer> numbers(String name) {
        return any(name)
                .map(list -> elements(name, list, node -> u31(name, node)))
                .orElse(List.of());
    }

    /** {@return the texts of a list; none where there is no such field} */
    public List<String> texts(String name) {
        return any(name)
                .map(list -> elements(
                        name,
                        list,
                        node -> node.stringValueOpt().orElseThrow(() -> wrong(name, "a list of strings", shown(node)))))
                .orElse(List.of());
    }

    /** {@return the pairs of numbers in a list; none where there is no such field} */
    public <T> List<T> pairs(String name, Function<List<Integer>, T> maker) {
        return any(name)
                .map(list -> elements(name, list, node -> {
                    if (!node.isArray() || node.size() != 2) {
                        throw wrong(name, "a list of pairs [a,b]", shown(node));
                    }
                    return maker.apply(elements(name, node, number -> u31(name, number)));
                }))
                .orElse(List.of());
    }

    private static int u31(String name, JsonNode node) {
        return numberOrHex(node, Range.U31)
                .orElseThrow(() -> wrong(name, whole(Range.U31), shown(node)))
                .intValue();
    }

    private static <T> List<T> elements(String name, JsonNode list, Function<JsonNode, T> reader) {
        if (!list.isArray()) {
            throw wrong(name, "a list […]", shown(list));
        }
        List<T> elements = new ArrayList<>(list.size());
        list.forEach(element -> elements.add(reader.apply(element)));
        return elements;
    }

    // ---- what is wrong -------------------------------------------------------------------------------------------

    /** {@return the complaint about a field that is not there} */
    public static JsonFieldException missing(String name) {
        return new JsonFieldException(Text.format("\"%s\" is missing", name));
    }

    /** {@return the complaint about a field that there is not} */
    public static JsonFieldException unknown(String name, Collection<String> possible) {
        return new JsonFieldException(Text.format(
                "there is no \"%s\" here; possible are %s",
                brief(name), String.join(", ", possible.stream().sorted().toList())));
    }

    /** {@return the complaint about what should be an object} */
    public static JsonFieldException noObject() {
        return new JsonFieldException("a JSON object {…} was expected");
    }

    /**
     * {@return the complaint about a field that is not what it has to be}
     *
     * @param expected what it has to be
     * @param found what it is, fit for a message
     */
    public static JsonFieldException wrong(String name, String expected, String found) {
        return new JsonFieldException(Text.format("\"%s\" is %s, not %s", name, expected, found));
    }

    private static String shown(Field field) {
        return switch (field) {
            case Field.Value value -> shown(value.node());
            case Field.Made made -> "a list […]";
        };
    }

    private static String shown(JsonNode node) {
        return brief(node.toString());
    }

    /** {@return the beginning of a text from outside, fit for a message} */
    public static String brief(String text) {
        return Printable.line(text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
    }
}
