package dev.semblance.harness.trace.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import org.junit.jupiter.api.Test;

class DecodedCommandTests {

    private static final byte[] REQUEST = CommandCodec.encode(new GpuCommand.ResourceUnref(Header.NONE, 3));

    @Test
    void aDecoderThatThrowsLeavesTheBytes() {
        GpuCommand command = DecodedCommand.of(REQUEST, request -> {
            throw new IndexOutOfBoundsException("at fault");
        });
        assertThat(command).isEqualTo(new GpuCommand.NoHeader(REQUEST));
    }

    @Test
    void oneThatDoesNotIsBelieved() {
        assertThat(DecodedCommand.of(REQUEST)).isEqualTo(new GpuCommand.ResourceUnref(Header.NONE, 3));
    }
}
