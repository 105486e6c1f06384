package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.guest.scenario.SourceLine.Quoted;
import dev.semblance.harness.guest.scenario.SourceLine.Token;
import dev.semblance.harness.guest.scenario.SourceLine.Word;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.OptionalLong;

/** The words of one line, taken one after another. Whatever is missing or wrong is an error that names its column. */
final class Arguments {

    private final long cyclesPerSecond;
    private final SourceLine line;
    private final List<Token> tokens;
    private final Word verb;
    private int next = 1;

    /** Makes the arguments of a line with at least one token. */
    Arguments(SourceLine line, List<Token> tokens, long cyclesPerSecond) {
        this.cyclesPerSecond = cyclesPerSecond;
        this.line = line;
        this.tokens = tokens;
        this.verb = switch (tokens.getFirst()) {
            case Word word -> word;
            case Quoted text -> throw line.error(text.column(), "a line starts with a verb, not with a text");
        };
    }

    String verb() {
        return verb.text();
    }

    int line() {
        return line.number();
    }

    ScenarioException errorAtVerb(String problem) {
        return line.error(verb.column(), problem);
    }

    ScenarioException error(Token token, String problem) {
        return line.error(token.column(), problem);
    }

    ScenarioException error(int column, String problem) {
        return line.error(column, problem);
    }

    /** Takes a quoted text. */
    Quoted text(String example) {
        Token token = any("a text in double quotes", example);
        return switch (token) {
            case Quoted text -> text;
            case Word word -> throw error(word, "a text stands in double quotes, as in: " + example);
        };
    }

    /** Takes a quoted text with at least one byte. */
    Quoted someText(String example) {
        Quoted text = text(example);
        if (text.text().length() == 0) {
            throw error(text, "this text is empty");
        }
        return text;
    }

    /** Takes a word without quotes. */
    Word word(String what, String example) {
        Token token = any(what, example);
        return switch (token) {
            case Word word -> word;
            case Quoted text -> throw error(text, what + " stands without quotes, as in: " + example);
        };
    }

    /** Takes a word or a quoted text, where either may stand, such as a path; the word as such. */
    String wordOrText(String what, String example) {
        return switch (any(what, example)) {
            case Word word -> word.text();
            case Quoted text -> text.text().asString();
        };
    }

    /** Takes a number of cycles. */
    long cycles(String example) {
        Word word = word("a number of cycles", example);
        OptionalLong cycles = CycleCount.parse(word.text(), cyclesPerSecond);
        return cycles.orElseThrow(() -> error(
                word,
                "\"" + word.text()
                        + "\" is not a number of cycles from 1 to 1e15; write 5000000, 5_000_000, 5e6, 80ms or"
                        + " 1.5s"));
    }

    /** {@return milliseconds of the machine's clock in cycles} */
    long milliseconds(long count) {
        return count * (cyclesPerSecond / 1000);
    }

    /** Takes {@code within CYCLES} if it stands here, and supplies the default otherwise. */
    long within(String example) {
        return takes("within") ? cycles(example) : Step.defaultWithin(cyclesPerSecond);
    }

    /** {@return whether a word stands here} It is taken then. */
    boolean takes(String word) {
        boolean here = next < tokens.size()
                && tokens.get(next) instanceof Word found
                && found.text().equals(word);
        next += here ? 1 : 0;
        return here;
    }

    /** Takes a whole number between two bounds. */
    int integer(String what, String example, int least, int most) {
        Word word = word(what, example);
        OptionalLong value = Text.wholeNumber(word.text());
        if (value.isPresent() && value.getAsLong() >= least && value.getAsLong() <= most) {
            return (int) value.getAsLong();
        }
        throw error(
                word, Text.format("%s is a whole number from %d to %d, not \"%s\"", what, least, most, word.text()));
    }

    /** Checks that nothing is left. */
    void end() {
        if (next < tokens.size()) {
            Token token = tokens.get(next);
            String hint = token instanceof Word word ? Suggestions.hint(word.text(), furtherWords()) : "";
            throw error(token, "\"" + verb() + "\" takes nothing more" + hint);
        }
    }

    /** {@return the token taken last, for errors about what it means} */
    Token last() {
        return tokens.get(next - 1);
    }

    /** {@return the words that may stand behind what the verb always takes} */
    private List<String> furtherWords() {
        return switch (verb()) {
            case "wait", "flush", "settle" -> List.of("within");
            case "move-to" -> List.of("on");
            case "from" -> List.of("at");
            case "point" -> List.of("on", "within");
            default -> List.of();
        };
    }

    private Token any(String what, String example) {
        if (next == tokens.size()) {
            throw line.error(line.endColumn(), Text.format("\"%s\" takes %s, as in: %s", verb(), what, example));
        }
        return tokens.get(next++);
    }
}
