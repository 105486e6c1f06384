package dev.semblance.harness.trace.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests are compared key by key; docs/TRACE_FORMAT.md has the keys. */
class ManifestDifferencesTests {

    private static final TraceManifest MANIFEST = manifest(1, "wait \"x\"\n", Display.of(800, 600));

    private static TraceManifest manifest(long seed, String scenario, Display... displays) {
        return new SessionConfig(
                        Recordings.bareConfig("hello-semu.bin").boot(),
                        Optional.empty(),
                        seed,
                        DisplayConfig.of(displays))
                .manifest("test", scenario.isEmpty() ? Optional.empty() : Optional.of(scenario));
    }

    @Test
    void aManifestHasNoDifferenceToItself() {
        assertThat(ManifestDifferences.between(MANIFEST, MANIFEST)).isEmpty();
    }

    @Test
    void valuesThatDifferStandUnderTheirKeysInOrder() {
        List<TraceDifference> found =
                ManifestDifferences.between(MANIFEST, manifest(9, "", Display.of(800, 600), Display.of(640, 480)));
        assertThat(found)
                .contains(new TraceDifference("seed", "1", "9"))
                .anySatisfy(each -> {
                    assertThat(each.field()).isEqualTo("scenario");
                    assertThat(each.first()).isEqualTo("\"wait \\\"x\\\"\\n\"");
                })
                .anySatisfy(each -> {
                    assertThat(each.field()).endsWith("[1].width");
                    assertThat(each.first()).isEqualTo("not there");
                    assertThat(each.second()).isEqualTo("640");
                });
        assertThat(found).extracting(TraceDifference::field).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void whoRecordedIsToldButMakesNoOtherTrace() {
        List<TraceDifference> found = ManifestDifferences.between(MANIFEST, MANIFEST.withToolVersion("other"));
        assertThat(found).containsExactly(new TraceDifference(TraceDiff.FOR_PEOPLE, "\"test\"", "\"other\""));
    }

    @Test
    void whatIsShownIsShortAndPlain() {
        assertThat(ManifestDifferences.between(MANIFEST, MANIFEST.withToolVersion("v\u001b[31m\u00e9")))
                .containsExactly(new TraceDifference("toolVersion", "\"test\"", "\"v\\u001B[31m\\u00e9\""));
        String shown = ManifestDifferences.between(MANIFEST, MANIFEST.withToolVersion("v".repeat(200)))
                .getFirst()
                .second();
        assertThat(shown).isEqualTo("\"" + "v".repeat(119) + "...");
        assertThat(ManifestDifferences.between(MANIFEST, MANIFEST.withToolVersion("v".repeat(118)))
                        .getFirst()
                        .second())
                .isEqualTo("\"" + "v".repeat(118) + "\"");
    }

    @Test
    void tracesAreTheSameIfTheirManifestsAreButForWhoRecorded(@TempDir Path folder) throws IOException {
        TraceManifest other = MANIFEST.withToolVersion("other");
        assertThat(compared(folder, other).isSame()).isTrue();
        assertThat(compared(folder, other).manifest()).hasSize(1);
        assertThat(compared(folder, manifest(9, "wait \"x\"\n", Display.of(800, 600)))
                        .isSame())
                .isFalse();
        assertThat(compared(
                                folder,
                                manifest(9, "wait \"x\"\n", Display.of(800, 600))
                                        .withToolVersion("other"))
                        .isSame())
                .isFalse();
    }

    private static TraceDiff compared(Path folder, TraceManifest manifest) throws IOException {
        List<Stamped> end = List.of(new Stamped(0, 0, new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[0])));
        Path first = Recordings.write(folder.resolve("a.trace"), MANIFEST, end);
        Path second = Recordings.write(folder.resolve("b.trace"), manifest, end);
        return TraceComparison.compare(() -> TraceReader.open(first), () -> TraceReader.open(second));
    }
}
