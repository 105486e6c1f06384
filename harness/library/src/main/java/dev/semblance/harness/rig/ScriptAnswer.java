package dev.semblance.harness.rig;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.rig.ScriptLine.Point;
import java.util.Arrays;
import java.util.List;

/** What a line of a script led to. */
public sealed interface ScriptAnswer {

    /**
     * What became of the commands of a line, in order.
     *
     * @param commands an answer for each
     * @param tables whether chains that asked for a table of their own had one
     */
    record Submitted(List<CommandAnswer> commands, boolean tables) implements ScriptAnswer {

        /** Copies the list. */
        public Submitted {
            commands = List.copyOf(commands);
        }
    }

    /**
     * The primary plane of a scanout.
     *
     * @param head the number of the scanout, from 0
     * @param picture what it shows
     * @param dark whether it shows nothing; the picture is then black, in the display's size
     * @param pixels to tell the colours of
     */
    record Picture(int head, Frame picture, boolean dark, List<Point> pixels) implements ScriptAnswer {

        /** Copies the list. */
        public Picture {
            pixels = List.copyOf(pixels);
        }
    }

    /**
     * Bytes were put into memory.
     *
     * @param bytes how many, or what they are
     */
    record Written(long bytes) implements ScriptAnswer {}

    /**
     * The device was reset, or started.
     *
     * @param status the device status afterwards
     */
    record Restarted(int status) implements ScriptAnswer {}

    /**
     * What the device's registers and rings say.
     *
     * @param status the device status
     * @param interruptStatus why it interrupts
     * @param controlUsed the used index of the control queue
     * @param cursorUsed the used index of the cursor queue
     */
    record State(int status, int interruptStatus, int controlUsed, int cursorUsed) implements ScriptAnswer {}

    /**
     * Bytes of guest memory.
     *
     * @param address guest physical address
     * @param bytes how many, or what they are
     */
    record Contents(long address, byte[] bytes) implements ScriptAnswer {

        @Override
        public boolean equals(Object object) {
            return object instanceof Contents other && address == other.address && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(address) * 31 + Arrays.hashCode(bytes);
        }
    }

    /**
     * What a load from the configuration space gave.
     *
     * @param value unsigned
     */
    record Config(long value) implements ScriptAnswer {}
}
