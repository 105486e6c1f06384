package dev.semblance.harness.rig;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Point;
import dev.semblance.harness.trace.text.GpuJson;
import dev.semblance.harness.util.Sha256;
import dev.semblance.harness.util.Text;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers as JSON, one object a line (docs/SCRIPT.md). */
public final class AnswerJson {

    private static final String INDIRECT_NOTE = "indirect is ignored: VIRTIO_F_INDIRECT_DESC is not agreed upon";

    private AnswerJson() {}

    /**
     * {@return the answer to a line, without the line's end}
     *
     * @param line the line of the script
     * @param answer what came of it
     */
    public static String line(ScriptLine line, ScriptAnswer answer) {
        return line(line, answer, command -> false);
    }

    /**
     * {@return the answer to a line, without the line's end}
     *
     * @param line the line of the script
     * @param answer what came of it
     * @param decoded which commands of the line, by their places from 0, have their response decoded too
     */
    public static String line(ScriptLine line, ScriptAnswer answer, IntPredicate decoded) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ScriptWriter.id(node, line.id());
        switch (answer) {
            case ScriptAnswer.Submitted submitted -> submitted(node, line, submitted, decoded);
            case ScriptAnswer.Picture picture -> picture(node, picture);
            case ScriptAnswer.Written written -> node.put("written", written.bytes());
            case ScriptAnswer.Restarted restarted -> node.put("status", restarted.status());
            case ScriptAnswer.State state -> {
                node.put("status", state.status()).put("interrupt_status", state.interruptStatus());
                node.putObject("used_idx").put("control", state.controlUsed()).put("cursor", state.cursorUsed());
            }
            case ScriptAnswer.Contents contents ->
                node.put("addr", new BigInteger(Long.toUnsignedString(contents.address())))
                        .put("hex", HexFormat.of().formatHex(contents.bytes()));
            case ScriptAnswer.Config config -> node.put("value", config.value());
        }
        return ScriptWriter.text(node);
    }

    /**
     * {@return the answer to a line that could not be run}
     *
     * @param id of the line, if it could be read
     * @param message one sentence
     */
    public static String error(Optional<String> id, String message) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ScriptWriter.id(node, id);
        return ScriptWriter.text(node.put("error", message));
    }

    private static void submitted(
            ObjectNode node, ScriptLine line, ScriptAnswer.Submitted submitted, IntPredicate decoded) {
        List<CommandAnswer> answers = submitted.commands();
        boolean tables = submitted.tables();
        if (line instanceof ScriptLine.Batch batch) {
            ArrayNode array = node.putArray("batch");
            for (int i = 0; i < answers.size(); i++) {
                ObjectNode one = array.addObject();
                Command command = batch.commands().get(i);
                ScriptWriter.id(one, command.id());
                command(one, command.indirect() && !tables, answers.get(i), decoded.test(i));
            }
        } else {
            boolean ignored = line instanceof Command command && command.indirect() && !tables;
            command(node, ignored, answers.getFirst(), decoded.test(0));
        }
    }

    private static void command(ObjectNode node, boolean ignored, CommandAnswer answer, boolean decoded) {
        node.put("used", answer.used())
                .put("used_len", answer.usedLength())
                .put("response_hex", HexFormat.of().formatHex(answer.response()))
                .put("status", answer.status());
        if (decoded && answer.used()) {
            int written = (int) Math.min(answer.usedLength(), answer.response().length);
            node.set("response", GpuJson.of(ResponseCodec.decode(Arrays.copyOf(answer.response(), written))));
        }
        if (ignored) {
            node.put("note", INDIRECT_NOTE);
        }
    }

    private static void picture(ObjectNode node, ScriptAnswer.Picture shown) {
        Frame picture = shown.picture();
        node.put("head", shown.head())
                .put("width", picture.width())
                .put("height", picture.height())
                .put("sha256", sha256(picture));
        if (shown.dark()) {
            node.put("dark", true);
        }
        if (!shown.pixels().isEmpty()) {
            ArrayNode pixels = node.putArray("pixels");
            for (Point pixel : shown.pixels()) {
                pixels.add(HexFormat.of().toHexDigits(picture.argb(pixel.x(), pixel.y()) & 0xff_ffff, 6));
            }
        }
    }

    /** {@return the SHA-256 of the picture as a PPM file, in hexadecimal} */
    static String sha256(Frame picture) {
        MessageDigest digest = Sha256.start();
        digest.update(Text.format("P6\n%d %d\n255\n", picture.width(), picture.height())
                .getBytes(StandardCharsets.US_ASCII));
        int[] row = new int[picture.width()];
        byte[] rgb = new byte[row.length * 3];
        for (int y = 0; y < picture.height(); y++) {
            picture.copyRow(y, row, 0);
            for (int x = 0; x < row.length; x++) {
                rgb[3 * x] = (byte) (row[x] >>> 16);
                rgb[3 * x + 1] = (byte) (row[x] >>> 8);
                rgb[3 * x + 2] = (byte) row[x];
            }
            digest.update(rgb);
        }
        return Sha256.hex(digest);
    }
}
