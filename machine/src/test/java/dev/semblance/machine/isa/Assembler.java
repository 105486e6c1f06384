package dev.semblance.machine.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A little assembler for test programs: RV32IMA, and of RV64 and of F and D what tests use; labels, comments after {@code #}, and the pseudo-instructions {@code nop},
 * {@code li} (always two instructions, lui and addi), {@code mv}, {@code j}, {@code ret}, {@code csrr}, {@code csrw},
 * {@code csrs}, {@code csrc} and {@code .word}. A jump's target is a label or an absolute address.
 */
public final class Assembler {

    private static final List<String> REGISTERS = List.of(
            "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", //
            "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6");

    private static final List<String> FLOAT_REGISTERS = List.of(
            "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4",
            "fa5", //
            "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10",
            "ft11");

    private static final Map<String, Integer> CSRS = Map.ofEntries(
            Map.entry("fflags", 1),
            Map.entry("frm", 2),
            Map.entry("fcsr", 3),
            Map.entry("sstatus", 0x100),
            Map.entry("sie", 0x104),
            Map.entry("stvec", 0x105),
            Map.entry("scounteren", 0x106),
            Map.entry("sscratch", 0x140),
            Map.entry("sepc", 0x141),
            Map.entry("scause", 0x142),
            Map.entry("stval", 0x143),
            Map.entry("sip", 0x144),
            Map.entry("satp", 0x180),
            Map.entry("cycle", 0xc00),
            Map.entry("time", 0xc01),
            Map.entry("instret", 0xc02),
            Map.entry("cycleh", 0xc80),
            Map.entry("timeh", 0xc81),
            Map.entry("instreth", 0xc82));

    private static final Pattern WORD = Pattern.compile("[^\\s,()]+");

    private static final Pattern NUMBERED = Pattern.compile("[xf][0-9]+");

    private record Line(int address, List<String> words) {}

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> labels = new TreeMap<>();
    private int end;

    private Assembler(int base) {
        end = base;
    }

    /** Returns the encodings of a program that stands at {@code base}. */
    public static int[] assemble(long base, String source) {
        Assembler assembler = new Assembler((int) base);
        source.lines().forEach(assembler::place);
        return assembler.lines.stream().mapToInt(assembler::encode).toArray();
    }

    /** Returns the number of a register given by its ABI name, or as x or f and its number. */
    public static int register(String name) {
        if (NUMBERED.matcher(name).matches()) {
            return Integer.parseInt(name.substring(1));
        }
        int number = name.startsWith("f") ? FLOAT_REGISTERS.indexOf(name) : REGISTERS.indexOf(name);
        if (number < 0) {
            throw new IllegalArgumentException("no register is called " + name);
        }
        return number;
    }

    private void place(String text) {
        int comment = text.indexOf('#');
        List<String> words = WORD.matcher(comment < 0 ? text : text.substring(0, comment))
                .results()
                .map(MatchResult::group)
                .toList();
        if (!words.isEmpty() && words.getFirst().endsWith(":")) {
            String label = words.getFirst();
            labels.put(label.substring(0, label.length() - 1), end);
            words = words.subList(1, words.size());
        }
        if (words.isEmpty()) {
            return;
        }
        if (words.getFirst().equals("li")) {
            int value = number(words.get(2));
            int upper = value + 0x800 >>> 12;
            String register = words.get(1);
            put(List.of("lui", register, Integer.toString(upper)));
            put(List.of("addi", register, register, Integer.toString(value - (upper << 12))));
            return;
        }
        put(words);
    }

    private void put(List<String> words) {
        lines.add(new Line(end, words));
        end += 4;
    }

    private int encode(Line line) {
        List<String> w = line.words;
        String mnemonic = w.getFirst();
        return switch (mnemonic) {
            case "nop" -> Encoder.encode("addi", 0, 0, 0, 0);
            case "mv" -> Encoder.encode("addi", register(w.get(1)), register(w.get(2)), 0, 0);
            case "j" -> Encoder.encode("jal", 0, 0, 0, target(w.get(1)) - line.address);
            case "ret" -> Encoder.encode("jalr", 0, 1, 0, 0);
            case "csrr" -> Encoder.encode("csrrs", register(w.get(1)), 0, 0, csr(w.get(2)));
            case "csrw" -> Encoder.encode("csrrw", 0, register(w.get(2)), 0, csr(w.get(1)));
            case "csrs" -> Encoder.encode("csrrs", 0, register(w.get(2)), 0, csr(w.get(1)));
            case "csrc" -> Encoder.encode("csrrc", 0, register(w.get(2)), 0, csr(w.get(1)));
            case ".word" -> number(w.get(1));
            case "lui", "auipc" -> Encoder.encode(mnemonic, register(w.get(1)), 0, 0, number(w.get(2)));
            case "jal" -> Encoder.encode(mnemonic, register(w.get(1)), 0, 0, target(w.get(2)) - line.address);
            case "beq", "bne", "blt", "bge", "bltu", "bgeu" ->
                Encoder.encode(mnemonic, 0, register(w.get(1)), register(w.get(2)), target(w.get(3)) - line.address);
            case "lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", "flw", "fld", "jalr" ->
                Encoder.encode(mnemonic, register(w.get(1)), register(w.get(3)), 0, number(w.get(2)));
            case "sb", "sh", "sw", "sd", "fsw", "fsd" ->
                Encoder.encode(mnemonic, 0, register(w.get(3)), register(w.get(1)), number(w.get(2)));
            case "addi", "slti", "sltiu", "xori", "ori", "andi", "slli", "srli", "srai", "addiw" ->
                Encoder.encode(mnemonic, register(w.get(1)), register(w.get(2)), 0, number(w.get(3)));
            case "csrrw", "csrrs", "csrrc" ->
                Encoder.encode(mnemonic, register(w.get(1)), register(w.get(3)), 0, csr(w.get(2)));
            case "csrrwi", "csrrsi", "csrrci" ->
                Encoder.encode(mnemonic, register(w.get(1)), number(w.get(3)), 0, csr(w.get(2)));
            case "lr.w", "lr.d", "fcvt.d.l", "fcvt.d.w", "fcvt.l.d", "fcvt.w.d", "fmv.d.x", "fmv.x.d", "fclass.d" ->
                Encoder.encode(mnemonic, register(w.get(1)), register(w.get(2)), 0, 0);
            case "sfence.vma" -> Encoder.encode(mnemonic, 0, register(w.get(1)), register(w.get(2)), 0);
            case "fence", "fence.i", "ecall", "ebreak", "sret", "wfi" -> Encoder.encode(mnemonic, 0, 0, 0, 0);
            default ->
                mnemonic.startsWith("amo") || mnemonic.startsWith("sc.")
                        ? Encoder.encode(mnemonic, register(w.get(1)), register(w.get(3)), register(w.get(2)), 0)
                        : Encoder.encode(mnemonic, register(w.get(1)), register(w.get(2)), register(w.get(3)), 0);
        };
    }

    private int target(String text) {
        Integer label = labels.get(text);
        return label == null ? number(text) : label;
    }

    private static int csr(String text) {
        Integer address = CSRS.get(text);
        return address == null ? number(text) : address;
    }

    private static int number(String text) {
        return (int) (long) Long.decode(text);
    }
}
