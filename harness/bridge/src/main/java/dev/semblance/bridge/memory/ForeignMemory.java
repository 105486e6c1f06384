package dev.semblance.bridge.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Memory that another process can write at any moment, and take away. The one class that touches it: everything else works on
 * what was copied here.
 *
 * <p>Where the file behind a mapping was made shorter, an access is a SIGBUS. HotSpot makes of it an {@link InternalError}, thrown
 * at some time after the access: when the thread next looks whether something was sent to it. So each method makes the
 * thread look ({@link Thread#holdsLock} goes to native code and back, which does) before it returns, and the error comes up
 * in it and nowhere else.
 *
 * <p>Values are loaded and stored plainly, between fences, which does what acquire and release do: a volatile store is an
 * exchange on x86-64, and HotSpot dies of a fault there, as it does not know how long that instruction is.
 */
final class ForeignMemory {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final Object NO_LOCK = new Object();

    private final MemorySegment memory;

    ForeignMemory(MemorySegment memory) {
        this.memory = memory;
    }

    long size() {
        return memory.byteSize();
    }

    void read(long at, byte[] target, int offset, int length) {
        try {
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, target, offset, length);
            letFaultsArrive();
        } catch (InternalError fault) {
            throw new MemoryGoneException(fault);
        }
    }

    void write(long at, byte[] source, int offset, int length) {
        try {
            MemorySegment.copy(source, offset, memory, ValueLayout.JAVA_BYTE, at, length);
            letFaultsArrive();
        } catch (InternalError fault) {
            throw new MemoryGoneException(fault);
        }
    }

    /** {@return a value at an even place; what its writer wrote before it can be seen from now on} */
    short getShortAcquire(long at) {
        try {
            short value = memory.get(SHORT, at);
            VarHandle.acquireFence();
            letFaultsArrive();
            return value;
        } catch (InternalError fault) {
            throw new MemoryGoneException(fault);
        }
    }

    /** Stores a value at an even place, behind all that was written before. */
    void putShortRelease(long at, short value) {
        try {
            VarHandle.releaseFence();
            memory.set(SHORT, at, value);
            letFaultsArrive();
        } catch (InternalError fault) {
            throw new MemoryGoneException(fault);
        }
    }

    private static void letFaultsArrive() {
        if (Thread.holdsLock(NO_LOCK)) {
            throw new IllegalStateException("nobody locks it");
        }
    }
}
