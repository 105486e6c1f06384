package dev.semblance.harness.fuzz;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Requests by hand, field by field. */
final class Say {

    static final int ROOM = 1056;

    private Say() {}

    /** Returns a request with a header without a fence and these 32-bit fields. */
    static byte[] request(int type, long... fields) {
        ByteBuffer buffer = ByteBuffer.allocate(24 + 4 * fields.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(type).position(24);
        for (long field : fields) {
            buffer.putInt((int) field);
        }
        return buffer.array();
    }

    static Command control(int type, long... fields) {
        return Command.of(Queue.CONTROL, request(type, fields), ROOM);
    }

    static Command cursor(int type, long... fields) {
        return Command.of(Queue.CURSOR, request(type, fields), ROOM);
    }

    static Command create(long id, long format, long width, long height) {
        return control(0x101, id, format, width, height);
    }

    static Command unref(long id) {
        return control(0x102, id, 0);
    }

    static Command setScanout(long scanout, long id, long x, long y, long width, long height) {
        return control(0x103, x, y, width, height, scanout, id);
    }

    static Command flush(long id, long x, long y, long width, long height) {
        return control(0x104, x, y, width, height, id, 0);
    }

    static Command transfer(long id, long offset, long x, long y, long width, long height) {
        return control(0x105, x, y, width, height, offset, offset >>> 32, id, 0);
    }

    /** Attaches addresses and lengths in turn. */
    static Command attach(long id, long count, long... entries) {
        long[] fields = new long[2 + entries.length * 2];
        fields[0] = id;
        fields[1] = count;
        for (int i = 0; i < entries.length; i += 2) {
            fields[2 + 2 * i] = entries[i];
            fields[3 + 2 * i] = entries[i] >>> 32;
            fields[4 + 2 * i] = entries[i + 1];
        }
        return control(0x106, fields);
    }

    static Command detach(long id) {
        return control(0x107, id, 0);
    }

    static Command updateCursor(long scanout, long x, long y, long id, long hotX, long hotY) {
        return cursor(0x300, scanout, x, y, 0, id, hotX, hotY, 0);
    }

    static Command moveCursor(long scanout, long x, long y) {
        return cursor(0x301, scanout, x, y, 0, 0, 0, 0, 0);
    }

    static Command room(Command command, int room) {
        return Command.of(command.queue(), command.request(), room);
    }

    static Command chain(Command command, RawDescriptor... descriptors) {
        return new Command(
                command.id(),
                command.queue(),
                List.of(),
                command.request(),
                List.of(),
                command.responseLength(),
                List.of(),
                command.responseFill(),
                List.of(descriptors),
                false,
                false);
    }

    static Poke poke(long address, byte[] bytes) {
        return new Poke(List.of(new MemoryWrite(address, bytes)));
    }
}
