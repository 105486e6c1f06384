package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "Manifest" and "Versions": a trace that goes on from another one is of version 5. */
class ParentTraceTests {

    private static final ParentTrace PARENT =
            new ParentTrace("desk.trace", "0a".repeat(32), 85_736_705, 720, "0b".repeat(32), 34);

    private static final TraceManifest CHILD =
            TraceFiles.MANIFEST.with().parent(Optional.of(PARENT)).build();

    private static FileHeader header(byte[] file, int newest) throws Exception {
        try (BoundedFile own = BoundedFile.of(new SeekableInMemoryByteChannel(file))) {
            return FileHeader.read(own, newest);
        }
    }

    @Test
    void aChildInAFileOfVersionFourIsCorrupt() throws Exception {
        byte[] file = Files.readAllBytes(Path.of(ParentTraceTests.class
                .getResource("/known-good/v5-stored.trace")
                .toURI()));
        byte[] older =
                FileHeader.withVersion(Arrays.copyOf(file, header(file, 5).size()), 4, 4);
        System.arraycopy(older, 0, file, 0, older.length);
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> header(file, 5))
                .isNotInstanceOf(IncompatibleTraceException.class)
                .withMessageContaining("the manifest belongs to format version 5, and the trace is of version 4");
    }

    @Test
    void itIsWrittenAsTheFormatSays() throws Exception {
        assertThat(CHILD.toJson())
                .contains("""
                  "parent" : {
                    "cycle" : 85736705,
                    "file" : "desk.trace",
                    "identity" : "%s",
                    "passed" : 720,
                    "preamble" : 34,
                    "stateDigest" : "%s"
                  },
                """.replaceFirst("%s", "0a".repeat(32)).replaceFirst("%s", "0b".repeat(32)));
        assertThat(TraceManifest.fromJson(CHILD.toJson().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(CHILD);
        assertThat(TraceFiles.MANIFEST.toJson()).doesNotContain("parent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"file\" : \"\"",
                "\"file\" : \".\"",
                "\"file\" : \"..\"",
                "\"file\" : \"../desk.trace\"",
                "\"file\" : \"a\\\\desk.trace\"",
                "\"file\" : \"C:desk.trace\"",
                "\"file\" : \"desk\\u0000.trace\"",
                "\"file\" : \"desk\\n.trace\"",
                "\"identity\" : \"0A\"",
                "\"stateDigest\" : \"\"",
                "\"cycle\" : -1",
                "\"cycle\" : 9223372036854775808",
                "\"passed\" : -1",
                "\"preamble\" : -1",
                "\"preamble\" : \"1\"",
            })
    void aValueThatMeansNothingIsRefused(String member) {
        String key = member.substring(0, member.indexOf(':'));
        String json = CHILD.toJson();
        int start = json.indexOf(key, json.indexOf("\"parent\""));
        int end = json.indexOf('\n', start);
        boolean last = json.charAt(end - 1) != ',';
        String other = json.substring(0, start) + member + (last ? "" : ",") + json.substring(end);
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> TraceManifest.fromJson(other.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("the manifest is not understood");
    }

    @Test
    void withoutAMachineThereIsNothingToGoOnFrom() {
        TraceManifest alone = CHILD.with().kind(TraceManifest.Kind.DEVICE_ONLY).build();
        assertThat(alone.parent()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> alone.with().parent(Optional.of(PARENT)).build())
                .withMessage("a trace without a machine goes on from no other");
    }

    /** The identity of a parent says nothing of its manifest, so that is compared. */
    @Test
    void whatDecidesTheMachineIsWithoutNamesAndTexts() {
        assertThat(CHILD.ofMachine())
                .isEqualTo(TraceFiles.MANIFEST
                        .withToolVersion("another")
                        .with()
                        .scenario(Optional.empty())
                        .build()
                        .ofMachine())
                .isNotEqualTo(TraceFiles.MANIFEST.with().seed(1).build().ofMachine());
    }
}
