package dev.semblance.harness.rig;

import dev.semblance.harness.util.Text;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** The fields of one JSON object, taken by name and checked; {@link #end} refuses those that nobody took. */
final class JsonFields {

    private static final BigInteger U64 = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private final JsonNode node;
    private final Set<String> taken = new HashSet<>();

    JsonFields(JsonNode node) {
        if (!node.isObject()) {
            throw new ScriptException("an object {…} is wanted, not " + shown(node));
        }
        this.node = node;
    }

    /** Returns the fields of the objects in an array. */
    <T> List<T> objects(String name, Function<JsonFields, T> reader) {
        return list(name, element -> {
            JsonFields fields = new JsonFields(element);
            T read = reader.apply(fields);
            fields.end();
            return read;
        });
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** {@return a field, whatever it is} */
    Optional<JsonNode> any(String name) {
        taken.add(name);
        return node.optional(name);
    }

    /** Refuses what nobody took. */
    void end() {
        for (String name : node.propertyNames()) {
            if (!taken.contains(name)) {
                throw new ScriptException(Text.format(
                        "there is no \"%s\" here; possible are %s",
                        brief(name), String.join(", ", taken.stream().sorted().toList())));
            }
        }
    }

    Optional<String> text(String name) {
        return any(name).map(value -> {
            if (!value.isString()) {
                throw new ScriptException(Text.format("\"%s\" is a string, not %s", name, shown(value)));
            }
            return value.stringValue();
        });
    }

    boolean flag(String name) {
        return any(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw new ScriptException(Text.format("\"%s\" is true or false, not %s", name, shown(value)));
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    /** {@return a whole number from 0 to {@code max}, unsigned where that is -1} */
    Optional<Long> number(String name, long max) {
        return any(name).map(value -> number(name, value, max));
    }

    long required(String name, long max) {
        return number(name, max).orElseThrow(() -> missing(name));
    }

    static ScriptException missing(String name) {
        return new ScriptException(Text.format("\"%s\" is missing", name));
    }

    private static long number(String name, JsonNode value, long max) {
        BigInteger highest = max == -1 ? U64 : BigInteger.valueOf(max);
        BigInteger number = whole(value);
        if (number.signum() < 0 || number.compareTo(highest) > 0) {
            throw new ScriptException(
                    Text.format("\"%s\" is a whole number from 0 to %s, not %s", name, highest, shown(value)));
        }
        return number.longValue();
    }

    /** {@return a number, or one in a string with 0x; -1 for what is neither} */
    private static BigInteger whole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.bigIntegerValue();
        }
        if (value.isString() && value.stringValue().matches("0[xX][0-9a-fA-F]{1,16}")) {
            return new BigInteger(value.stringValue().substring(2), 16);
        }
        return BigInteger.ONE.negate();
    }

    List<Integer> numbers(String name) {
        return list(name, value -> (int) number(name, value, Integer.MAX_VALUE));
    }

    /** {@return a list of texts, empty if there is none} */
    List<String> texts(String name) {
        return list(name, node -> {
            if (!node.isString()) {
                throw new ScriptException(Text.format("\"%s\" is a list of texts", name));
            }
            return node.asString();
        });
    }

    /** Returns an array of pairs of numbers, each made into something. */
    <T> List<T> pairs(String name, Function<List<Integer>, T> maker) {
        return list(name, value -> {
            if (!value.isArray() || value.size() != 2) {
                throw new ScriptException(
                        Text.format("\"%s\" is a list of pairs [a,b], not of %s", name, shown(value)));
            }
            List<Integer> pair = new ArrayList<>(2);
            value.forEach(element -> pair.add((int) number(name, element, Integer.MAX_VALUE)));
            return maker.apply(pair);
        });
    }

    private <T> List<T> list(String name, Function<JsonNode, T> reader) {
        List<T> list = new ArrayList<>();
        any(name).ifPresent(value -> {
            if (!value.isArray()) {
                throw new ScriptException(Text.format("\"%s\" is a list […], not %s", name, shown(value)));
            }
            value.forEach(element -> list.add(reader.apply(element)));
        });
        return list;
    }

    Optional<byte[]> bytes(String name) {
        return text(name).map(digits -> hex(name, digits));
    }

    /** {@return what memory is filled with: bytes in hexadecimal, or one of them as a number} */
    Optional<byte[]> fill(String name) {
        return any(name).map(value -> {
            if (value.isString()) {
                byte[] pattern = hex(name, value.stringValue());
                if (pattern.length == 0) {
                    throw new ScriptException(Text.format("\"%s\" has at least one byte", name));
                }
                return pattern;
            }
            return new byte[] {(byte) number(name, value, 0xff)};
        });
    }

    private static byte[] hex(String name, String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw new ScriptException(
                    Text.format("\"%s\" is pairs of hexadecimal digits, not \"%s\"", name, brief(digits)), e);
        }
    }

    private static String shown(JsonNode value) {
        return brief(value.toString());
    }

    private static String brief(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > 40 ? plain.substring(0, 40) + "…" : plain;
    }
}
