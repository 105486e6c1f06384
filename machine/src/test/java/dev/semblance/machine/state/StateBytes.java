package dev.semblance.machine.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A state, written down to be compared. */
public final class StateBytes implements StateSink {

    private final List<String> values = new ArrayList<>();

    private StateBytes() {}

    /** Returns the values that parts of a machine write, in order. */
    public static List<String> of(Stateful... parts) {
        StateBytes sink = new StateBytes();
        for (Stateful part : parts) {
            StateDigest.write(part, sink);
        }
        return sink.values;
    }

    @Override
    public void putInt(int value) {
        values.add("int " + value);
    }

    @Override
    public void putLong(long value) {
        values.add("long " + value);
    }

    @Override
    public void putBytes(byte[] bytes, int offset, int length) {
        values.add("bytes "
                + ByteBuffer.wrap(Arrays.copyOfRange(bytes, offset, offset + length))
                        .hashCode() + "/" + length);
    }
}
