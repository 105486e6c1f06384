package dev.semblance.machine.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SplitMix64Tests {

    /** The outputs of Vigna's splitmix64.c for x = 1234567. */
    @Test
    void theOutputsAreThePublishedOnes() {
        SplitMix64 generator = new SplitMix64(1234567);

        assertThat(generator.next()).isEqualTo(6457827717110365317L);
        assertThat(generator.next()).isEqualTo(3203168211198807973L);
        assertThat(generator.next()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));
        assertThat(generator.next()).isEqualTo(4593380528125082431L);
        assertThat(generator.next()).isEqualTo(Long.parseUnsignedLong("16408922859458223821"));
    }

    @Test
    void bytesAreTheOutputsInLittleEndianOrder() {
        byte[] bytes = new SplitMix64(1234567).nextBytes(9);

        assertThat(bytes[0]).isEqualTo((byte) 6457827717110365317L);
        assertThat(bytes[7]).isEqualTo((byte) (6457827717110365317L >> 56));
        assertThat(bytes[8]).isEqualTo((byte) 3203168211198807973L);
    }

    /** Frozen: the device tree's rng-seed and the entropy device of every recording depend on it. */
    @Test
    void streamsOfOneSeedDifferAndStayWhatTheyAre() {
        assertThat(SplitMix64.stream(0, "rng-seed").next())
                .isNotEqualTo(SplitMix64.stream(0, "virtio-rng").next());
        assertThat(SplitMix64.stream(0, "rng-seed").next())
                .isNotEqualTo(SplitMix64.stream(1, "rng-seed").next());
        assertThat(SplitMix64.stream(7, "rng-seed").nextBytes(4))
                .containsExactly((byte) 0xa5, (byte) 0x17, (byte) 0x2c, (byte) 0x26);
    }
}
