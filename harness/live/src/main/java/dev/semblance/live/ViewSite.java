package dev.semblance.live;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.view.ViewedTrace;
import dev.semblance.harness.view.ViewedVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the page of recordings asks for: docs/VIEWER.md lists it. Everything is looked up in what is here; nothing names a file. */
final class ViewSite implements PageHandler.Site, AutoCloseable {

    private static final String JSON = "application/json";
    private static final String PNG = "image/png";
    private static final String BYTES = "application/octet-stream";
    private static final int MOST_LINES = 1024;
    private static final int MOST_TEXT = 256;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Each takes up to an eighth of the memory, or 256 MiB. */
    private static final int MOST_READ = 3;

    private static final int REPLAYS_AT_ONCE = 2;

    private final List<OpenTrace> traces;

    /** Those that have been read, with the one that was asked about last at the end. */
    private final LinkedHashSet<OpenTrace> read = new LinkedHashSet<>();

    private final ExecutorService replays = Executors.newFixedThreadPool(
            REPLAYS_AT_ONCE, Thread.ofPlatform().daemon().name("replay ", 0).factory());
    private final Viewing.Blamer blamer;
    private final Semaphore blaming = new Semaphore(1);

    /** What a request is answered with. */
    private record Answer(String type, byte[] bytes) {

