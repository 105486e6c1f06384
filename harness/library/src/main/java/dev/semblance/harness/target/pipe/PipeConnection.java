package dev.semblance.harness.target.pipe;

import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.json.Json;
import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonText;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.target.TargetLaunch;
import dev.semblance.harness.target.TargetProcess;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A program that answers lines: one question after the other, each with exactly one answer that repeats its {@code id}. While
 * a question is open the program may ask for guest memory. After its first failure it is asked nothing any more.
 */
final class PipeConnection implements AutoCloseable {

    /** The version of the protocol. */
    static final int PROTOCOL = 1;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_TOKENS = 1 << 20;
    private static final int MAX_DIGITS = 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(Json.strict(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(PipeLines.MAX_LINE)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNumberLength(MAX_DIGITS)
                    .build()))
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final TargetProcess process;
    private final PipeLines lines;
    private final Duration timeout;
    private final Set<String> capabilities;
    private long asked;

    private PipeConnection(TargetProcess process, PipeLines lines, Duration timeout, Set<String> capabilities) {
        this.process = process;
        this.lines = lines;
        this.timeout = timeout;
        this.capabilities = capabilities;
    }

    /**
     * Starts a program and reads its greeting.
     *
     * @param launch the command, and how long the greeting, and each answer later, may take
     * @throws UnusableTargetException if there is none, or it is of another protocol
     */
    static PipeConnection open(TargetLaunch launch) {
        String command = launch.command();
        Duration timeout = launch.timeout();
        TargetProcess process = TargetProcess.start(launch);
        PipeLines lines = new PipeLines(process.output(), process.input());
        try {
            Set<String> capabilities = switch (greeting(process, lines, timeout)) {
                case Greeting.Usable usable -> usable.capabilities();
                case Greeting.Unusable unusable ->
                    throw new UnusableTargetException(
                            Text.format(
                                    "the target pipe:%s cannot be used: %s (docs/TARGETS.md says what it has to write)",
                                    command, unusable.reason()),
                            process.lastLines());
            };
            return new PipeConnection(process, lines, timeout, capabilities);
        } catch (RuntimeException | Error e) {
            lines.close();
            process.close();
            throw e;
        }
    }

    /** What a program said first. */
    private sealed interface Greeting {

        /** What it can do. */
        record Usable(Set<String> capabilities) implements Greeting {}

        /** Why nothing can be done with it. */
        record Unusable(String reason) implements Greeting {}
    }

    private static Greeting greeting(TargetProcess process, PipeLines lines, Duration timeout) {
        Optional<PipeLines.Received> first = lines.receive(timeout.toNanos());
        if (first.isEmpty()) {
            return new Greeting.Unusable(
                    new TargetFailure(new Cause.Hung("its first line", timeout), List.of()).text());
        }
        return switch (first.get()) {
            case PipeLines.Received.Line line -> {
                try {
                    yield new Greeting.Usable(capabilities(JsonFields.of(parse(line.text()))));
                } catch (IllegalArgumentException e) {
                    yield new Greeting.Unusable("its first line is no greeting: " + e.getMessage());
                }
            }
            case PipeLines.Received.Closed closed -> {
                TargetFailure gone = process.fail(new Cause.BrokeProtocol("closed its output before its first line"));
                yield new Greeting.Unusable(new TargetFailure(gone.cause(), List.of()).text());
            }
            case PipeLines.Received.Bad bad -> new Greeting.Unusable("its first line is none: " + bad.reason());
        };
    }

    private static Set<String> capabilities(JsonFields greeting) {
        long version =
                greeting.number("semblance", JsonFields.Range.U31).orElseThrow(() -> JsonFields.missing("semblance"));
        if (version != PROTOCOL) {
            throw new IllegalArgumentException(
                    Text.format("it speaks protocol %d, and this version speaks %d", version, PROTOCOL));
        }
        Set<String> words = Set.copyOf(greeting.texts("capabilities"));
        greeting.end();
        return words;
    }

