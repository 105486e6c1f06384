package dev.semblance.harness.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.fuzz.SwarmSettings.Layout;
import dev.semblance.harness.fuzz.SwarmSettings.Sizes;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How far scripts reach (docs/FUZZING.md, "What is sent"). */
class SwarmTests {

    private static final RigSettings RIG =
            new RigSettings(DeviceRig.RESERVED_BYTES + (1L << 16), DisplayConfig.of(Display.of(16, 12)));
    private static final int CREATE = 0x101;
    private static final int ATTACH = 0x106;
    private static final int SCRIPTS = 6000;

    private static Stream<Command> commands(List<ScriptLine> script) {
        return script.stream().flatMap(line -> switch (line) {
            case Command command -> Stream.of(command);
            case Batch batch -> batch.commands().stream();
            default -> Stream.empty();
        });
    }

    private static Stream<ByteBuffer> requests(List<ScriptLine> script, int type) {
        return commands(script)
                .map(command -> ByteBuffer.wrap(command.request()).order(ByteOrder.LITTLE_ENDIAN))
                .filter(request -> request.limit() >= 40 && request.getInt(0) == type);
    }

    @Test
    void everySizeAndEveryLayoutOfBackingComesAndMostScriptsArePlain() {
        Set<Sizes> sizes = EnumSet.of(Sizes.HUGE);
        Set<Layout> layouts = EnumSet.noneOf(Layout.class);
        int plain = 0;
        int many = 0;
        for (long seed = 0; seed < SCRIPTS; seed++) {
            SwarmSettings swarm = SwarmSettings.of(new EntropySource(seed));
            sizes.add(swarm.sizes());
            layouts.add(swarm.layout());
            plain += swarm.equals(SwarmSettings.PLAIN) ? 1 : 0;
            many += swarm.mostImages() > 100 ? 1 : 0;
        }
        assertThat(sizes).containsExactlyInAnyOrder(Sizes.values());
        assertThat(layouts).containsExactlyInAnyOrder(Layout.values());
        assertThat(plain).isBetween(SCRIPTS / 2, SCRIPTS * 9 / 10);
        assertThat(many).isPositive();
    }

    /** The limits that the planted faults of the list have: 32 and 256 images, rows of 64 KiB, hundreds of entries. */
    @Test
    void scriptsReachHundredsOfImagesWideRowsAndManyEntries() {
        int mostImages = 0;
        int widest = 0;
        int mostEntries = 0;
        for (long seed = 0; seed < SCRIPTS; seed++) {
            List<ScriptLine> script = ScriptGenerator.wild(seed, RIG, Fuzzer.COMMANDS);
            List<ByteBuffer> creates = requests(script, CREATE).toList();
            if (creates.size() > mostImages) {
                mostImages = Math.max(mostImages, mostHeld(script));
            }
            for (ByteBuffer create : creates) {
                int width = create.getInt(32);
                widest = width < 1 << 20 ? Math.max(widest, width) : widest;
            }
            mostEntries = Math.max(
                    mostEntries,
                    requests(script, ATTACH)
                            .mapToInt(request -> (request.limit() - 32) / 16)
                            .max()
                            .orElse(0));
        }
        assertThat(mostImages).isGreaterThan(256);
        assertThat(widest).isGreaterThan(1 << 16);
        assertThat(mostEntries).isGreaterThan(1000);
    }

    private static int mostHeld(List<ScriptLine> script) {
        int most = 0;
        try (DeviceRig rig = DeviceRig.of(RIG, BuiltinDevice.ours(), new NoFrames())) {
            ScriptRunner runner = new ScriptRunner(rig);
            for (ScriptLine line : script) {
                runner.run(line);
                most = Math.max(most, rig.resourceUsage().orElseThrow().resources());
            }
        }
        return most;
    }

    /** What a Linux driver sends: whole pages at page boundaries, most of them one after the other, with gaps of a page. */
    @Test
    void backingByThePageHasRunsAndGapsOfExactlyOnePage() {
        int runs = 0;
        int gaps = 0;
        for (long seed = 0; seed < 200; seed++) {
            Backings backings = new Backings(new EntropySource(seed), RIG.ramBytes(), Layout.PAGES);
            long[] entries = backings.entries(5 * 4096, false);
            long total = 0;
            for (int i = 0; i < entries.length; i += 2) {
                assertThat(entries[i] % 4096).isZero();
                assertThat(entries[i] + entries[i + 1]).isLessThanOrEqualTo(backings.end());
                total += entries[i + 1];
                if (i > 0) {
                    long gap = entries[i] - entries[i - 2] - entries[i - 1];
                    runs += gap == 0 ? 1 : 0;
                    gaps += gap == 4096 ? 1 : 0;
                }
            }
            assertThat(total).isEqualTo(5 * 4096);
        }
        assertThat(runs).isGreaterThan(100);
        assertThat(gaps).isGreaterThan(50);
    }

    @Test
    void crumbsHoldAllBytesOrAreAsManyAsThereMayBe() {
        int most = (int) (RIG.ramBytes() / 4096 + 1);
        List<Integer> counts = new ArrayList<>();
        for (long seed = 0; seed < 200; seed++) {
            long[] entries = new Backings(new EntropySource(seed), RIG.ramBytes(), Layout.CRUMBS).entries(400, false);
            long total = 0;
            for (int i = 0; i < entries.length; i += 2) {
                total += entries[i + 1];
            }
            assertThat(total).isEqualTo(400);
            counts.add(entries.length / 2);
        }
        assertThat(counts).contains(most - 1, most, most + 1);
    }
}
