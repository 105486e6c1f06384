package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/SCRIPT.md: what a script does on queues with VIRTIO_F_INDIRECT_DESC, VIRTIO_F_EVENT_IDX and VIRTIO_F_RING_RESET. */
class QueueFeaturesScriptTests {

    /** GET_DISPLAY_INFO (VIRTIO 1.2, 5.7.6.8). */
    private static final String INFO =
            "\"request_hex\":\"000100000000000000000000000000000000000000000000\",\"resp_len\":408";

    private final List<TraceEvent> events = new ArrayList<>();

    private ScriptRunner runner(String words) {
        return new ScriptRunner(DeviceRig.recorded(
                new RigSettings(
                        16L << 20,
                        DisplayConfig.of(Display.of(64, 48)),
                        QueueFeatures.parse(words).orElseThrow()),
                BuiltinDevice.ours(),
                new NoFrames(),
                (cycle, event) -> events.add(event)));
    }

    private static String run(ScriptRunner runner, String text) {
        ScriptLine line = ScriptReader.parse(text);
        return AnswerJson.line(line, runner.run(line));
    }

    private List<TraceEvent.Command> commands() {
        return events.stream()
                .filter(TraceEvent.Command.class::isInstance)
                .map(TraceEvent.Command.class::cast)
                .toList();
    }

    @Test
    void anIndirectChainTakesOneDescriptorOfTheQueueAndIsAnsweredAlike() {
        ScriptRunner runner = runner("indirect");
        String plain = run(runner, "{" + INFO + "}");
        String indirect = run(runner, "{" + INFO + ",\"req_split\":[3,4],\"resp_split\":[10],\"indirect\":true}");
        assertThat(indirect).isEqualTo(plain);

        List<Descriptor> chain = commands().getLast().descriptors();
        assertThat(chain).hasSize(6);
        assertThat(chain.getFirst().isIndirect()).isTrue();
        assertThat(chain.getFirst().length()).isEqualTo(5 * 16);
        assertThat(chain.subList(1, 6)).extracting(Descriptor::index).containsExactly(0, 1, 2, 3, 4);
        assertThat(chain.subList(1, 6)).extracting(Descriptor::length).containsExactly(3L, 4L, 17L, 10L, 398L);
    }

    /** More chains than the queue has descriptors for, if each took its own. */
    @Test
    void asManyIndirectChainsFitAsTheQueueHasDescriptors() {
        String one = "{" + INFO + ",\"indirect\":true}";
        String all = String.join(",", Collections.nCopies(DeviceRig.QUEUE_SIZE, one));
        assertThat(run(runner("indirect"), "{\"op\":\"batch\",\"cmds\":[" + all + "]}"))
                .doesNotContain("\"used\":false");
        assertThat(commands()).hasSize(DeviceRig.QUEUE_SIZE);
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> run(runner("indirect"), "{\"op\":\"batch\",\"cmds\":[" + all + "," + one + "]}"))
                .withMessageContaining("need 65 descriptors, the queue has 64");
    }

    @Test
    void withoutTheFeatureIndirectIsIgnoredAndTheAnswerSaysSo() {
        assertThat(run(runner("none"), "{" + INFO + ",\"indirect\":true}")).contains("\"note\":\"indirect is ignored");
        assertThat(commands().getLast().descriptors()).noneMatch(Descriptor::isIndirect);
        ScriptRunner runner = runner("indirect");
        run(runner, "{\"op\":\"reset\",\"features\":4294967296}");
        assertThat(run(runner, "{" + INFO + ",\"indirect\":true}")).contains("\"note\":\"indirect is ignored");
    }

    /** 2.7.5.3.1: a table in a table. */
    @Test
    void aRawChainCanBeATableThatIsWrong() {
        String answer = run(
                runner("indirect"),
                "{\"request_hex\":\"00\",\"indirect\":true,\"chain\":[{\"req_off\":0,\"len\":16,\"flags\":4}]}");
        assertThat(answer).contains("\"used\":false", "\"status\":" + (DeviceStatus.DEVICE_NEEDS_RESET | 15));
        assertThat(events)
                .filteredOn(TraceEvent.Fault.class::isInstance)
                .extracting(event -> ((TraceEvent.Fault) event).reason())
                .containsExactly(RingFault.Reason.INDIRECT_MALFORMED);
    }

    /** 2.7.7: one used element is asked about. */
    @Test
    void withEventIndicesTheFirstThatIsNotQuietInterrupts() {
        String loud = "{" + INFO + "}";
        String quiet = "{" + INFO + ",\"no_interrupt\":true}";
        ScriptRunner runner = runner("event-idx");
        run(runner, "{\"op\":\"batch\",\"cmds\":[" + quiet + "," + loud + "," + loud + "]}");
        run(runner, "{\"op\":\"batch\",\"cmds\":[" + quiet + "," + quiet + "]}");
        run(runner, loud);
        assertThat(commands())
                .extracting(TraceEvent.Command::notification)
                .containsExactly(
                        Notification.SUPPRESSED,
                        Notification.SENT,
                        Notification.SUPPRESSED,
                        Notification.SUPPRESSED,
                        Notification.SUPPRESSED,
                        Notification.SENT);
    }

    @Test
    void aQueueThatWasResetBeginsAnewAndTheOtherGoesOn() {
        ScriptRunner runner = runner("ring-reset");
        run(runner, "{" + INFO + "}");
        run(runner, "{\"queue\":\"cursor\"," + INFO + "}");
        assertThat(run(runner, "{\"id\":1,\"op\":\"queue_reset\",\"queue\":\"control\"}"))
                .isEqualTo("{\"id\":1,\"status\":15}");
        assertThat(run(runner, "{\"op\":\"status\"}")).contains("\"used_idx\":{\"control\":0,\"cursor\":1}");
        assertThat(run(runner, "{" + INFO + "}")).contains("\"used\":true");
        assertThat(events).contains(new TraceEvent.QueueReset(0, 0));
    }

    @Test
    void withoutTheFeatureAQueueIsNotReset() {
        assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> run(runner("indirect,event-idx"), "{\"op\":\"queue_reset\"}"))
                .withMessageContaining("VIRTIO_F_RING_RESET is not agreed upon");
        assertThat(events).noneMatch(TraceEvent.QueueReset.class::isInstance);
    }

    @Test
    void featuresOfQueuesAreWordsEachOnce() {
        for (String list : List.of("[\"indirect\",\"indirect\"]", "[\"none\"]", "[\"\"]", "[1]", "\"indirect\"")) {
            assertThatExceptionOfType(ScriptException.class)
                    .isThrownBy(() -> ScriptReader.parse("{\"op\":\"device\",\"virtqueue\":" + list + "}"))
                    .withMessageContaining("virtqueue");
        }
    }
}
