package dev.semblance.harness.json;

import dev.semblance.harness.util.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one way in for JSON that this program has not just written itself: RFC 8259 and nothing beside it, in UTF-8, no key twice
 * in an object, bounded in depth and in the length of whatever is kept whole.
 */
public final class Json {

    /** The most digits of a number in a record, those of its fraction and its exponent among them. */
    public static final int MAX_DIGITS = 1000;

    private Json() {}

    /** {@return a source of parsers that are strict within these limits} */
    public static JsonFactory strict(StreamReadConstraints limits) {
        return JsonFactory.builder()
                .streamReadConstraints(limits)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /**
     * {@return a mapper for manifests: records with sorted keys} No value is taken for one of another kind, what is null or
     * missing is refused, and unknown keys are skipped, since a later version may have written them.
     *
     * @param maxDepth how many levels of objects and lists there may be
     * @param maxBytes how long the whole may be: no key or text can be longer
     */
    public static JsonMapper ofRecords(int maxDepth, int maxBytes) {
        return JsonMapper.builder(strict(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNameLength(maxBytes)
                        .maxStringLength(maxBytes)
                        // The library counts a zero before the point now and then, and is asked for the rough limit
                        // only.
                        .maxNumberLength(MAX_DIGITS + 1)
                        .build()))
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfigDefaults(coercion -> {
                    for (CoercionInputShape shape : CoercionInputShape.values()) {
                        coercion.setCoercion(shape, CoercionAction.Fail);
                    }
                })
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(new SimpleModule().setDeserializerModifier(new ExactEnums()))
                .build();
    }

    /** Has the names of constants letter by letter: the library would take blanks around them away. */
    private static final class ExactEnums extends ValueDeserializerModifier {

        private static final long serialVersionUID = 1L;

        @Override
        public ValueDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config,
                JavaType type,
                BeanDescription.Supplier description,
                ValueDeserializer<?> deserializer) {
            return new ExactEnum(type.getRawClass());
        }
    }

    private static final class ExactEnum extends ValueDeserializer<Object> {

        private final Class<?> type;

        ExactEnum(Class<?> type) {
            this.type = type;
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            String name = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : "";
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(name)) {
                    return constant;
                }
            }
            return context.reportInputMismatch(
                    type, "a name was expected, one of %s", List.of(type.getEnumConstants()));
        }
    }

    /**
     * Reads a record.
     *
     * @param absent the keys that may be missing: their components are empty then
     * @throws IllegalArgumentException if the bytes are no such JSON; the message ends a sentence
     */
    public static <T> T read(JsonMapper mapper, byte[] json, Class<T> type, String... absent) {
        String text = utf8(json);
        return reading(() -> {
            checkTokens(mapper, text);
            JsonNode tree = mapper.readTree(text);
            if (tree instanceof ObjectNode object) {
                for (String key : absent) {
                    if (!object.has(key)) {
                        object.putNull(key);
                    }
                }
            }
            return Optional.ofNullable(mapper.treeToValue(tree, type))
                    .orElseThrow(() -> new IllegalArgumentException("it is null"));
        });
    }

    /**
     * Reads with the library, whose exceptions are known here alone.
     *
     * @param reader reads; exceptions of its own pass
     * @throws JsonSyntaxException if what it read is no JSON, or not JSON that can be kept
     */
    public static <T> T reading(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (JacksonException e) {
            throw new JsonSyntaxException(problem(e), e);
        } catch (NumberFormatException e) {
            // The library lets this one through where an exponent is beyond what a BigDecimal can have.
            throw new JsonSyntaxException("it has a number that is too large or too small", e);
        }
    }

    /** Looks at every key, text and number, also at those that are skipped later. */
    private static void checkTokens(JsonMapper mapper, String json) {
        try (JsonParser parser = mapper.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME || token == JsonToken.VALUE_STRING) {
                    JsonText.check(parser.getString());
                } else if (token.isNumeric()
                        && parser.getString().chars().filter(Character::isDigit).count() > MAX_DIGITS) {
                    throw new IllegalArgumentException(
                            Text.format("it has a number of more than %d digits", MAX_DIGITS));
                }
            }
        }
    }

    /**
     * {@return the text of bytes}
     *
     * @throws IllegalArgumentException if they are not UTF-8; the message ends a sentence
     */
    public static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is no UTF-8", e);
        }
    }

    /** {@return what is wrong, in one line that ends a sentence, without excerpts of what was read around it} */
    private static String problem(JacksonException problem) {
        // What a record's constructor refused says more than the library's wrapping of it.
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        // The library's words for a value of another kind are for programmers: its settings are in them.
        if (problem instanceof MismatchedInputException mismatch
                && !mismatch.getPath().isEmpty()
                && mismatch.getPath().getLast().getPropertyName() != null) {
            return Text.format(
                    "\"%s\" is missing, or not of the kind that belongs there",
                    mismatch.getPath().getLast().getPropertyName());
        }
        return Optional.ofNullable(problem.getOriginalMessage())
                .orElse("it is no JSON")
                .lines()
                .findFirst()
                .orElse("it is no JSON");
    }
}
