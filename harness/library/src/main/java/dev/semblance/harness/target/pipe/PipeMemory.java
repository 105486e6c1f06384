package dev.semblance.harness.target.pipe;

import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonFields.Hex;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.GuestMemory;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/**
 * Guest memory, as a program asks for it. Addresses that RAM does not have are answered with an error and are no mistake of the
 * program's: a driver may have named them, and only RAM knows its end.
 *
 * @param memory what the program reads
 * @param writable whether it can be written: what was recorded cannot
 */
record PipeMemory(GuestMemory memory, boolean writable) {

    /** The most bytes of one line. */
    static final int MAX_BYTES = 8 << 20;

    /**
     * {@return the answer to a line}
     *
     * @param line with an {@code op}
     * @throws IllegalArgumentException if the line is none that a program may write
     */
    ObjectNode serve(JsonFields line) {
        String op = line.text("op").orElseThrow();
        long address = line.numberOrHex("addr", Range.U64).orElseThrow(() -> JsonFields.missing("addr"));
        ObjectNode answer = switch (op) {
            case "mem_read" ->
                read(
                        address,
                        line.number("len", Range.upTo(MAX_BYTES))
                                .orElseThrow(() -> JsonFields.missing("len"))
                                .intValue());
            case "mem_write" ->
                write(address, line.bytes("hex", Hex.ANY_CASE).orElseThrow(() -> JsonFields.missing("hex")));
            default -> throw new IllegalArgumentException("a target asks for mem_read and mem_write only");
        };
        line.end();
        return answer;
    }

    private ObjectNode read(long address, int length) {
        if (!memory.contains(address, length)) {
            return outside(address, length);
        }
        byte[] bytes = new byte[length];
        memory.read(address, bytes, 0, length);
        return PipeConnection.line().put("hex", HexFormat.of().formatHex(bytes));
    }

    private ObjectNode write(long address, byte[] bytes) {
        if (!memory.contains(address, bytes.length)) {
            return outside(address, bytes.length);
        }
        if (!writable) {
            return PipeConnection.line().put("error", "guest memory is as it was recorded: it cannot be written");
        }
        memory.write(address, bytes, 0, bytes.length);
        return PipeConnection.line().put("written", bytes.length);
    }

    private static ObjectNode outside(long address, int length) {
        return PipeConnection.line().put("error", Text.format("%d bytes at 0x%x are outside RAM", length, address));
    }
}
