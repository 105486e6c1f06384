package dev.semblance.harness.trace.text;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import java.util.function.Function;

/**
 * Decodes requests for what only looks at them. The decoder is a part of the device: one at fault must not keep a trace
 * that shows the fault from being printed, compared or cut down.
 */
public final class DecodedCommand {

    private DecodedCommand() {}

    /**
     * {@return what a request says; all of its bytes as {@link GpuCommand.NoHeader} if the decoder throws}
     *
     * @param request the bytes that the driver sent
     */
    public static GpuCommand of(byte[] request) {
        return of(request, CommandCodec::decode);
    }

    static GpuCommand of(byte[] request, Function<byte[], GpuCommand> decoder) {
        try {
            return decoder.apply(request);
        } catch (RuntimeException e) {
            return new GpuCommand.NoHeader(request.clone());
        }
    }
}
