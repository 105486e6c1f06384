package dev.semblance.harness.fuzz.matrix;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.harness.target.dialect.ResponseName;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a row of the matrix is about: a command to which the reference gives one response, or the picture after a command.
 *
 * @param kind which of the two
 * @param command the name of the command; of a picture, {@link #SEVERAL} where several commands came together
 * @param expected the name of the response that the reference gives; of a picture, {@link #PICTURE}
 */
public record RowKey(Kind kind, String command, String expected) implements Comparable<RowKey> {

    /** What stands in a picture's row for the response. */
    public static final String PICTURE = "picture";

    /** What stands for the command where several came together before a picture was looked at. */
    public static final String SEVERAL = "several commands";

    /** What stands for the response where no case has the command. */
    public static final String NO_CASE = "no case";

    private static final List<String> COMMANDS = Stream.concat(
                    Stream.of(CommandType.values()).map(Enum::name), Stream.of("unknown type", "no header", SEVERAL))
            .toList();
    private static final List<String> RESPONSES = Stream.of(
                    Stream.of("OK_NODATA", "OK_DISPLAY_INFO", "OK_EDID"),
                    Stream.of(ErrorCode.values()).map(Enum::name),
                    Stream.of(ResponseName.NONE, ResponseName.UNUSED))
            .flatMap(names -> names)
            .toList();

    private static final Comparator<RowKey> ORDER = Comparator.comparing(RowKey::kind)
            .thenComparingInt(key -> place(COMMANDS, key.command()))
            .thenComparing(RowKey::command)
            .thenComparing(RowKey::expected, responses());

    /** What a row is about. */
    public enum Kind {
        /** The response to a command. */
        ANSWER,
        /** What is shown after it. */
        PICTURE
    }

    /** {@return the row of the answers to a command} */
    static RowKey answer(String command, String expected) {
        return new RowKey(Kind.ANSWER, command, expected);
    }

    /** {@return the row of the pictures after a command} */
    static RowKey picture(String command) {
        return new RowKey(Kind.PICTURE, command, PICTURE);
    }

    /** {@return the order in which responses are told: done, refused, silent, anything else} */
    static Comparator<String> responses() {
        return Comparator.<String>comparingInt(name -> place(RESPONSES, name)).thenComparing(Comparator.naturalOrder());
    }

    private static int place(List<String> order, String name) {
        int place = order.indexOf(name);
        return place < 0 ? order.size() : place;
    }

    @Override
    public int compareTo(RowKey other) {
        return ORDER.compare(this, other);
    }
}
