package dev.semblance.gpu.protocol;

import java.util.Arrays;
import java.util.List;

/** An answer of the device (VIRTIO 1.2, 5.7.6.7 and 5.7.6.8), and two records for bytes that are none. */
public sealed interface GpuResponse {

    /** {@return the header, {@link Header#NONE} where there is none} */
    Header header();

    /**
     * VIRTIO_GPU_RESP_OK_NODATA.
     *
     * @param header the header that goes back
     */
    record OkNoData(Header header) implements GpuResponse {}

    /**
     * VIRTIO_GPU_RESP_OK_DISPLAY_INFO.
     *
     * @param header the header that goes back
     * @param displays one for each scanout in order; on the wire always {@link ResponseCodec#MAX_SCANOUTS}
     */
    record OkDisplayInfo(Header header, List<DisplayInfo> displays) implements GpuResponse {
        /** Makes the answer with a copy of the list. */
        public OkDisplayInfo {
            displays = List.copyOf(displays);
            if (displays.size() > ResponseCodec.MAX_SCANOUTS) {
                throw new IllegalArgumentException(displays.size() + " displays, at most 16 fit");
            }
        }
    }

    /**
     * {@code struct virtio_gpu_display_one}.
     *
     * @param rect preferred position and size
     * @param enabled not 0 if a display is connected, unsigned 32 bits
     * @param flags 0
     */
    record DisplayInfo(Rect rect, long enabled, int flags) {
        /** What stands for a scanout that does not exist. */
        public static final DisplayInfo NONE = new DisplayInfo(new Rect(0, 0, 0, 0), 0, 0);
    }

    /**
     * VIRTIO_GPU_RESP_OK_EDID.
     *
     * @param header the header that goes back
     * @param edid the valid bytes, at most {@link ResponseCodec#EDID_CAPACITY}; not to be changed
     */
    record OkEdid(Header header, byte[] edid) implements GpuResponse {
        /** Makes the answer; the array is its own from here on. */
        public OkEdid {
            if (edid.length > ResponseCodec.EDID_CAPACITY) {
                throw new IllegalArgumentException("EDID of " + edid.length + " bytes, at most 1024 fit");
            }
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof OkEdid other && header.equals(other.header) && Arrays.equals(edid, other.edid);
        }

        @Override
        public int hashCode() {
            return header.hashCode() * 31 + Arrays.hashCode(edid);
        }

        @Override
        public String toString() {
            return "OkEdid[header=" + header + ", " + edid.length + " bytes]";
        }
    }

    /**
     * VIRTIO_GPU_RESP_ERR_*: the command was refused and has changed nothing.
     *
     * @param header the header that goes back
     * @param code why the command was refused
     */
    record Refused(Header header, ErrorCode code) implements GpuResponse {}

    /**
     * A type of answer that a 2D device does not give.
     *
     * @param header the header that goes back
     * @param type the number of the response
     * @param body what followed the header; not to be changed
     */
    record Unknown(Header header, int type, byte[] body) implements GpuResponse {
        @Override
        public boolean equals(Object object) {
            return object instanceof Unknown other
                    && type == other.type
                    && header.equals(other.header)
                    && Arrays.equals(body, other.body);
        }

        @Override
        public int hashCode() {
            return type * 31 + Arrays.hashCode(body);
        }

        @Override
        public String toString() {
            return "Unknown[header=" + header + ", type=0x" + Integer.toHexString(type) + ", body=" + body.length
                    + " bytes]";
        }
    }

    /**
     * The start of an answer, cut off since the driver's buffer was too short.
     *
     * @param bytes what there was; not to be changed
     */
    record Truncated(byte[] bytes) implements GpuResponse {
        @Override
        public Header header() {
            return Header.NONE;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Truncated other && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Truncated[" + bytes.length + " bytes]";
        }
    }
}
