package dev.semblance.gpu.model;

import dev.semblance.machine.state.StateDigest;
import dev.semblance.machine.state.StateSink;
import dev.semblance.machine.state.Stateful;
import java.util.ArrayList;
import java.util.List;

/** State as a list, to compare. */
final class StateList implements StateSink {

    private final List<Object> values = new ArrayList<>();

    static List<Object> of(Stateful source) {
        StateList list = new StateList();
        StateDigest.write(source, list);
        return list.values;
    }

    @Override
    public void putInt(int value) {
        values.add(value);
    }

    @Override
    public void putLong(long value) {
        values.add(value);
    }

    @Override
    public void putBytes(byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            values.add(bytes[offset + i]);
        }
    }
}
