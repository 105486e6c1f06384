package dev.semblance.junit.jqwik;

import dev.semblance.harness.fuzz.ScriptGenerator;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * Arbitraries of device scripts. jqwik shrinks them by leaving lines out; {@link
 * dev.semblance.harness.fuzz.minimize.Minimizer} makes what is left smaller still.
 */
public final class DeviceScripts {

    private DeviceScripts() {}

    /**
     * {@return scripts in which anything can happen: {@link ScriptGenerator#wild}}
     *
     * @param settings the rig that they will run on
     * @param commands how many commands a script has before it is shrunk, and before those that look at its end
     */
    public static Arbitrary<List<ScriptLine>> wild(RigSettings settings, int commands) {
        return Arbitraries.fromGenerator(
                random -> new Shrunk(ScriptGenerator.wild(random.nextLong(), settings, commands)));
    }

    /**
     * {@return scripts most of which are obeyed: {@link ScriptGenerator#tame}; otherwise as {@link #wild}}
     *
     * @param settings what the rig is made of: RAM, displays, features
     * @param commands the least number of commands
     */
    public static Arbitrary<List<ScriptLine>> tame(RigSettings settings, int commands) {
        return Arbitraries.fromGenerator(
                random -> new Shrunk(ScriptGenerator.tame(random.nextLong(), settings, commands)));
    }

    /** A script, and those that have some of its lines. */
    private record Shrunk(List<ScriptLine> value) implements Shrinkable<List<ScriptLine>> {

        /** Half of the lines are left out, then a quarter, and so on down to one. */
        @Override
        public Stream<Shrinkable<List<ScriptLine>>> shrink() {
            int size = value.size();
            return IntStream.iterate(size / 2, length -> length > 0, length -> length / 2)
                    .boxed()
                    .flatMap(length -> IntStream.iterate(0, start -> start < size, start -> start + length)
                            .mapToObj(start -> without(start, Math.min(size, start + length))));
        }

        private Shrinkable<List<ScriptLine>> without(int start, int end) {
            return new Shrunk(Stream.concat(value.subList(0, start).stream(), value.subList(end, value.size()).stream())
                    .toList());
        }

        @Override
        public ShrinkingDistance distance() {
            return ShrinkingDistance.of(value.size());
        }
    }
}
