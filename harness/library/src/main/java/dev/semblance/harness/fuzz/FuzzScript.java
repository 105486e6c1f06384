package dev.semblance.harness.fuzz;

import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.machine.random.SplitMix64;
import java.util.List;

/**
 * A script that was made up, with the rig that it runs on. The same seed and number give the same, everywhere and for ever as long as
 * {@link ScriptGenerator} stays as it is.
 *
 * @param settings what the rig is made of
 * @param lines all lines of it
 */
public record FuzzScript(RigSettings settings, List<ScriptLine> lines) {

    /** Copies the list. */
    public FuzzScript {
        lines = List.copyOf(lines);
    }

    /** {@return what everything random in a script comes from} */
    static long choice(long seed, long number) {
        return new SplitMix64(seed + number * 0x9e37_79b9_7f4a_7c15L).next();
    }

    /**
     * {@return a script of a battery} Every other one is sound, so that much is done. In one of four anything can happen, so that much is
     * refused, but chains are as drivers lay them out: what a device makes of the rest hides what it makes of commands. In one of four
     * chains can be anything too.
     *
     * @param seed which battery
     * @param number the script's number in it, from 0
     * @param commands the least number of commands in it
     */
    public static FuzzScript ofBattery(long seed, long number, int commands) {
        // Rigs take turns by eights, and each has all kinds.
        RigSettings settings = RigProfiles.of(number / 4);
        long choice = choice(seed, number);
        return switch ((int) (number % 4)) {
            case 1 -> new FuzzScript(settings, plain(ScriptGenerator.wild(choice, settings, commands)));
            case 3 -> new FuzzScript(settings, ScriptGenerator.wild(choice, settings, commands));
            default -> new FuzzScript(settings, plain(ScriptGenerator.tame(choice, settings, commands)));
        };
    }

    private static List<ScriptLine> plain(List<ScriptLine> lines) {
        return lines.stream().map(FuzzScript::plain).toList();
    }

    private static ScriptLine plain(ScriptLine line) {
        return switch (line) {
            case Command command -> plain(command);
            case Batch batch ->
                new Batch(
                        batch.id(),
                        batch.commands().stream().map(FuzzScript::plain).toList());
            default -> line;
        };
    }

    /** {@return the same request and room in one descriptor each} */
    private static Command plain(Command command) {
        return Command.of(command.queue(), command.request(), command.responseLength());
    }
}
