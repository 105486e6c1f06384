package dev.semblance.harness.view;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.png.PngEncoder;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.report.DivergenceText;
import dev.semblance.harness.report.SnapshotText;
import dev.semblance.harness.report.TextReport;
import dev.semblance.harness.util.Printable;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a replay of a trace came to, to be looked into.
 *
 * @param verdict what it came to
 */
public record ViewedVerdict(TraceVerdict verdict) {

    /** Magenta, as in every picture of a difference. */
    private static final int MAGENTA = 0xff_00ff;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The pictures of a snapshot. */
    public enum Which {
        /** What it should show. */
        EXPECTED,
        /** What it shows. */
        ACTUAL,
        /** Where that differs. */
        DIFFERENCE
    }

    /** {@return what stands for a verdict as long as there is none} */
    public static String notReady() {
        return MAPPER.writeValueAsString(verdict(false, "The replay is under way.", false));
    }

    private static ObjectNode verdict(boolean ready, String text, boolean good) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("ready", ready)
                .put("text", text)
                .put("good", good);
        node.putArray("divergences");
        node.putArray("snapshots");
        return node;
    }

    /** {@return the verdict as a JSON object: {@code Verdict} in source.js} */
    public String json() {
        String text = TextReport.lines(verdict).getFirst();
        ObjectNode node = verdict(true, text, verdict.standing() != TraceVerdict.Standing.FAIL);
        if (verdict instanceof TraceVerdict.Replayed replayed) {
            ArrayNode divergences = node.withArray("divergences");
            Stream.of(replayed.device(), replayed.machine())
                    .flatMap(Optional::stream)
                    .map(ReplayOutcome::divergence)
                    .flatMap(Optional::stream)
                    .distinct()
                    .forEach(divergence -> divergence(divergences, replayed, divergence));
            ArrayNode snapshots = node.withArray("snapshots");
            for (SnapshotVerdict snapshot : replayed.snapshots()) {
                SnapshotVerdict.Pictures pictures = snapshot.pictures();
                ObjectNode one = snapshots
                        .addObject()
                        .put("label", Printable.line(snapshot.label()))
                        .put("status", snapshot.status().word())
                        .put("good", snapshot.passes());
                ArrayNode sentences = one.putArray("sentences");
                SnapshotText.sentences(snapshot, replayed.trace().names())
                        .forEach(sentence -> sentences.add(Printable.line(sentence)));
                one.put("expected", pictures.expected().isPresent())
                        .put("actual", pictures.actual().isPresent())
                        .put(
                                "difference",
                                pictures.expected().isPresent()
                                        && pictures.actual().isPresent());
            }
        }
        return MAPPER.writeValueAsString(node);
    }

    private static void divergence(ArrayNode divergences, TraceVerdict.Replayed replayed, Divergence divergence) {
        StringBuilder text = new StringBuilder();
        DivergenceText.lines(replayed.manifest(), divergence)
                .forEach(line -> text.append(Printable.line(line.strip())).append('\n'));
        divergences.addObject().put("event", divergence.expected().sequence()).put("text", text.toString());
    }

    /**
     * {@return a picture of a snapshot as a PNG file; empty where there is none}
     *
     * @param label of the snapshot
     * @param which of its pictures
     * @throws IOException if a picture cannot be read
     */
    public Optional<byte[]> picture(String label, Which which) throws IOException {
        Optional<SnapshotVerdict.Pictures> found = verdict instanceof TraceVerdict.Replayed replayed
                ? replayed.snapshots().stream()
                        .filter(snapshot -> snapshot.label().equals(label))
                        .map(SnapshotVerdict::pictures)
                        .findFirst()
                : Optional.empty();
        Optional<Frame> expected = Optional.empty();
        Optional<Frame> actual = Optional.empty();
        if (found.isPresent() && found.get().expected().isPresent()) {
            expected = Optional.of(ImageFiles.read(found.get().expected().get()));
        }
        if (found.isPresent() && found.get().actual().isPresent()) {
            KeptPicture kept = found.get().actual().get();
            actual = Optional.of(kept.frame());
        }
        return switch (which) {
            case EXPECTED -> expected.map(PngEncoder::encode);
            case ACTUAL -> actual.map(PngEncoder::encode);
            case DIFFERENCE ->
                expected.isPresent() && actual.isPresent()
                        ? Optional.of(PngEncoder.difference(expected.get(), actual.get(), MAGENTA))
                        : Optional.empty();
        };
    }
}
