package dev.semblance.harness.report;

import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Two events field by field. */
final class EventFields {

    private static final int MAX_FIELDS = 40;
    private static final int MAX_VALUE = 96;
    private static final int CONTEXT = 24;
    private static final int OTHER = 2;
    private static final String ABSENT = "—";

    /** A field of either event. Long values are cut around the place where they differ. */
    record Field(String name, String expected, String actual, boolean differs) {

        /** {@return whether it differs, or is needed to understand what does} */
        boolean matters() {
            return differs || rank(this) < OTHER;
        }
    }

    private EventFields() {}

    /**
     * {@return the fields by the names that {@code dump --json} has, decoded ones first} Where there are many, those that
     * differ come first.
     */
    static List<Field> compare(TraceManifest manifest, Stamped expected, Stamped actual) {
        Map<String, String> wanted = fields(manifest, expected);
        Map<String, String> found = fields(manifest, actual);
        Map<String, Field> all = new LinkedHashMap<>();
        wanted.forEach((name, value) -> all.put(name, field(name, value, found.getOrDefault(name, ABSENT))));
        found.forEach((name, value) -> all.computeIfAbsent(name, unused -> field(name, ABSENT, value)));
        List<Field> fields = new ArrayList<>(all.values());
        fields.sort((a, b) -> Integer.compare(rank(a), rank(b)));
        if (fields.size() > MAX_FIELDS) {
            fields.sort((a, b) -> Boolean.compare(b.differs(), a.differs()));
            return List.copyOf(fields.subList(0, MAX_FIELDS));
        }
        return fields;
    }

    private static int rank(Field field) {
        return field.name().equals("event") ? 0 : field.name().startsWith("decoded.") ? 1 : OTHER;
    }

    private static Map<String, String> fields(TraceManifest manifest, Stamped event) {
        Map<String, String> fields = new EventJson(manifest).fields(event);
        fields.remove("sequence");
        return fields;
    }

    private static Field field(String name, String expected, String actual) {
        if (expected.length() <= MAX_VALUE && actual.length() <= MAX_VALUE) {
            return new Field(name, expected, actual, !expected.equals(actual));
        }
        int shortest = Math.min(expected.length(), actual.length());
        int at = 0;
        while (at < shortest && expected.charAt(at) == actual.charAt(at)) {
            at++;
        }
        boolean differs = !expected.equals(actual);
        int from = differs ? Math.max(0, at - CONTEXT) : 0;
        return new Field(name, cut(expected, from), cut(actual, from), differs);
    }

    private static String cut(String value, int from) {
        int start = Math.min(from, value.length());
        int end = Math.min(value.length(), start + MAX_VALUE);
        String cut = value.substring(start, end);
        String before = start > 0 ? Text.format("(%d more) …", start) : "";
        return before + cut + (end < value.length() ? Text.format("… (%d more)", value.length() - end) : "");
    }
}
