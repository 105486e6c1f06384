package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semblance.harness.trace.TraceManifest.Image;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "Manifest". */
@Isolated("It sets the locale of this JVM.")
class TraceManifestTests {

    private static final TraceManifest SMALL = TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
            .toolVersion("semblance 0.1.0")
            .bootargs("quote \" and ü")
            .seed(-1)
            .build();

    private static TraceManifest read(String json) throws TraceFormatException {
        return TraceManifest.fromJson(json.getBytes(StandardCharsets.UTF_8), 20);
    }

    @Test
    void aManifestComesBackAsItWas() throws Exception {
        assertThat(read(TraceFiles.MANIFEST.toJson())).isEqualTo(TraceFiles.MANIFEST);
        assertThat(read(SMALL.toJson())).isEqualTo(SMALL);
    }

    @Test
    void theJsonIsCanonical() {
        assertThat(SMALL.toJson()).isEqualTo("""
                        {
                          "bootargs" : "quote \\" and ü",
                          "devices" : [ ],
                          "displayModes" : [ ],
                          "edid" : "",
                          "harts" : 0,
                          "images" : [ ],
                          "isa" : "",
                          "kind" : "DEVICE_ONLY",
                          "profile" : "",
                          "ramBytes" : 0,
                          "scenario" : null,
                          "seed" : -1,
                          "timebaseHz" : 0,
                          "toolVersion" : "semblance 0.1.0"
                        }""");
    }

    @Test
    void theJsonDoesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        String expected = TraceFiles.MANIFEST.toJson();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(TraceFiles.MANIFEST.toJson()).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void unknownKeysAreSkipped() throws Exception {
        assertThat(read(SMALL.toJson().replace("\"harts\"", "\"later\" : [ { } ], \"harts\"")))
                .isEqualTo(SMALL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{ \"harts\" : ",
                "{ \"harts\" : 1, \"harts\" : 1 }",
            })
    void whatIsNoManifestIsRefused(String json) {
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> read(json))
                .satisfies(e -> assertThat(e.offset()).isEqualTo(20))
                .withMessageContaining("manifest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"harts\" : 0 -> \"harts\" : 5000",
                "\"harts\" : 0 -> \"harts\" : \"1\"",
                "\"harts\" : 0 -> \"harts\" : 0.5",
                "\"harts\" : 0 -> \"harts\" : 1e400",
                "\"harts\" : 0 -> \"harts\" : null",
                "\"harts\" : 0 -> \"hart\" : 0",
                "\"ramBytes\" : 0 -> \"ramBytes\" : 1099511627777",
                "\"ramBytes\" : 0 -> \"ramBytes\" : 99999999999999999999",
                "\"devices\" : [ ] -> \"devices\" : null",
                "\"devices\" : [ ] -> \"devices\" : [ null ]",
                "\"devices\" : [ ] -> \"devices\" : [ { } ]",
                "\"images\" : [ ] -> \"images\" : [ { \"role\" : \"KERNEL\", \"file\" : \"../x\", \"size\" : 1, \"sha256\" : \"\" } ]",
                "\"edid\" : \"\" -> \"edid\" : \"0\"",
                "\"kind\" : \"DEVICE_ONLY\" -> \"kind\" : \"OTHER\"",
                "\"kind\" : \"DEVICE_ONLY\" -> \"kind\" : 0",
                "\"kind\" : \"DEVICE_ONLY\" -> \"kind\" : \"\"",
                "\"kind\" : \"DEVICE_ONLY\" -> \"kind\" : \" DEVICE_ONLY\"",
                "\"kind\" : \"DEVICE_ONLY\" -> \"kind\" : \"device_only\"",
                "\"isa\" : \"\" -> \"isa\" : 5",
                "\"isa\" : \"\" -> \"isa\" : true",
                "\"isa\" : \"\" -> \"isa\" : [ \"\" ]",
                "\"isa\" : \"\" -> \"isa\" : \"\\ud800\"",
                "\"scenario\" : null -> \"scenario\" : 1",
                "\"harts\" : 0 -> \"harts\" : true",
                "\"harts\" : 0 -> \"harts\" : [ 0 ]",
                "\"devices\" : [ ] -> \"devices\" : \"\"",
                "\"devices\" : [ ] -> \"devices\" : { }",
            })
    void valuesOutOfRangeAreRefused(String change) {
        String[] parts = change.split(" -> ", 2);
        String json = SMALL.toJson().replace(parts[0], parts[1]);
        assertThat(json).isNotEqualTo(SMALL.toJson());
        assertThatExceptionOfType(TraceFormatException.class).isThrownBy(() -> read(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "-%s", "1.%s", "0.%s", "1e%s", "-1.5E+%s", "0e-%s", "0.%se1", "1%s.5e3"})
    void aNumberHasAtMostAThousandDigits(String form) throws Exception {
        int digits = (int) form.chars().filter(Character::isDigit).count();
        for (int all : new int[] {1000, 1001}) {
            String json = SMALL.toJson()
                    .replaceFirst("\\{", "{ \"later\" : " + form.replace("%s", "7".repeat(all - digits)) + ",");
            if (all == 1000) {
                assertThat(read(json)).isEqualTo(SMALL);
            } else {
                assertThatExceptionOfType(TraceFormatException.class).isThrownBy(() -> read(json));
            }
        }
    }

    @Test
    void theJsonIsUtf8AndNothingElse() {
        String json = SMALL.toJson();
        for (byte[] bytes : List.of(
                json.getBytes(StandardCharsets.UTF_16BE),
                json.getBytes(StandardCharsets.UTF_16LE),
                ("\ufeff" + json).getBytes(StandardCharsets.UTF_8),
                json.replace("rv32", "r\u00e4").getBytes(StandardCharsets.ISO_8859_1),
                // Two bytes for what takes one, and half of a surrogate pair in three.
                json.replace("\"isa\" : \"", "\"isa\" : \"\u00c0\u0080").getBytes(StandardCharsets.ISO_8859_1),
                json.replace("\"isa\" : \"", "\"isa\" : \"\u00ed\u00a0\u0080").getBytes(StandardCharsets.ISO_8859_1))) {
            assertThatExceptionOfType(TraceFormatException.class).isThrownBy(() -> TraceManifest.fromJson(bytes));
        }
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "[".repeat(100_000);
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> read(SMALL.toJson().replace("\"harts\"", "\"x\" : " + deep + ", \"harts\"")));
    }

