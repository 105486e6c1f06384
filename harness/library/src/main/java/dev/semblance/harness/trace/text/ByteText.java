package dev.semblance.harness.trace.text;

import dev.semblance.harness.util.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text of a scenario as the bytes that go over the console: UTF-8, except where {@code \xNN} named a byte. Immutable. */
public final class ByteText {

    private final byte[] bytes;

    private ByteText(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Makes a text of bytes, which are copied.
     *
     * @param bytes the bytes
     * @return the text
     */
    public static ByteText of(byte[] bytes) {
        return new ByteText(bytes.clone());
    }

    /**
     * Makes a text of the UTF-8 form of {@code text}.
     *
     * @param text characters, as UTF-8
     * @return the text
     */
    public static ByteText of(String text) {
        return new ByteText(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return a copy of the bytes} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@return the number of bytes} */
    public int length() {
        return bytes.length;
    }

    /**
     * {@return byte {@code index}, 0 to 255}
     *
     * @param index from 0
     */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /** {@return the bytes read as UTF-8} */
    public String asString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof ByteText other && Arrays.equals(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@return the text as a scenario would write it, in double quotes, in ASCII} */
    @Override
    public String toString() {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte value : bytes) {
            quoted.append(
                    switch (value) {
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        case '"' -> "\\\"";
                        case '\\' -> "\\\\";
                        default ->
                            value >= 0x20 && value < 0x7f
                                    ? String.valueOf((char) value)
                                    : Text.format("\\x%02x", value & 0xff);
                    });
        }
        return quoted.append('"').toString();
    }
}
