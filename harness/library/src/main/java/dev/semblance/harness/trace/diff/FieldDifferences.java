package dev.semblance.harness.trace.diff;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.text.DecodedCommand;
import dev.semblance.harness.util.Text;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Finds the fields in which two events differ: they are records of records all the way down. */
final class FieldDifferences {

    /** How many are listed: whoever reads them wants to see what kind of difference it is. */
    private static final int MAX = 16;

    /** How many bytes are shown from where two rows of bytes part. */
    private static final int BYTES = 8;

    /** Fields that people know in hexadecimal. */
    private static final Set<String> HEXADECIMAL = Set.of(
            "address", "digest", "image", "dataDigest", "features", "descriptorTable", "availableRing", "usedRing");

    private final List<TraceDifference> found = new ArrayList<>();

    private FieldDifferences() {}

    /**
     * {@return the fields in which two events differ, at most 16}
     *
     * @param gpu whether their requests are those of a GPU
     */
    static List<TraceDifference> between(Stamped first, Stamped second, boolean gpu) {
        FieldDifferences differences = new FieldDifferences();
        if (first.cycle() != second.cycle()) {
            differences.add("cycle", first.cycle(), second.cycle());
        }
        if (gpu && first.event() instanceof Command a && second.event() instanceof Command b) {
            differences.decoded(a, b);
        }
        differences.compare("", first.event(), second.event());
        return List.copyOf(differences.found);
    }

    private void decoded(Command first, Command second) {
        if (first.payload() instanceof Payload.Full a && second.payload() instanceof Payload.Full b) {
            GpuCommand commandA = DecodedCommand.of(a.request());
            GpuCommand commandB = DecodedCommand.of(b.request());
            compare("command", commandA, commandB);
            GpuResponse responseA = ResponseCodec.decode(a.response());
            GpuResponse responseB = ResponseCodec.decode(b.response());
            compare("answer", responseA, responseB);
        }
    }

    private void compare(String path, Object first, Object second) {
        if (found.size() >= MAX) {
            return;
        }
        if (first instanceof byte[] a && second instanceof byte[] b) {
            bytes(path, a, b);
        } else if (first instanceof List<?> a && second instanceof List<?> b) {
            lists(path, a, b);
        } else if (!first.getClass().equals(second.getClass())) {
            add(path.isEmpty() ? "event" : path, name(first), name(second));
        } else if (first instanceof Record) {
            records(path, first, second);
        } else if (!first.equals(second)) {
            add(path, first, second);
        }
    }

    private static Object name(Object value) {
        return value instanceof Record ? value.getClass().getSimpleName() : value;
    }

    private void records(String path, Object first, Object second) {
        for (RecordComponent component : first.getClass().getRecordComponents()) {
            String name = component.getName();
            String inside = path.isEmpty() ? name : path + "." + name;
            // A payload's fields are those of its command, as in a dump.
            compare(name.equals("payload") ? path : inside, get(component, first), get(component, second));
        }
    }

    private static Object get(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " is public", e);
        }
    }

    private void lists(String path, List<?> first, List<?> second) {
        if (first.size() != second.size()) {
            add(path, first.size() + " of them", second.size() + " of them");
        }
        for (int i = 0; i < Math.min(first.size(), second.size()) && found.size() < MAX; i++) {
            compare(Text.format("%s[%d]", path, i), first.get(i), second.get(i));
        }
    }

    private void bytes(String path, byte[] first, byte[] second) {
        int at = Arrays.mismatch(first, second);
        if (at >= 0) {
            add(Text.format("%s, from byte %d on", path, at), bytes(first, at), bytes(second, at));
        }
    }

    private static String bytes(byte[] bytes, int at) {
        int end = Math.min(bytes.length, at + BYTES);
        return at >= bytes.length
                ? "ends"
                : HexFormat.of().formatHex(bytes, at, end) + (end < bytes.length ? "..." : "");
    }

    private void add(String path, Object first, Object second) {
        String field = path.substring(path.lastIndexOf('.') + 1);
        boolean hexadecimal = HEXADECIMAL.contains(field);
        found.add(new TraceDifference(path, text(first, hexadecimal), text(second, hexadecimal)));
    }

    private static String text(Object value, boolean hexadecimal) {
        return value instanceof Long number && hexadecimal ? Text.format("0x%x", number) : String.valueOf(value);
    }
}