    @Test
    void aManifestMadeOfAnotherDiffersInWhatWasSet() {
        assertThat(TraceFiles.MANIFEST.with().build()).isEqualTo(TraceFiles.MANIFEST);
        TraceManifest other = TraceFiles.MANIFEST.with().seed(43).build();
        assertThat(other).isNotEqualTo(TraceFiles.MANIFEST);
        assertThat(other.with().seed(42).build()).isEqualTo(TraceFiles.MANIFEST);
        assertThat(TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY).build().toJson())
                .contains("\"kind\" : \"DEVICE_ONLY\"", "\"devices\" : [ ]", "\"scenario\" : null");
    }

    @Test
    void aTextThatIsTooLongIsCutBetweenCharacters() {
        String smiles = "\ud83d\ude00".repeat(200);
        String cut = TraceFiles.MANIFEST.with().toolVersionCut(smiles).build().toolVersion();
        assertThat(cut).hasSize(254);
        assertThat(smiles).startsWith(cut);
        assertThat(TraceFiles.MANIFEST.with().toolVersionCut("1.0").build().toolVersion())
                .isEqualTo("1.0");
    }

    @Test
    void imagesHaveNamesAndNoPaths() {
        String sha256 = "0".repeat(64);
        for (String file : List.of("", "/etc/passwd", "a/b", "..\\b")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Image(Image.Role.DISK, file, 1, sha256));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Image(Image.Role.DISK, "disk", 1, sha256.toUpperCase(Locale.ROOT) + "0"));
    }
}
