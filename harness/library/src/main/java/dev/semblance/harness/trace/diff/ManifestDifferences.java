package dev.semblance.harness.trace.diff;

import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the keys in which two manifests differ. */
final class ManifestDifferences {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The longest value shown. */
    private static final int MAX_TEXT = 120;

    private ManifestDifferences() {}

    static List<TraceDifference> between(TraceManifest first, TraceManifest second) {
        Map<String, String> a = flat(first);
        Map<String, String> b = flat(second);
        TreeSet<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        List<TraceDifference> differences = new ArrayList<>();
        for (String key : keys) {
            String inA = Optional.ofNullable(a.get(key)).orElse("");
            String inB = Optional.ofNullable(b.get(key)).orElse("");
            if (!inA.equals(inB)) {
                differences.add(new TraceDifference(key, shown(inA), shown(inB)));
            }
        }
        return List.copyOf(differences);
    }

    private static String shown(String value) {
        if (value.isEmpty()) {
            return "not there";
        }
        return value.length() > MAX_TEXT ? value.substring(0, MAX_TEXT) + "..." : value;
    }

    private static Map<String, String> flat(TraceManifest manifest) {
        Map<String, String> flat = new TreeMap<>();
        flatten("", MAPPER.readTree(manifest.toJson()), flat);
        return flat;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> flat) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> flatten(
                            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), flat));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(Text.format("%s[%d]", path, i), node.get(i), flat);
            }
        } else {
            // As JSON: ASCII alone, whatever the file says.
            flat.put(path, ascii(node.toString()));
        }
    }

    private static String ascii(String json) {
        StringBuilder text = new StringBuilder();
        json.chars()
                .forEach(c -> text.append(
                        c >= ' ' && c <= '~'
                                ? String.valueOf((char) c)
                                : "\\u" + Integer.toHexString(0x10000 | c).substring(1)));
        return text.toString();
    }
}
