package dev.semblance.harness.files;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files that are read as a whole: with a limit, so that none fills the memory, whether it is a large file by mistake,
 * a device that has no end, or a pipe.
 */
public final class WholeFile {

    /** What some editors put before a text; it is no part of it. */
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private static final int KIB = 1 << 10;

    private WholeFile() {}

    /** A file has more bytes than anything of its kind has. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        private TooLargeException(int most) {
            super("it has more than " + size(most));
        }
    }

    /**
     * {@return the bytes of a file}
     *
     * @param most how many there may be
     * @throws TooLargeException if there are more
     */
    public static byte[] bytes(Path file, int most) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > most) {
            throw new TooLargeException(most);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most);
            // A device says nothing of its size.
            if (in.read() >= 0) {
                throw new TooLargeException(most);
            }
            return bytes;
        }
    }

    /**
     * {@return the text that somebody has written into a file, in UTF-8, without the byte order mark that may stand before it}
     *
     * @param what the file is, such as {@code policy}
     * @param name what to call it
     * @param most how many bytes it may have
     * @throws SemblanceException if it is not there, larger, or no text
     */
    public static String text(Path file, String what, String name, int most) {
        String subject = "the " + what + " " + name;
        if (Files.isDirectory(file)) {
            throw new UnusableInputException(Text.format("%s is a folder, not a %s", name, what));
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(file, most)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableInputException(subject + " is not UTF-8 text", e);
        } catch (TooLargeException e) {
            throw new UnusableInputException(
                    Text.format("%s is too large: a %s has at most %s", subject, what, size(most)), e);
        } catch (IOException e) {
            throw UnusableInputException.unreadable(subject, e);
        }
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new UnusableInputException(Text.format(
                    "%s is no text: it has a NUL character in line %d",
                    subject,
                    1 + text.substring(0, nul).chars().filter(c -> c == '\n').count()));
        }
        return text.isEmpty() || text.charAt(0) != BYTE_ORDER_MARK ? text : text.substring(1);
    }

    private static String size(int bytes) {
        return bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " bytes";
    }
}
