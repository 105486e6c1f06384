package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.harness.target.dialect.ResponseName;
import java.util.List;

/** Names of commands and of outcomes, and small numbers for both to count by. */
public final class CommandNames {

    private static final CommandType[] TYPES = CommandType.values();
    private static final ErrorCode[] ERRORS = ErrorCode.values();

    /** Rows of a table: the commands, then these two. */
    public static final int OTHER = TYPES.length;

    /** The row of requests too short for a header. */
    public static final int NO_HEADER = TYPES.length + 1;
    /** How many rows there are. */
    public static final int ROWS = TYPES.length + 2;

    /** Columns: OK, the error codes, then these three. */
    public static final int CUT_SHORT = ERRORS.length + 1;

    /** There was no room for a response. */
    public static final int NO_ROOM = ERRORS.length + 2;
    /** The chain did not come back. */
    public static final int NOT_USED = ERRORS.length + 3;
    /** How many columns there are. */
    public static final int COLUMNS = ERRORS.length + 4;

    private static final List<String> SILENT = List.of("cut short", "no room", "not used");
    private static final int HEADER = 24;
    private static final int OK_CODES = 0x11;

    private CommandNames() {}

    /**
     * {@return the row of a request}
     *
     * @param request the bytes that the driver sent
     */
    public static int row(byte[] request) {
        if (request.length < HEADER) {
            return NO_HEADER;
        }
        int number = int32(request);
        for (int i = 0; i < TYPES.length; i++) {
            if (TYPES[i].number() == number) {
                return i;
            }
        }
        return OTHER;
    }

    /**
     * {@return the column of what became of a request}
     *
     * @param used whether the chain came back
     * @param length of the used element, in bytes
     * @param response what the device wrote
     */
    public static int column(boolean used, long length, byte[] response) {
        if (!used) {
            return NOT_USED;
        }
        if (length < HEADER || response.length < HEADER) {
            return length == 0 ? NO_ROOM : CUT_SHORT;
        }
        int number = int32(response);
        for (int i = 0; i < ERRORS.length; i++) {
            if (ERRORS[i].number() == number) {
                return i + 1;
            }
        }
        // Raw descriptors may have put the response anywhere.
        return number >>> 8 == OK_CODES ? 0 : CUT_SHORT;
    }

    private static int int32(byte[] bytes) {
        return bytes[0] & 255 | (bytes[1] & 255) << 8 | (bytes[2] & 255) << 16 | bytes[3] << 24;
    }

    /**
     * {@return the name of a row}
     *
     * @param row the number of a row
     */
    public static String rowName(int row) {
        return row == OTHER ? "unknown type" : row == NO_HEADER ? "no header" : TYPES[row].name();
    }

    /**
     * {@return the name of a column}
     *
     * @param column the number of a column
     */
    public static String columnName(int column) {
        return column == 0
                ? "OK"
                : column <= ERRORS.length ? ERRORS[column - 1].name() : SILENT.get(column - CUT_SHORT);
    }

    /**
     * {@return what the first four bytes of a response say}
     *
     * @param response what the device wrote
     */
    public static String code(byte[] response) {
        return ResponseName.of(response);
    }
}
