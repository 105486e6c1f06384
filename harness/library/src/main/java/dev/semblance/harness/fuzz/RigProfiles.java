package dev.semblance.harness.fuzz;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.List;
import java.util.stream.IntStream;

/** The rigs that scripts take turns on: mostly small displays, so that their edges are near. */
final class RigProfiles {

    private static final long SMALL_RAM = DeviceRig.RESERVED_BYTES + (1L << 16);

    private static final RigSettings TWO =
            new RigSettings(SMALL_RAM, DisplayConfig.of(Display.of(16, 12), new Display(9, 14, false)));
    private static final RigSettings ONE = new RigSettings(SMALL_RAM, DisplayConfig.of(Display.of(24, 20)));
    private static final RigSettings SIXTEEN = new RigSettings(
            SMALL_RAM,
            new DisplayConfig(
                    IntStream.range(0, DisplayConfig.MAX_SCANOUTS)
                            .mapToObj(i -> new Display(8 + i, 20 - i, i % 5 != 3))
                            .toList(),
                    false));

    private static final RigSettings XGA = new RigSettings(SMALL_RAM, DisplayConfig.DEFAULT);

    /** What their queues have, in turns of all rigs: the most is where the most can go wrong. */
    private static final List<QueueFeatures> QUEUES = List.of(
            QueueFeatures.NONE, QueueFeatures.NONE, QueueFeatures.NONE, new QueueFeatures(VirtioFeatures.OF_QUEUES));

    private static final List<RigSettings> TURNS = List.of(TWO, ONE, TWO, ONE, TWO, SIXTEEN, XGA, ONE);

    private RigProfiles() {}

    /** {@return the same rig with all displays on: a trace cannot say yet that one is off} */
    static RigSettings tellable(RigSettings settings) {
        DisplayConfig displays = settings.displays();
        List<Display> on = displays.displays().stream()
                .map(display -> Display.of(display.width(), display.height()))
                .toList();
        return new RigSettings(settings.ramBytes(), new DisplayConfig(on, displays.largerViews()), settings.queues());
    }

    /** {@return the rig for a script's number} */
    static RigSettings of(long script) {
        RigSettings settings = TURNS.get((int) (script % TURNS.size()));
        QueueFeatures queues = QUEUES.get((int) (script / TURNS.size() % QUEUES.size()));
        return new RigSettings(settings.ramBytes(), settings.displays(), queues);
    }
}
