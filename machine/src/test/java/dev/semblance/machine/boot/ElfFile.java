package dev.semblance.machine.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** ELF files for tests: sound ones, of which any number can be changed. */
final class ElfFile {

    static final int TABLE = 52;
    static final int ENTRY = 32;

    private final List<int[]> headers = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();
    private int entry;

    ElfFile entry(int address) {
        entry = address;
        return this;
    }

    /** Adds a segment to be loaded, with {@code memory} bytes beyond its content. */
    ElfFile segment(int virtual, int physical, byte[] content, int memory) {
        headers.add(new int[] {1, 0, virtual, physical, content.length, content.length + memory, 7, 4});
        contents.add(content);
        return this;
    }

    ElfFile header(int type) {
        headers.add(new int[] {type, 0, 0, 0, 0, 0, 4, 4});
        contents.add(new byte[0]);
        return this;
    }

    byte[] bytes() {
        int size = TABLE + ENTRY * headers.size();
        for (byte[] content : contents) {
            size += content.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x464c457f).put(new byte[] {1, 1, 1});
        out.putShort(16, (short) 2).putShort(18, (short) 243).putInt(20, 1);
        out.putInt(24, entry).putInt(28, TABLE).putShort(40, (short) TABLE).putShort(42, (short) ENTRY);
        out.putShort(44, (short) headers.size());
        int at = TABLE + ENTRY * headers.size();
        for (int i = 0; i < headers.size(); i++) {
            int[] header = headers.get(i);
            header[1] = at;
            out.position(TABLE + ENTRY * i);
            for (int field : header) {
                out.putInt(field);
            }
            out.put(at, contents.get(i));
            at += contents.get(i).length;
        }
        return out.array();
    }
}
