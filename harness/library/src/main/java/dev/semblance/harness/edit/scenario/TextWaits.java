package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.trace.text.ByteText;
import java.util.Optional;

/**
 * Chooses what to wait for of what the guest wrote between two acts. It must be steady, that is, be written again at another time, and must
 * be the first of its kind in what no wait has read yet.
 */
final class TextWaits {

    /** How much of a line is waited for at most, and how far before it is looked for what tells it from others. */
    private static final int MAX_LENGTH = 60;

    private static final int MAX_TIMES = 3;
    private static final int MIN_LENGTH = 2;

    /** What is older was never seen by the person, and no wait reads it either: {@code wait} looks at the last MiB. */
    private static final int MAX_UNREAD = 1 << 20;

    /** How many bytes are compared for one scenario at most; a hostile trace is waited for no longer, but without texts. */
    private static final long MAX_WORK = 1L << 30;

    private static final int ESCAPE = 27;

    private final ConsoleLog console;
    private int unread;
    private long work;

    TextWaits(ConsoleLog console) {
        this.console = console;
    }

    /**
     * A text to wait for.
     *
     * @param text as it was written
     * @param times how often it was, since what was read last
     * @param cycle when its last byte came
     */
    record Awaited(ByteText text, int times, long cycle) {}

    /** A stretch of the console's bytes. */
    private record Stretch(int from, int to) {

        int length() {
            return to - from;
        }
    }

    /**
     * {@return what to wait for; what is returned counts as read from then on}
     *
     * @param from the cycle at which the act before ended
     * @param to the cycle at which the next one began
     * @param typed what the act before put on the console, whose echo nobody waits for
     */
    Optional<Awaited> next(long from, long to, Optional<byte[]> typed) {
        int end = console.before(to);
        int start = Math.max(console.before(from + 1), end - MAX_UNREAD);
        unread = Math.max(unread, end - MAX_UNREAD);
        int begin = Math.max(afterEcho(start, end, typed), unread);
        int at = end;
        while (at > begin && work < MAX_WORK) {
            Stretch line = lineBefore(at, begin);
            Optional<Awaited> found = steady(withoutEscape(line)).flatMap(this::awaited);
            if (found.isPresent()) {
                return found;
            }
            at = line.from();
            while (at > begin && !isPrinted(console.at(at - 1))) {
                at--;
            }
        }
        return Optional.empty();
    }

    /** Skips what comes back of what was typed: a line end comes back as two bytes. */
    private int afterEcho(int start, int end, Optional<byte[]> typed) {
        if (typed.isEmpty()) {
            return start;
        }
        int at = start;
        for (byte value : typed.get()) {
            boolean lineEnd = value == '\n' || value == '\r';
            while (lineEnd && at < end && console.at(at) == '\r') {
                at++;
            }
            if (at == end || console.at(at) != (lineEnd ? '\n' : value)) {
                return at;
            }
            at++;
        }
        return at;
    }

    /** {@return the last printed bytes before a place} */
    private Stretch lineBefore(int end, int begin) {
        int to = end;
        while (to > begin && !isPrinted(console.at(to - 1))) {
            to--;
        }
        int from = to;
        while (from > begin && isPrinted(console.at(from - 1))) {
            from--;
        }
        return new Stretch(from, to);
    }

    /** Behind an escape stands what it means, up to a letter. */
    private Stretch withoutEscape(Stretch line) {
        if (line.from() == 0 || line.length() == 0 || console.at(line.from() - 1) != ESCAPE) {
            return line;
        }
        int from = line.from();
        while (from < line.to() && !Character.isLetter((char) (console.at(from) & 0xff))) {
            from++;
        }
        return new Stretch(Math.min(from + 1, line.to()), line.to());
    }

    private static boolean isPrinted(byte value) {
        return value >= 0x20 && value < 0x7f;
    }

