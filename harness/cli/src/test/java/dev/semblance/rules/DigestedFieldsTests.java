package dev.semblance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * docs/ARCHITECTURE.md, "State": recordings end with a digest of a machine's state, so what goes into one, and in which order, is
 * written down here too. A field that is added to a part is saved, not digested; whoever changes a line of this list ends the validity of
 * recordings, and should mean to.
 */
class DigestedFieldsTests {

    /** Each class with what it digests, in that order, as its source says it. A part that has other parts digests them in between. */
    private static final List<String> DIGESTED = """
            gpu.device.VirtioGpuDevice: eventsRead
            gpu.model.Backing: addresses.length; result.addresses[i]; result.starts[i + 1] - result.starts[i]
            gpu.model.Cursor: resource == null ? 0 : resource.id(); sink -> sink.putLong(plane.image().map(Frame::digest).orElse(0L)); plane.x(); plane.y(); plane.hotX(); plane.hotY()
            gpu.model.Gpu2d: displays.largerViews(); scanouts.length; display.width(); display.height(); display.enabled(); all.size()
            gpu.model.Resource2d: header.id(); header.format(); header.width(); header.height(); sink -> sink.putLong(contentDigest()); attached != null
            gpu.model.Scanout: Optional.ofNullable(resource).map(Resource2d::id).orElse(0L); view.x(); view.y(); view.width(); view.height(); lit
            machine.Machine: config.model().profile().place(entry.getKey()).interrupt()
            machine.cpu.HartState: x[i]; pc; privilege; cycle; unretired; waiting; sstatus; sie; sip; stvec; scounteren; sscratch; sepc; scause; stval; satp; reservation; f[i]
            machine.device.Aclint: mtimeOffset; timers.length; timers[hart].compare; msip[hart]
            machine.device.Plic: level; pending; inService; enabled.length; enabled[context]; priority[source]; threshold[context]
            machine.device.Uart16550: interruptEnable; fifoControl; lineControl; modemControl; modemStatus; divisor; scratch; overrun; transmitInterrupt; queue.size(); value
            machine.fp.FloatStatus: flags; frm
            machine.memory.Ram: this::writeDigest
            machine.random.SplitMix64: state
            machine.virtio.FeatureNegotiation: deviceWord; driverWord; accepted; beyond; agreed
            machine.virtio.MmioTransport: status; interruptStatus; configGeneration; selectedQueue; life.queues.length
            machine.virtio.QueueRegisters: size; descriptorTable; availableRing; usedRing
            machine.virtio.SplitVirtqueue: ready; nextAvailable; nextUsed; outCount; announcedUsed
            machine.virtio.blk.CopyOnWriteDisk: written.size(); number.longValue(); block.bytes()
            machine.virtio.blk.VirtioBlk: pending.size(); request.map(pending -> pending.chain().head()).orElse(0); request.map(pending -> pending.deadline().cycle()).orElse(0L)
            machine.virtio.input.VirtioInput: select; subsel; leds; waiting.size(); report.size(); event.type(); event.code(); event.value()
            """.lines().toList();

    private static final Pattern HELPER =
            Pattern.compile("private (?:static )?(?:int|long) (\\w+)\\(StateExchange s, (?:int|long) (\\w+)\\)");

    /** Returns each class with what it digests. */
    private static List<String> digested() throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of("machine", "gpu")) {
            Path sources = Path.of("..", "..", module, "src", "main", "java", "dev", "semblance");
            try (Stream<Path> all = Files.walk(sources)) {
                for (Path file : all.filter(one -> one.toString().endsWith(".java"))
                        .filter(one -> !one.getParent().endsWith("machine/state"))
                        .sorted()
                        .toList()) {
                    String source = Files.readString(file);
                    assertThat(source)
                            .as("%s must call it where it is read", file)
                            .doesNotContain("::digested");
                    List<String> arguments = arguments(source);
                    if (!arguments.isEmpty()) {
                        String name = sources.relativize(file).toString().replaceFirst("\\.java$", "");
                        found.add(name.replaceAll("\\W", ".") + ": " + String.join("; ", arguments));
                    }
                }
            }
        }
        return found.stream().sorted().toList();
    }

    /** Returns what is passed to be digested, by a call or by a method that passes its own argument on. */
    private static List<String> arguments(String source) {
        StringBuilder calls = new StringBuilder("\\b\\w+\\.(?:digested\\w*|onlyDigested)\\(");
        List<String> passedOn = new ArrayList<>();
        for (Matcher helper = HELPER.matcher(source); helper.find(); ) {
            if (source.indexOf("s.digested(" + helper.group(2), helper.end()) >= 0) {
                calls.append("|(?<!long |int )\\b").append(helper.group(1)).append("\\(s, ");
                passedOn.add(helper.group(2));
            }
        }
        List<String> arguments = new ArrayList<>();
        for (Matcher call = Pattern.compile(calls.toString()).matcher(source); call.find(); ) {
            String argument = argument(source, call.end()).replaceFirst("^\\((?:int|long)\\) ", "");
            if (!passedOn.contains(argument)) {
                arguments.add(argument);
            }
        }
        return arguments;
    }

    /** Returns the argument that begins at a place of a source, on one line. */
    private static String argument(String source, int from) {
        int depth = 0;
        int at = from;
        while (depth > 0 || source.charAt(at) != ',' && source.charAt(at) != ')') {
            depth += switch (source.charAt(at)) {
                case '(' -> 1;
                case ')' -> -1;
                default -> 0;
            };
            at++;
        }
        return source.substring(from, at)
                .replaceAll("\\s+(?=\\.)", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    @Test
    void nothingGoesIntoADigestThatIsNotWrittenDownHere() throws IOException {
        assertThat(digested()).containsExactlyElementsOf(DIGESTED);
    }

    @Test
    void whatIsDigestedIsFoundHoweverItIsPassed() {
        assertThat(arguments("""
                a = s.digested(a, f(1, 2), 3); b = s.saved(b); n = s.digestedCount(list
                    .size(), 9);
                x[i] = register(s, x[i]); s.onlyDigested(this::rest); pc = aligned(s, register(s, pc));
                private static long register(StateExchange s, long value) { return s.digested(value); }
                private static long aligned(StateExchange s, long value) { return s.saved(value); }
                """)).containsExactly("a", "list.size()", "x[i]", "this::rest", "pc");
    }
}