        static Answer json(String text) {
            return new Answer(JSON, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A request that cannot be answered, and why. */
    private static final class BadRequestException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadRequestException(String why) {
            super(why);
        }
    }

    ViewSite(Viewing viewing) {
        this.traces = viewing.traces().stream()
                .map(file -> new OpenTrace(file, viewing.replayer(), replays))
                .toList();
        this.blamer = viewing.blamer();
    }

    @Override
    public boolean blocks() {
        return true;
    }

    @Override
    public boolean answer(String wanted, Request request, Response response, Callback callback) {
        Fields asked;
        try {
            asked = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            return refused(
                    response, callback, HttpStatus.BAD_REQUEST_400, "The address is not written as addresses are.");
        }
        Optional<Answer> answer;
        try {
            answer = answer(wanted, asked);
        } catch (BadRequestException e) {
            return refused(response, callback, HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
        } catch (TraceFormatException e) {
            return refused(
                    response, callback, HttpStatus.UNPROCESSABLE_ENTITY_422, "The trace is damaged: " + e.reason());
        } catch (UncheckedIOException e) {
            return refused(
                    response,
                    callback,
                    HttpStatus.UNPROCESSABLE_ENTITY_422,
                    unreadable(Optional.ofNullable(e.getCause()).orElseGet(IOException::new)));
        } catch (IOException e) {
            return refused(response, callback, HttpStatus.UNPROCESSABLE_ENTITY_422, unreadable(e));
        } catch (SemblanceException e) {
            return refused(response, callback, HttpStatus.UNPROCESSABLE_ENTITY_422, String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            return refused(
                    response,
                    callback,
                    HttpStatus.UNPROCESSABLE_ENTITY_422,
                    SemblanceException.outOfMemory("what the page asks for"));
        } catch (RuntimeException | StackOverflowError e) {
            return refused(
                    response,
                    callback,
                    HttpStatus.INTERNAL_SERVER_ERROR_500,
                    "This cannot be answered for a mistake in Semblance: " + e);
        }
        answer.ifPresent(found -> {
            if (found.bytes().length == 0) {
                response.setStatus(HttpStatus.NO_CONTENT_204);
            } else {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, found.type());
            }
            response.write(true, ByteBuffer.wrap(found.bytes()), callback);
        });
        return answer.isPresent();
    }

    /** Of some problems the exception says no more than which file has it. */
    private static String unreadable(IOException problem) {
        Optional<String> file =
                problem instanceof FileSystemException of ? Optional.ofNullable(of.getFile()) : Optional.empty();
        return String.valueOf(UnusableInputException.unreadable(file.orElse("The file"), problem)
                .getMessage());
    }

    private static boolean refused(Response response, Callback callback, int status, String why) {
        return PageHandler.refused(response, callback, status, Printable.line(why) + "\n");
    }

    private Optional<Answer> answer(String wanted, Fields asked) throws IOException {
        return switch (wanted) {
            case "traces" -> Optional.of(names());
            case "story" -> {
                // A page that is loaded takes the file as it is now.
                ViewedTrace trace = trace(asked).current();
                yield Optional.of(Answer.json(trace.story(new PositionRange.Events(0, Long.MAX_VALUE))));
            }
            case "lines" -> Optional.of(lines(trace(asked).trace(), asked));
            case "filter" ->
                Optional.of(Answer.json(
                        MAPPER.writeValueAsString(trace(asked).trace().lines().matching(text(asked, "text")))));
            case "details" -> Optional.of(details(trace(asked).trace(), asked));
            case "pictures" -> {
                ViewedTrace trace = trace(asked).trace();
                yield Optional.of(new Answer(BYTES, PicturePacker.pack(trace.planes(event(trace, asked)))));
            }
            case "thumbnail" -> {
                ViewedTrace trace = trace(asked).trace();
                Optional<byte[]> small = trace.thumbnail(event(trace, asked), number(asked, "scanout"));
                // Of a display that is off there is no picture.
                yield Optional.of(new Answer(PNG, small.orElse(new byte[0])));
            }
            case "image" -> {
                ViewedTrace trace = trace(asked).trace();
                yield picture(trace.image(event(trace, asked), longNumber(asked, "resource")));
            }
            case "verdict" ->
                Optional.of(Answer.json(
                        trace(asked).verdict().map(ViewedVerdict::json).orElse(ViewedVerdict.notReady())));
            case "snapshot" -> snapshot(trace(asked), asked);
            case "blame" -> Optional.of(blame(trace(asked), asked));
            default -> Optional.empty();
        };
    }

    private Answer names() {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        traces.forEach(trace -> names.add(Printable.line(trace.file().name())));
        return Answer.json(MAPPER.writeValueAsString(names));
    }

    private static Answer lines(ViewedTrace trace, Fields asked) {
        int count = number(asked, "count");
        if (count > MOST_LINES) {
            throw new BadRequestException("So many lines are not sent at once.");
        }
        return Answer.json(MAPPER.writeValueAsString(trace.lines().lines(number(asked, "from"), count)));
    }

    private static Answer details(ViewedTrace trace, Fields asked) throws IOException {
        int event = event(trace, asked);
        ArrayNode fields = JsonNodeFactory.instance.arrayNode();
        if (event >= 0) {
            trace.details(event)
                    .forEach(field -> fields.addArray().add(field.name()).add(field.value()));
        }
        return Answer.json(MAPPER.writeValueAsString(fields));
    }

    private static Optional<Answer> picture(Optional<byte[]> png) {
        return Optional.of(png.map(bytes -> new Answer(PNG, bytes))
                .orElseThrow(() -> new BadRequestException("There is no such picture.")));
    }

    private static Optional<Answer> snapshot(OpenTrace trace, Fields asked) throws IOException {
        ViewedVerdict verdict = trace.verdict().orElseThrow(() -> new BadRequestException("The replay is under way."));
        String which = text(asked, "which").toUpperCase(Locale.ROOT);
        for (ViewedVerdict.Which known : ViewedVerdict.Which.values()) {
            if (known.name().equals(which)) {
                return picture(verdict.picture(text(asked, "label"), known));
            }
        }
        throw new BadRequestException("There is no such picture.");
    }

    private Answer blame(OpenTrace trace, Fields asked) throws IOException {
        int event = event(trace.trace(), asked);
        if (event < 0) {
            throw new BadRequestException("Nothing has happened yet.");
        }
        if (!blaming.tryAcquire()) {
            throw new BadRequestException("Another pixel is being looked into; ask again when that is done.");
        }
        try {
            ArrayNode lines = JsonNodeFactory.instance.arrayNode();
            blamer.blame(trace.file(), event, number(asked, "scanout"), number(asked, "x"), number(asked, "y"))
                    .forEach(line -> lines.add(Printable.line(line)));
            return Answer.json(MAPPER.writeValueAsString(lines));
        } finally {
            blaming.release();
        }
    }

    private OpenTrace trace(Fields asked) {
        int number = number(asked, "trace");
        if (number < 0 || number >= traces.size()) {
            throw new BadRequestException("There is no such trace.");
        }
        OpenTrace trace = traces.get(number);
        keep(trace);
        return trace;
    }

    /** Only some of all traces are in the memory at once. */
    private void keep(OpenTrace trace) {
        Optional<OpenTrace> oldest;
        synchronized (read) {
            read.remove(trace);
            read.add(trace);
            oldest = read.size() > MOST_READ ? Optional.of(read.removeFirst()) : Optional.empty();
        }
        oldest.ifPresent(OpenTrace::forget);
    }

    private static int event(ViewedTrace trace, Fields asked) {
        // Right before the first event is a place too.
        int event = text(asked, "event").equals("-1") ? -1 : number(asked, "event");
        if (event >= trace.count()) {
            throw new BadRequestException("There is no such event.");
        }
        return event;
    }

    private static int number(Fields asked, String name) {
        long number = longNumber(asked, name);
        if (number > Integer.MAX_VALUE) {
            throw new BadRequestException(name + " is too large.");
        }
        return (int) number;
    }

    private static long longNumber(Fields asked, String name) {
        String text = text(asked, name);
        if (!NUMBER.matcher(text).matches()) {
            throw new BadRequestException(name + " wants a number.");
        }
        return Long.parseLong(text);
    }

    private static String text(Fields asked, String name) {
        String text = Optional.ofNullable(asked.getValue(name)).orElse("");
        if (text.length() > MOST_TEXT) {
            throw new BadRequestException(name + " is too long.");
        }
        return text;
    }

    @Override
    public void close() {
        replays.shutdownNow();
        traces.forEach(OpenTrace::forget);
    }
}
