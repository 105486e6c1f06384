package dev.semblance.machine.boot;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5). The bytes follow from the calls
 * alone: nodes and properties come out in the order in which they were added.
 */
public final class FlattenedDeviceTree {

    private static final int MAGIC = 0xd00dfeed;
    private static final int VERSION = 17;
    private static final int LAST_COMPATIBLE_VERSION = 16;
    private static final int HEADER_SIZE = 40;
    private static final int TOTAL_SIZE_AT = 4;

    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int END = 9;

    /** A stretch of physical memory that the guest must leave alone. */
    private record Reservation(long address, long size) {}

    private final Node root = new Node("");
    private final List<Reservation> reservations = new ArrayList<>();
    private int phandles;

    /** Makes a tree with an empty root. */
    public FlattenedDeviceTree() {}

    /** {@return the root node} */
    public Node root() {
        return root;
    }

    /**
     * Adds an entry to the memory reservation block (5.3).
     *
     * @param address guest physical address
     * @param size in bytes
     * @return this tree
     */
    public FlattenedDeviceTree reserve(long address, long size) {
        reservations.add(new Reservation(address, size));
        return this;
    }

    /** A node being built. */
    public final class Node {

        private final String name;
        private final Map<String, byte[]> properties = new LinkedHashMap<>();
        private final List<Node> children = new ArrayList<>();
        private int phandle;

        private Node(String name) {
            this.name = name;
        }

        /**
         * Adds a child.
         *
         * @param childName with its unit address, as {@code serial@4000000}
         * @return the child
         */
        public Node node(String childName) {
            Node child = new Node(childName);
            children.add(child);
            return child;
        }

        /**
         * Sets a property to bytes.
         *
         * @param property the property's name
         * @param value its text
         * @return this node
         */
        public Node bytes(String property, byte[] value) {
            properties.put(property, value.clone());
            return this;
        }

        /**
         * Sets a property that has no value.
         *
         * @param property the property's name
         * @return this node
         */
        public Node flag(String property) {
            return bytes(property, new byte[0]);
        }

        /**
         * Sets a property to 32-bit cells.
         *
         * @param property the property's name
         * @param values its cells
         * @return this node
         */
        public Node cells(String property, int... values) {
            ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * values.length);
            for (int value : values) {
                buffer.putInt(value);
            }
            return bytes(property, buffer.array());
        }

        /**
         * Sets a property to a list of strings.
         *
         * @param property the property's name
         * @param values its cells
         * @return this node
         */
        public Node strings(String property, String... values) {
            return bytes(property, (String.join("\0", values) + "\0").getBytes(StandardCharsets.UTF_8));
        }

        /** {@return the number by which other nodes refer to this one} The node gets it when it is first asked for. */
        public int phandle() {
            if (phandle == 0) {
                phandle = ++phandles;
                cells("phandle", phandle);
            }
            return phandle;
        }
    }

    /** {@return the tree as the blob that the guest reads} */
    public byte[] toBytes() {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        byte[] structure = structure(names);
        int reservationsAt = HEADER_SIZE;
        int structureAt = reservationsAt + 16 * (reservations.size() + 1);
        int namesAt = structureAt + structure.length;
        int total = namesAt + names.size();

        ByteBuffer blob = ByteBuffer.allocate(total);
        int bootHart = 0;
        for (int field : new int[] {
            MAGIC,
            total,
            structureAt,
            namesAt,
            reservationsAt,
            VERSION,
            LAST_COMPATIBLE_VERSION,
            bootHart,
            names.size(),
            structure.length
        }) {
            blob.putInt(field);
        }
        reservations.forEach(reservation -> blob.putLong(reservation.address()).putLong(reservation.size()));
        blob.putLong(0).putLong(0);
        blob.put(structure).put(names.toByteArray());
        return blob.array();
    }

    /**
     * {@return a tree with room behind it, for whoever changes it where it lies}
     *
     * @param blob a tree
     * @param room in bytes
     */
    public static byte[] withRoom(byte[] blob, int room) {
        byte[] roomy = Arrays.copyOf(blob, blob.length + room);
        ByteBuffer.wrap(roomy).putInt(TOTAL_SIZE_AT, roomy.length);
        return roomy;
    }

    private byte[] structure(ByteArrayOutputStream names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(root, out, names, new LinkedHashMap<>());
        putInt(out, END);
        return out.toByteArray();
    }

    private static void write(
            Node node, ByteArrayOutputStream out, ByteArrayOutputStream names, Map<String, Integer> nameOffsets) {
        putInt(out, BEGIN_NODE);
        putPadded(out, (node.name + "\0").getBytes(StandardCharsets.UTF_8));
        node.properties.forEach((property, value) -> {
            putInt(out, PROPERTY);
            putInt(out, value.length);
            putInt(out, nameOffsets.computeIfAbsent(property, added -> {
                int offset = names.size();
                names.writeBytes((added + "\0").getBytes(StandardCharsets.UTF_8));
                return offset;
            }));
            putPadded(out, value);
        });
        node.children.forEach(child -> write(child, out, names, nameOffsets));
        putInt(out, END_NODE);
    }

    private static void putInt(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    private static void putPadded(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(bytes);
        out.writeBytes(new byte[-bytes.length & 3]);
    }
}
