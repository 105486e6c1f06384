package dev.semblance.harness.fuzz;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
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

    private static final List<RigSettings> TURNS = List.of(TWO, ONE, TWO, ONE, TWO, SIXTEEN, XGA, ONE);

    private RigProfiles() {}

    /** {@return the same rig with all displays on: a trace cannot say yet that one is off} */
    static RigSettings tellable(RigSettings settings) {
        DisplayConfig displays = settings.displays();
        List<Display> on = displays.displays().stream()
                .map(display -> Display.of(display.width(), display.height()))
                .toList();
        return new RigSettings(settings.ramBytes(), new DisplayConfig(on, displays.largerViews()));
    }

    /** {@return the rig for a script's number} */
    static RigSettings of(long script) {
        return TURNS.get((int) (script % TURNS.size()));
    }
}