    /** {@return whether the program said that it can do something} Words that this version does not know mean nothing. */
    boolean can(String capability) {
        return capabilities.contains(capability);
    }

    /** {@return an empty line to fill} */
    static ObjectNode line() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static JsonNode parse(String text) {
        Optional<String> problem = JsonText.problem(text);
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get());
        }
        return Json.reading(() -> MAPPER.readTree(text));
    }

    /**
     * Puts a question and reads the answer.
     *
     * @param question without its id
     * @param memory what the program may ask for meanwhile
     * @param reader takes the fields of the answer; an {@link IllegalArgumentException} says what is wrong with it
     * @return what the reader made; empty if the program has failed, before or now
     */
    <T> Optional<T> ask(ObjectNode question, PipeMemory memory, Function<JsonFields, T> reader) {
        if (failure().isPresent()) {
            return Optional.empty();
        }
        long id = ++asked;
        question.put("id", id);
        long deadline = System.nanoTime() + timeout.toNanos();
        Optional<String> problem = send(question, deadline);
        while (problem.isEmpty()) {
            Optional<PipeLines.Received> next = lines.receive(deadline - System.nanoTime());
            if (next.isEmpty()) {
                process.fail(new Cause.Hung("the answer to " + name(question), timeout));
                return Optional.empty();
            }
            switch (next.get()) {
                case PipeLines.Received.Line line -> {
                    try {
                        JsonFields fields = JsonFields.of(parse(line.text()));
                        if (!fields.has("op")) {
                            T made = answer(fields, id, reader);
                            fields.end();
                            return Optional.of(made);
                        }
                        problem = send(memory.serve(fields), deadline);
                    } catch (IllegalArgumentException e) {
                        problem = Optional.of(Text.format(
                                "wrote \"%s\" while %s was open: %s",
                                JsonFields.brief(line.text()), name(question), e.getMessage()));
                    }
                }
                case PipeLines.Received.Closed closed ->
                    problem = Optional.of("closed its output while " + name(question) + " was open");
                case PipeLines.Received.Bad bad ->
                    problem = Optional.of("answered " + name(question) + " with no line: " + bad.reason());
            }
        }
        if (process.failure().isEmpty()) {
            process.fail(new Cause.BrokeProtocol(problem.get()));
        }
        return Optional.empty();
    }

    private static <T> T answer(JsonFields fields, long id, Function<JsonFields, T> reader) {
        long answered = fields.number("id", JsonFields.Range.S64).orElseThrow(() -> JsonFields.missing("id"));
        if (answered != id) {
            throw new IllegalArgumentException(Text.format("the line that is open has the id %d", id));
        }
        Optional<String> error = fields.text("error");
        if (error.isPresent()) {
            throw new IllegalArgumentException("it says \"" + Printable.line(error.get()) + "\"");
        }
        return reader.apply(fields);
    }

    /** {@return what keeps the line from being sent} */
    private Optional<String> send(ObjectNode line, long deadline) {
        try {
            if (lines.send(line.toString(), deadline - System.nanoTime())) {
                return Optional.empty();
            }
            process.fail(new Cause.Hung("the end of its reading of " + name(line), timeout));
            return Optional.of("does not read");
        } catch (IOException e) {
            return Optional.of("closed its input before " + name(line));
        }
    }

    private static String name(ObjectNode line) {
        String what = line.has("op") ? "\"" + line.path("op").stringValue("") + "\"" : "a command";
        return Text.format("%s (line %d)", what, line.path("id").longValue(0));
    }

    /** {@return how the program failed so far} */
    Optional<TargetFailure> failure() {
        return process.failure();
    }

    /** Tells the program to end, by the end of its input, and returns how it failed until then. */
    Optional<TargetFailure> finish() {
        return process.finish(timeout);
    }

    @Override
    public void close() {
        lines.close();
        process.close();
    }
}
