package dev.semblance.machine.boot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Reads a flattened device tree, independently of the writer: a map from property paths to values. */
final class DeviceTreeReader {

    private final ByteBuffer blob;
    private final int stringsAt;
    private final Map<String, byte[]> properties = new TreeMap<>();

    private DeviceTreeReader(byte[] bytes) {
        blob = ByteBuffer.wrap(bytes);
        require(blob.getInt(0) == 0xd00dfeed, "magic");
        require(blob.getInt(4) == bytes.length, "total size");
        require(blob.getInt(20) == 17 && blob.getInt(24) == 16, "versions");
        require(blob.getInt(8) % 4 == 0 && blob.getInt(16) % 8 == 0, "alignment of the blocks");
        stringsAt = blob.getInt(12);
        require(stringsAt + blob.getInt(32) <= bytes.length, "strings block inside");
        blob.position(blob.getInt(8));
        require(blob.getInt() == 1, "root node");
        node("");
        require(blob.getInt() == 9, "end");
        require(blob.position() == blob.getInt(8) + blob.getInt(36), "size of the structure block");
    }

    /** Returns all properties, by path: {@code /chosen:bootargs}. A node itself is the path with nothing after the colon. */
    static Map<String, byte[]> read(byte[] bytes) {
        return new DeviceTreeReader(bytes).properties;
    }

    /** Returns the entries of the memory reservation block, as pairs. */
    static long[] reservations(byte[] bytes) {
        ByteBuffer blob = ByteBuffer.wrap(bytes);
        long[] pairs = new long[2 * 16];
        int count = 0;
        for (int at = blob.getInt(16); blob.getLong(at) != 0 || blob.getLong(at + 8) != 0; at += 16) {
            pairs[count++] = blob.getLong(at);
            pairs[count++] = blob.getLong(at + 8);
        }
        return Arrays.copyOf(pairs, count);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("bad device tree: " + what);
        }
    }

    private void node(String parent) {
        String name = string(blob.position());
        skip(name.length() + 1);
        String path = parent + name;
        properties.put(path + ":", new byte[0]);
        for (int token = blob.getInt(); token != 2; token = blob.getInt()) {
            if (token == 1) {
                node(path + "/");
            } else {
                require(token == 3, "token " + token);
                byte[] value = new byte[blob.getInt()];
                String property = string(stringsAt + blob.getInt());
                blob.get(blob.position(), value);
                skip(value.length);
                require(properties.put(path + ":" + property, value) == null, "property twice: " + property);
            }
        }
    }

    private void skip(int length) {
        for (int i = 0; i < (length + 3) / 4 * 4; i++) {
            byte skipped = blob.get();
            require(i < length || skipped == 0, "padding");
        }
    }

    private String string(int at) {
        int end = at;
        while (blob.get(end) != 0) {
            end++;
        }
        return new String(blob.array(), at, end - at, StandardCharsets.UTF_8);
    }
}
