package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.serve.TestGuest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code serve} in a process of its own, which waits for a front-end when this has been made.
 *
 * @param process the process
 * @param socket where it listens
 * @param log what it has said so far, on both outputs
 */
record ServeProcess(Process process, Path socket, Path log) implements AutoCloseable {

    /**
     * Starts it.
     *
     * @param folder where its socket and what it says are
     * @param trace what it records
     * @param options what else is on its command line
     */
    static ServeProcess start(Path folder, Path trace, String... options) throws IOException, InterruptedException {
        Path socket = folder.resolve("gpu.sock");
        Path log = folder.resolve("said");
        List<String> command =
                program(Semblance.class, "serve", "--vhost-user", socket.toString(), "-o", trace.toString());
        command.addAll(List.of(options));
        ServeProcess serve = new ServeProcess(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                socket,
                log);
        // The file is there a moment before somebody listens.
        while (!serve.said().contains("waiting at ")) {
            assertThat(serve.process.isAlive()).as(serve.said()).isTrue();
            Thread.sleep(5);
        }
        return serve;
    }

    /** Returns the command that runs a class of the tests or the program, in a JVM that starts fast. */
    static List<String> program(Class<?> main, String... words) {
        return new ArrayList<>(Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()),
                        Stream.of(words))
                .toList());
    }

    TestGuest connect() throws IOException {
        return new TestGuest(UnixSocket.connect(socket));
    }

    String said() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    /** Waits for its end, which is to be with this code and no surprise. */
    void ends(int code) throws IOException, InterruptedException {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said()).isTrue();
        assertThat(process.exitValue()).as(said()).isEqualTo(code);
        assertThat(said()).doesNotContain("Exception", "internal error");
        assertThat(socket).doesNotExist();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
