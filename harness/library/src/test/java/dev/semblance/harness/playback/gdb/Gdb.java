package dev.semblance.harness.playback.gdb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real GDB, if there is one, at a machine. */
final class Gdb {

    private static final List<String> NAMES = List.of("gdb-multiarch", "riscv64-unknown-elf-gdb");

    private Gdb() {}

    private static Optional<Path> program() {
        return NAMES.stream()
                .flatMap(name -> Stream.of(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns what it prints for these commands; skips the test with a sentence where there is no GDB. */
    static String run(Path folder, DebuggedMachine machine, boolean is64, List<String> commands) throws Exception {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "gdb-multiarch is missing: no session with a real debugger is tried");
        try (GdbServer server = GdbServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            List<String> line = new ArrayList<>(List.of(program.get().toString(), "-nx", "-q", "--batch"));
            List<String> all = new ArrayList<>(List.of(
                    "set confirm off",
                    "set width 0",
                    "set architecture riscv:rv" + (is64 ? 64 : 32),
                    "target remote 127.0.0.1:" + server.address().getPort()));
            all.addAll(commands);
            for (String command : all) {
                line.add("-ex");
                line.add(command);
            }
            Path output = folder.resolve("gdb.txt");
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                Thread waiter = closeAtEnd(server, process);
                while (server.serve(machine)) {
                    // Until it exits.
                }
                waiter.join();
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    throw new IOException("gdb does not end");
                }
            } finally {
                process.destroyForcibly();
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        }
    }

    private static Thread closeAtEnd(GdbServer server, Process process) {
        return Thread.ofPlatform().daemon().start(() -> {
            process.onExit().join();
            server.close();
        });
    }
}
