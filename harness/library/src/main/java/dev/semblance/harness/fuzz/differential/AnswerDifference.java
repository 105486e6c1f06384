package dev.semblance.harness.fuzz.differential;

import dev.semblance.harness.fuzz.differential.DeviceDifference.Kind;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.util.Text;
import java.util.Arrays;

/** Puts into words in what two answers to a command differ. */
final class AnswerDifference {

    private AnswerDifference() {}

    /**
     * Returns the difference of two answers that are not equal.
     *
     * @param line the index of the script's line
     * @param name of the command
     * @param expected the answer that is right
     * @param answer the device's
     */
    static DeviceDifference of(int line, String name, CommandAnswer expected, CommandAnswer answer) {
        if (!Arrays.equals(expected.response(), answer.response())) {
            return ofResponse(line, name, expected, answer);
        }
        if (expected.used() != answer.used() || expected.usedLength() != answer.usedLength()) {
            return DeviceDifference.of(
                    Kind.USED,
                    line,
                    name,
                    Text.format(
                            "%s: used %b with length %d, not %b with length %d",
                            name, answer.used(), answer.usedLength(), expected.used(), expected.usedLength()));
        }
        return DeviceDifference.of(
                Kind.STATUS,
                line,
                name,
                Text.format("after %s the device status is 0x%x, not 0x%x", name, answer.status(), expected.status()));
    }

    private static DeviceDifference ofResponse(int line, String name, CommandAnswer expected, CommandAnswer answer) {
        int at = Arrays.mismatch(expected.response(), answer.response());
        String code = CommandNames.code(expected.response());
        String actual = CommandNames.code(answer.response());
        String what = at < Integer.BYTES ? code + ", not " + actual : "byte " + at;
        return DeviceDifference.of(
                Kind.RESPONSE,
                line,
                name + " " + what,
                Text.format(
                        "%s is answered with %s: byte %d of the response is %02x, not %02x",
                        name,
                        code.equals(actual) ? "a wrong " + code : actual + ", not " + code,
                        at,
                        answer.response()[at],
                        expected.response()[at]));
    }
}
