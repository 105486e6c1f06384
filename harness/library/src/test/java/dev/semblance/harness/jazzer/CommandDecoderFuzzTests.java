package dev.semblance.harness.jazzer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;

class CommandDecoderFuzzTests {

    private static final int MAX_ENTRIES = 131_073;

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreACommandThatIsEncodedAndDecodedAlike(byte[] request) {
        GpuCommand command = CommandCodec.decode(request, MAX_ENTRIES);
        byte[] encoded = CommandCodec.encode(command);
        if (!CommandCodec.decode(encoded, MAX_ENTRIES).equals(command)) {
            throw new IllegalStateException("another command when decoded again: " + command);
        }
    }
}
