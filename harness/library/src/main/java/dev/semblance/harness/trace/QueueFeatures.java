package dev.semblance.harness.trace;

import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a transport offers of its queues, beside the features of the device behind it (VIRTIO 1.2, chapter 6).
 *
 * @param bits of {@link VirtioFeatures#OF_QUEUES}
 */
public record QueueFeatures(long bits) {

    /** Plain queues. */
    public static final QueueFeatures NONE = new QueueFeatures(0);

    /** What devices of QEMU's virt machine offer. */
    public static final QueueFeatures USUAL =
            new QueueFeatures(VirtioFeatures.INDIRECT_DESC | VirtioFeatures.EVENT_IDX);

    private static final String NO_FEATURE = "none";

    /** The words that people write for each. */
    private enum Word {
        INDIRECT("indirect", VirtioFeatures.INDIRECT_DESC),
        EVENT_IDX("event-idx", VirtioFeatures.EVENT_IDX),
        RING_RESET("ring-reset", VirtioFeatures.RING_RESET);

        private final String text;
        private final long bit;

        Word(String text, long bit) {
            this.text = text;
            this.bit = bit;
        }
    }

    /** Checks that they are features of queues. */
    public QueueFeatures {
        if ((bits & ~VirtioFeatures.OF_QUEUES) != 0) {
            throw new IllegalArgumentException("not features of queues: 0x" + Long.toHexString(bits));
        }
    }

    /**
     * {@return those of a device's features that are its queues'}
     *
     * @param features the feature bits that are offered to the driver
     */
    public static QueueFeatures among(long features) {
        return new QueueFeatures(features & VirtioFeatures.OF_QUEUES);
    }

    /** {@return what can be offered, in words} */
    public static List<String> words() {
        return Arrays.stream(Word.values()).map(word -> word.text).toList();
    }

    /**
     * Understands words with commas between them, or {@code none}; empty where one is no feature, or is there twice.
     *
     * @param text such as {@code indirect,event-idx}
     * @return the features, or empty
     */
    public static Optional<QueueFeatures> parse(String text) {
        return text.equals(NO_FEATURE) ? Optional.of(NONE) : of(List.of(text.split(",", -1)));
    }

    /**
     * {@return the features of these words; empty where one is no feature, or is there twice}
     *
     * @param words of {@link #words}
     */
    public static Optional<QueueFeatures> of(List<String> words) {
        long bits = 0;
        for (String word : words) {
            Optional<Word> known = Arrays.stream(Word.values())
                    .filter(each -> each.text.equals(word))
                    .findFirst();
            if (known.isEmpty() || (bits & known.get().bit) != 0) {
                return Optional.empty();
            }
            bits |= known.get().bit;
        }
        return Optional.of(new QueueFeatures(bits));
    }

    /** {@return the words for these} */
    public List<String> inWords() {
        return Arrays.stream(Word.values())
                .filter(word -> (bits & word.bit) != 0)
                .map(word -> word.text)
                .toList();
    }

    /** {@return as {@link #parse} understands it} */
    @Override
    public String toString() {
        return bits == 0 ? NO_FEATURE : inWords().stream().collect(Collectors.joining(","));
    }
}