    /** {@return the longest part of a line without numbers that may be others the next time; the last one of several} */
    private Optional<Stretch> steady(Stretch line) {
        Stretch best = new Stretch(line.from(), line.from());
        int from = line.from();
        for (int at = line.from(); at <= line.to(); ) {
            int word = at;
            while (word < line.to() && !isBreak(console.at(word))) {
                word++;
            }
            boolean unsteady = isUnsteady(at, word);
            int to = unsteady ? at : word;
            if (to - from >= best.length()) {
                best = new Stretch(from, to);
            }
            if (unsteady) {
                from = word;
            }
            at = word + 1;
            if (!unsteady && at <= line.to() && at - from >= best.length()) {
                best = new Stretch(from, at);
            }
        }
        Stretch cut = trimmed(new Stretch(Math.max(best.from(), best.to() - MAX_LENGTH), best.to()));
        int shown = 0;
        for (int i = cut.from(); i < cut.to(); i++) {
            shown += console.at(i) == ' ' ? 0 : 1;
        }
        return shown >= MIN_LENGTH || shown == 1 && cut.length() >= MIN_LENGTH ? Optional.of(cut) : Optional.empty();
    }

    private Stretch trimmed(Stretch text) {
        int from = text.from();
        while (from < text.to() && console.at(from) == ' ') {
            from++;
        }
        return new Stretch(from, text.to());
    }

    private static boolean isBreak(byte value) {
        return " \t[]()<>{},;=".indexOf(value) >= 0;
    }

    /** Numbers of four digits or more, or with a point, and hexadecimal ones of four or more: times, addresses, process numbers. */
    private boolean isUnsteady(int from, int to) {
        int digits = 0;
        int row = 0;
        int longest = 0;
        int hexadecimal = 0;
        boolean point = false;
        boolean size = false;
        for (int i = from; i < to; i++) {
            byte value = console.at(i);
            boolean digit = value >= '0' && value <= '9';
            digits += digit ? 1 : 0;
            row = digit ? row + 1 : 0;
            longest = Math.max(longest, row);
            // 1024x768 is the same the next time.
            size |= value == 'x' && i > from + 1 && digits == i - from;
            hexadecimal += digit || value >= 'a' && value <= 'f' ? 1 : 0;
            point |= value == '.' && i > from && i + 1 < to && digits > 0;
        }
        return longest >= 4 && !size
                || point && digits > 1
                || digits > 0 && hexadecimal >= 4 && hexadecimal == to - from;
    }

    private Optional<Awaited> awaited(Stretch wanted) {
        for (int from = wanted.from(); from >= Math.max(unread, wanted.to() - MAX_LENGTH); from--) {
            byte before = from > 0 ? console.at(from) : 0;
            if (from < wanted.from() && !isPrinted(before) && before != '\n' && before != '\r') {
                break;
            }
            Stretch longer = new Stretch(from, wanted.to());
            if (occurrences(longer) == 1) {
                return Optional.of(take(longer, 1));
            }
        }
        int times = occurrences(wanted);
        return times > 0 && times <= MAX_TIMES ? Optional.of(take(wanted, times)) : Optional.empty();
    }

    private Awaited take(Stretch text, int times) {
        unread = text.to();
        return new Awaited(ByteText.of(bytes(text)), times, console.cycle(text.to() - 1));
    }

    private byte[] bytes(Stretch text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = console.at(text.from() + i);
        }
        return bytes;
    }

    /** {@return how many waits for a text come to this place, or 0 if they pass it by} */
    private int occurrences(Stretch text) {
        byte[] wanted = bytes(text);
        int times = 0;
        int at = unread;
        work += text.to() - at;
        while (at + wanted.length <= text.to() && times <= MAX_TIMES) {
            if (console.isAt(wanted, at)) {
                times++;
                at += wanted.length;
                if (at == text.to()) {
                    return times;
                }
            } else {
                at++;
            }
        }
        return 0;
    }
}
