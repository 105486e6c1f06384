package dev.semblance.harness.trace;

import dev.semblance.harness.json.Json;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;

/** The manifest's JSON: one text for one manifest. Unknown keys are skipped, missing ones refused. */
final class ManifestJson {

    private static final int MAX_DEPTH = 16;

    private static final JsonMapper MAPPER = Json.ofRecords(MAX_DEPTH, FileHeader.MAX_MANIFEST_BYTES);

    private ManifestJson() {}

    static String write(TraceManifest manifest) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        return MAPPER.writer().with(printer).writeValueAsString(manifest);
    }

    static TraceManifest read(byte[] json, int offset) throws TraceFormatException {
        try {
            return Json.read(
                    MAPPER,
                    json,
                    TraceManifest.class,
                    "ramBase",
                    "cyclesPerTick",
                    "clock",
                    "memory",
                    "largerViews",
                    "parent",
                    "storedState");
        } catch (IllegalArgumentException e) {
            throw new TraceFormatException(offset, "the manifest is not understood: " + e.getMessage());
        }
    }
}
