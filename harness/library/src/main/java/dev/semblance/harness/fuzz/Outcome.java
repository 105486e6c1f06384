package dev.semblance.harness.fuzz;

import dev.semblance.harness.fuzz.differential.DisplayEvent;
import dev.semblance.harness.fuzz.differential.DisplayLog;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptAnswer;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.DeviceUnderTest;
import java.util.ArrayList;
import java.util.List;

/** What came of a line of a script: the answers to its commands, and what was shown. */
record Outcome(List<CommandAnswer> answers, List<DisplayEvent> shown) {

    /** Runs a script on a device that was just powered on; returns an outcome for every line. */
    static List<Outcome> of(List<ScriptLine> script, RigSettings settings, DeviceUnderTest.Factory device) {
        DisplayLog log = new DisplayLog();
        try (DeviceRig rig = DeviceRig.of(settings, device, log)) {
            ScriptRunner runner = new ScriptRunner(rig);
            List<Outcome> outcomes = new ArrayList<>(script.size());
            for (ScriptLine line : script) {
                log.clear();
                List<CommandAnswer> answers =
                        runner.run(line) instanceof ScriptAnswer.Submitted submitted ? submitted.commands() : List.of();
                outcomes.add(new Outcome(answers, List.copyOf(log.events())));
            }
            return outcomes;
        }
    }

    /** {@return all of it as one: the answers in order, and what was shown, whichever line it came with} */
    static List<Outcome> together(List<Outcome> outcomes) {
        List<CommandAnswer> answers = new ArrayList<>();
        List<DisplayEvent> shown = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            answers.addAll(outcome.answers);
            shown.addAll(outcome.shown);
        }
        return List.of(new Outcome(answers, shown));
    }

    /** {@return the outcomes of a script with those of its flushes doubled, but for the ones within batches} */
    static List<Outcome> repeated(List<ScriptLine> script, List<Outcome> outcomes) {
        List<Outcome> repeated = new ArrayList<>();
        for (int i = 0; i < script.size(); i++) {
            repeated.add(outcomes.get(i));
            if (script.get(i) instanceof Command command && MetamorphicTransform.isFlush(command)) {
                repeated.add(outcomes.get(i));
            }
        }
        return repeated;
    }
}
