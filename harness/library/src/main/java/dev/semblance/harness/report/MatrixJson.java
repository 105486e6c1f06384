package dev.semblance.harness.report;

import dev.semblance.harness.fuzz.matrix.Cell;
import dev.semblance.harness.fuzz.matrix.MatrixRow;
import dev.semblance.harness.fuzz.matrix.Omission;
import dev.semblance.harness.fuzz.matrix.Place;
import dev.semblance.harness.fuzz.matrix.RecordingCell;
import dev.semblance.harness.fuzz.matrix.RecordingRow;
import dev.semblance.harness.fuzz.matrix.RowKey;
import dev.semblance.harness.fuzz.matrix.Seen;
import dev.semblance.harness.fuzz.matrix.TargetFinding;
import dev.semblance.harness.fuzz.matrix.TargetMatrix;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A comparison of targets as one JSON object (docs/JSON.md). */
public final class MatrixJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private MatrixJson() {}

    /**
     * {@return the object}
     *
     * @param matrix what was compared
     */
    public static String text(TargetMatrix matrix) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("exitCode", matrix.exitCode().code())
                .put("seed", matrix.seed())
                .put("scripts", matrix.scripts());
        ArrayNode targets = node.putArray("targets");
        for (int column = 0; column < matrix.columns().size(); column++) {
            target(targets.addObject(), matrix, column);
        }
        ArrayNode recordings = node.putArray("recordings");
        for (RecordingRow row : matrix.recordings()) {
            ObjectNode recording =
                    recordings.addObject().put("trace", row.trace().shownAs());
            ArrayNode cells = recording.putArray("cells");
            for (int column = 0; column < row.cells().size(); column++) {
                RecordingCell cell = row.cells().get(column);
                cells.addObject()
                        .put("target", name(matrix, column))
                        .put("standing", word(cell.standing()))
                        .put("exitCode", cell.exitCode().code())
                        .put("text", cell.text());
            }
        }
        rows(node.putArray("commands"), matrix, RowKey.Kind.ANSWER);
        rows(node.putArray("pictures"), matrix, RowKey.Kind.PICTURE);
        return MAPPER.writeValueAsString(node);
    }

    private static String name(TargetMatrix matrix, int column) {
        return matrix.columns().get(column).target().name();
    }

    private static void target(ObjectNode node, TargetMatrix matrix, int column) {
        TargetMatrix.Column target = matrix.columns().get(column);
        node.put("name", target.target().name())
                .put("target", target.target().target())
                .put("dialect", target.target().dialect().name())
                .put("conforms", matrix.conforms(column))
                .put("cases", matrix.cases())
                .put("compared", matrix.compared(column))
                .put("differing", MatrixWords.differences(matrix, column))
                .put("allowed", MatrixWords.allowed(matrix, column));
        if (!target.unusable().isEmpty()) {
            node.put("unusable", target.unusable());
        }
        ArrayNode findings = node.putArray("findings");
        for (TargetFinding finding : target.findings()) {
            ObjectNode one = findings.addObject().put("text", finding.text()).put("count", finding.count());
            place(one.putObject("first"), finding.first());
        }
    }

    private static void rows(ArrayNode rows, TargetMatrix matrix, RowKey.Kind kind) {
        for (MatrixRow row : matrix.rows()) {
            if (row.key().kind() == kind) {
                ObjectNode node = rows.addObject().put("command", row.key().command());
                if (kind == RowKey.Kind.ANSWER && row.cases() > 0) {
                    node.put("expected", row.key().expected());
                }
                node.put("cases", row.cases());
                ArrayNode cells = node.putArray("cells");
                for (int column = 0; column < row.cells().size(); column++) {
                    ObjectNode cell = cells.addObject().put("target", name(matrix, column));
                    cell(cell, row.cells().get(column));
                }
            }
        }
    }

    private static void cell(ObjectNode node, Cell cell) {
        ArrayNode outcomes = node.putArray("outcomes");
        for (Seen seen : cell.seen()) {
            ObjectNode one = outcomes.addObject()
                    .put("outcome", seen.outcome())
                    .put("standing", word(seen.standing()))
                    .put("count", seen.count());
            seen.differs().ifPresent(aspect -> one.put("aspect", aspect.word()));
            seen.allowedBy().ifPresent(by -> one.put("allowedBy", by.place()).put("reason", by.reason()));
            if (!seen.detail().isEmpty()) {
                one.put("detail", seen.detail());
            }
            if (seen.standing() != Seen.Standing.SAME) {
                place(one.putObject("first"), seen.first());
            }
        }
        ArrayNode omitted = node.putArray("notCompared");
        for (Omission omission : cell.omitted()) {
            ObjectNode one = omitted.addObject().put("reason", omission.reason().words());
            if (!omission.detail().isEmpty()) {
                one.put("detail", omission.detail());
            }
            one.put("count", omission.count());
        }
    }

    private static void place(ObjectNode node, Place place) {
        switch (place) {
            case Place.InRecording recording -> {
                node.put("trace", recording.trace().shownAs());
                recording.sequence().ifPresent(sequence -> node.put("sequence", sequence));
            }
            case Place.InScript script -> {
                node.put("script", script.number());
                script.line().ifPresent(line -> node.put("line", line));
            }
        }
    }

    private static String word(Seen.Standing standing) {
        return switch (standing) {
            case SAME -> "same";
            case ALLOWED -> "allowed";
            case DIFFERS -> "differs";
        };
    }

    private static String word(RecordingCell.Standing standing) {
        return switch (standing) {
            case PASS -> "pass";
            case ALLOWED -> "allowed";
            case UNCHECKED -> "unchecked";
            case FAIL -> "fail";
            case NOT_RUN -> "notRun";
        };
    }
}
