package dev.semblance.machine.differential;

import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.List;

/** Says where what a verbose program printed on two machines parts: at which trap, and in which registers. */
final class Difference {

    private static final List<String> CSRS =
            List.of("sstatus", "fcsr", "sepc", "scause", "stval", "sie", "sip", "scounteren", "instruction");

    private Difference() {}

    /** Returns one sentence or more; empty if there is no difference. */
    static String describe(Isa isa, String ours, String theirs) {
        List<String> a = ours.lines().toList();
        List<String> b = theirs.lines().toList();
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!a.get(i).equals(b.get(i))) {
                return "line " + i + ": " + words(isa, words(a.get(i)), words(b.get(i))) + "; the line before: "
                        + (i == 0 ? "none" : csrs(isa, words(a.get(i - 1))));
            }
        }
        return a.size() == b.size() ? "" : a.size() + " lines here, " + b.size() + " lines there";
    }

    private static List<String> words(String line) {
        return List.of(line.split(" ", -1));
    }

    private static String words(Isa isa, List<String> ours, List<String> theirs) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()) && parts.size() < 20; i++) {
            if (!ours.get(i).equals(theirs.get(i))) {
                parts.add(name(isa, ours.size(), i) + " " + ours.get(i) + ", on QEMU " + theirs.get(i));
            }
        }
        return String.join("; ", parts) + csrs(isa, ours);
    }

    private static String csrs(Isa isa, List<String> line) {
        int first = Supervisor.STATUS / (isa.xlen() / Byte.SIZE);
        StringBuilder text = new StringBuilder(" (");
        if (isTrap(isa, line.size())) {
            for (int i = 0; i < CSRS.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(CSRS.get(i)).append(' ').append(line.get(first + i));
            }
        }
        return text.append(')').toString();
    }

    /** Whether a line of so many words has the registers at a trap; others have memory or a hash. */
    private static boolean isTrap(Isa isa, int words) {
        return words == Supervisor.STATUS / (isa.xlen() / Byte.SIZE) + Supervisor.CSRS + 1;
    }

    private static String name(Isa isa, int words, int index) {
        int size = isa.xlen() / Byte.SIZE;
        if (!isTrap(isa, words)) {
            return "word " + index;
        }
        int offset = index * size;
        if (offset >= Supervisor.STATUS) {
            return CSRS.get((offset - Supervisor.STATUS) / size);
        }
        return offset >= Supervisor.FLOATS ? "f" + (offset - Supervisor.FLOATS) / Double.BYTES : "x" + index;
    }
}
