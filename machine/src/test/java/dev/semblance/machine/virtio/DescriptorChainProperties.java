package dev.semblance.machine.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.machine.memory.Ram;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

/** The cursors see one stretch of bytes, whatever the buffers (2.7.4.1). */
class DescriptorChainProperties {

    private final Ram memory = new Ram(1 << 20);

    private DescriptorChain chain(List<Integer> readable, List<Integer> writable) {
        List<Descriptor> descriptors = new ArrayList<>();
        long address = 0x3ff0;
        for (int length : readable) {
            descriptors.add(new Descriptor(descriptors.size(), address, length, Descriptor.NEXT));
            address += length + 3;
        }
        for (int length : writable) {
            descriptors.add(new Descriptor(descriptors.size(), address, length, Descriptor.WRITE | Descriptor.NEXT));
            address += length + 3;
        }
        return new DescriptorChain(memory, 0, descriptors);
    }

    @Property(tries = 300)
    void aReaderReturnsTheBuffersBytesInOrderForAnySequenceOfReads(
            @ForAll @Size(max = 6) List<@IntRange(max = 50) Integer> lengths,
            @ForAll @Size(max = 10) List<@IntRange(max = 60) Integer> reads) {
        DescriptorChain chain = chain(lengths, List.of(7));
        byte[] all = new byte[lengths.stream().mapToInt(Integer::intValue).sum()];
        int filled = 0;
        for (Descriptor descriptor : chain.descriptors()) {
            for (int i = 0; i < descriptor.length() && !descriptor.isWritable(); i++) {
                all[filled] = (byte) (filled * 7 + 1);
                memory.putByte(descriptor.address() + i, all[filled++]);
            }
        }
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        ChainReader reader = chain.reader();
        for (int length : reads) {
            long before = reader.remaining();
            byte[] bytes = reader.readUpTo(length);
            assertThat(bytes).hasSize((int) Math.min(length, before));
            seen.writeBytes(bytes);
            assertThat(reader.position()).isEqualTo(seen.size());
            assertThat(reader.remaining()).isEqualTo(all.length - seen.size());
        }
        assertThat(reader.size()).isEqualTo(all.length);
        assertThat(seen.toByteArray()).isEqualTo(Arrays.copyOf(all, seen.size()));
    }

    @Property(tries = 300)
    void aWriterFillsTheBuffersInOrderAndNothingBesideThem(
            @ForAll @NotEmpty @Size(max = 6) List<@IntRange(max = 50) Integer> lengths,
            @ForAll @Size(max = 120) byte[] bytes,
            @ForAll @IntRange(max = 40) int skipped) {
        memory.write(0x3000, new byte[0x3000], 0, 0x3000);
        DescriptorChain chain = chain(List.of(5), lengths);
        int room = lengths.stream().mapToInt(Integer::intValue).sum();
        ChainWriter writer = chain.writer();
        int passed = (int) writer.skip(skipped);
        int written = writer.write(bytes);
        assertThat(passed).isEqualTo(Math.min(skipped, room));
        assertThat(written).isEqualTo(Math.min(bytes.length, room - passed));

        byte[] expected = new byte[0x3000];
        int place = 0;
        for (Descriptor descriptor : chain.descriptors()) {
            for (int i = 0; i < descriptor.length() && descriptor.isWritable(); i++, place++) {
                if (place >= passed && place < passed + written) {
                    expected[(int) descriptor.address() + i - 0x3000] = bytes[place - passed];
                }
            }
        }
        byte[] actual = new byte[0x3000];
        memory.read(0x3000, actual, 0, actual.length);
        assertThat(actual).isEqualTo(expected);
    }

    @Property(tries = 50)
    void theSameChainOverAnotherMemoryIsUnreadAndUnwritten(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 20) Integer> lengths) {
        DescriptorChain chain = chain(lengths, lengths);
        chain.reader().readUpTo(3);
        chain.writer().write(new byte[2]);
        Ram other = new Ram(1 << 20);
        DescriptorChain over = chain.over(other);

        assertThat(over.reader().position()).isZero();
        assertThat(over.writer().position()).isZero();
        assertThat(over.head()).isEqualTo(chain.head());
        assertThat(over.descriptors()).isEqualTo(chain.descriptors());
        over.writer().write(new byte[] {9});
        assertThat(other.getByte(chain.descriptors().get(lengths.size()).address()))
                .isEqualTo((byte) 9);
        assertThat(over.memory()).isSameAs(other);
    }
}
