package dev.semblance.cli.benchmark;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The native odiff (npm package odiff-bin), if it is on the PATH, as a server: a line of JSON for each comparison. */
final class OdiffServer implements Closeable {

    private static final String PROGRAM = "odiff";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Optional<Process> process;
    private final Optional<BufferedReader> answers;
    private int requests;

    private OdiffServer(Optional<Process> process) {
        this.process = process;
        this.answers = process.map(running -> running.inputReader(StandardCharsets.UTF_8));
    }

    static OdiffServer start() {
        try {
            OdiffServer server = new OdiffServer(Optional.of(new ProcessBuilder(PROGRAM, "--server")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()));
            if (server.answer()
                    .map(greeting -> greeting.path("ready").asBoolean(false))
                    .orElse(false)) {
                return server;
            }
            server.close();
        } catch (IOException e) {
            // It is not there. The benchmark says so.
        }
        return new OdiffServer(Optional.empty());
    }

    boolean runs() {
        return process.isPresent();
    }

    /**
     * Compares two files exactly.
     *
     * @param difference where to write a picture of the difference, if there is one
     * @return whether they match; empty if it does not answer that
     */
    Optional<Boolean> compare(Path one, Path other, Path difference) throws IOException {
        if (process.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("requestId", ++requests)
                .put("base", one.toString())
                .put("compare", other.toString())
                .put("output", difference.toString());
        request.putObject("options").put("threshold", 0);
        OutputStream out = process.get().getOutputStream();
        out.write((MAPPER.writeValueAsString(request) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return answer().filter(answer -> answer.has("match"))
                .map(answer -> answer.get("match").asBoolean());
    }

    private Optional<JsonNode> answer() throws IOException {
        String line = answers.isPresent() ? answers.get().readLine() : null;
        return line == null ? Optional.empty() : Optional.of(MAPPER.readTree(line));
    }

    @Override
    public void close() {
        process.ifPresent(Process::destroy);
    }
}
