package dev.semblance.machine.differential;

import java.util.Arrays;

/** Code being written: instructions of 16 and 32 bits, one behind the other. Positions are in bytes from its start. */
final class Code {

    private short[] parcels = new short[1024];
    private int count;

    int position() {
        return 2 * count;
    }

    void add(int encoding) {
        put(encoding);
        if ((encoding & 3) == 3) {
            put(encoding >>> 16);
        }
    }

    private void put(int parcel) {
        if (count == parcels.length) {
            parcels = Arrays.copyOf(parcels, 2 * count);
        }
        parcels[count++] = (short) parcel;
    }

    /** Puts an instruction where one of the same length stands. */
    void replace(int position, int encoding) {
        parcels[position / 2] = (short) encoding;
        if ((encoding & 3) == 3) {
            parcels[position / 2 + 1] = (short) (encoding >>> 16);
        }
    }

    byte[] toBytes() {
        byte[] bytes = new byte[2 * count];
        for (int i = 0; i < count; i++) {
            bytes[2 * i] = (byte) parcels[i];
            bytes[2 * i + 1] = (byte) (parcels[i] >> 8);
        }
        return bytes;
    }
}
