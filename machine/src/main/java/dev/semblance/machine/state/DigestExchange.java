package dev.semblance.machine.state;

import java.util.function.Consumer;

/** Passes on what is digested, and nothing else. */
final class DigestExchange extends StateExchange {

    private final StateSink sink;

    DigestExchange(StateSink sink) {
        this.sink = sink;
    }

    @Override
    int exchange(int value, boolean digested) {
        if (digested) {
            sink.putInt(value);
        }
        return value;
    }

    @Override
    long exchange(long value, boolean digested) {
        if (digested) {
            sink.putLong(value);
        }
        return value;
    }

    @Override
    boolean exchange(boolean value, boolean digested) {
        if (digested) {
            sink.putBoolean(value);
        }
        return value;
    }

    @Override
    byte[] exchange(byte[] block, int length, boolean digested) {
        if (digested) {
            sink.putBytes(block, 0, length);
        }
        return block;
    }

    @Override
    int[] exchange(int[] row, int length) {
        return row;
    }

    @Override
    public void part(String tag, int version) {
        // Digests have no form of their own: they are what they were before states could be saved.
    }

    @Override
    public void onlyDigested(Consumer<StateSink> writer) {
        writer.accept(sink);
    }

    @Override
    public boolean isLoading() {
        return false;
    }

    @Override
    public boolean sharesBlocks() {
        return false;
    }

    @Override
    public void whenLoaded(Runnable action) {
        // Nothing is loaded.
    }

    @Override
    public void require(boolean condition, String what) {
        // What the machine itself has is right.
    }

    @Override
    long room() {
        return Long.MAX_VALUE;
    }
}
