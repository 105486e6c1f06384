package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** docs/POLICIES.md, "Where goldens are". */
class GoldensProperties {

    @Provide
    Arbitrary<List<String>> folders() {
        return Arbitraries.of("a", "driver", "golden", "recordings.old", "x-1")
                .list()
                .ofMaxSize(3);
    }

    private static Path path(List<String> folders) {
        return Path.of("/r", folders.toArray(String[]::new));
    }

    private static String name(List<String> folders) {
        return folders.isEmpty() ? "t" : String.join("/", folders) + "/t";
    }

    @Property
    void theNearestFolderNamedRecordingsHasTheGoldensBesideIt(
            @ForAll("folders") List<String> outside,
            @ForAll("folders") List<String> middle,
            @ForAll("folders") List<String> between,
            @ForAll boolean nested) {
        Path base = path(outside);
        Path recordings = nested
                ? base.resolve("recordings").resolve(path(middle).toString().substring(1))
                : base;
        Path trace = recordings.resolve("recordings");
        for (String folder : between) {
            trace = trace.resolve(folder);
        }
        assertThat(Goldens.place(TraceFile.of(trace.resolve("t.trace")), Optional.empty()))
                .hasValue(new Goldens.Place(recordings.resolve("golden"), name(between)));
    }

    @Property
    void withoutSuchAFolderThereIsNoPlaceForGoldens(@ForAll("folders") List<String> folders) {
        Path trace = path(folders).resolve("t.trace");
        assertThat(Goldens.place(TraceFile.of(trace), Optional.empty())).isEmpty();
        Goldens goldens = Goldens.of(TraceFile.of(trace), Optional.empty());
        assertThat(goldens.store()).isEmpty();
        assertThat(goldens.required()).isFalse();
    }

    @Property
    void aFolderThatTheUserNamesGoesBeforeTheOneBesideRecordings(@ForAll("folders") List<String> between) {
        Path trace = path(between).resolve("recordings/t.trace");
        assertThat(Goldens.place(TraceFile.of(trace), Optional.of(Path.of("g"))))
                .hasValue(new Goldens.Place(Path.of("g"), "t"));
    }

    @Property
    void aTraceInAPackHasNoGoldensOutsideOfIt(@ForAll("folders") List<String> outside, @ForAll boolean withGoldens) {
        Path inside = path(outside).resolve("recordings/tmp/pack");
        Path trace = inside.resolve(withGoldens ? "recordings/t.trace" : "traces/t.trace");
        assertThat(Goldens.place(
                        TraceFile.packed(trace, Path.of("p.semblance"), inside, FileNames.OWN), Optional.empty()))
                .isEqualTo(
                        withGoldens ? Optional.of(new Goldens.Place(inside.resolve("golden"), "t")) : Optional.empty());
    }

    @Example
    void aNameThatNoFolderOfGoldensCanHaveIsRefusedAndNotLeftUnchecked() {
        assertThatThrownBy(() -> Goldens.of(TraceFile.of(Path.of("/r/recordings/my driver/t.trace")), Optional.empty()))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("\"my driver/t\" is not a valid name for a recording with goldens");
    }
}
