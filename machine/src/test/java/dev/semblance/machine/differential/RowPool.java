package dev.semblance.machine.differential;

import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.RegisterFile;
import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Every instruction that a hart has, by what it needs around it: the rows of the table, and the parcels of 16 bits, which are found by
 * expanding all there are. A row that is added to the table is in the programs at once.
 */
final class RowPool {

    /** A parcel and the encoding of 32 bits that does the same. */
    record Parcel(int bits, int expanded) {}

    private static final Map<Isa, RowPool> POOLS = new EnumMap<>(Isa.class);

    private final InstructionSet set;
    private final Map<Kind, List<Instruction>> rows = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, List<Parcel>>> parcels = new EnumMap<>(Kind.class);
    private final Map<Integer, Integer> shortest = new TreeMap<>();

    private RowPool(Isa isa) {
        set = InstructionSet.of(isa);
        for (Kind kind : Kind.values()) {
            rows.put(kind, new ArrayList<>());
            parcels.put(kind, new TreeMap<>());
        }
        for (Instruction row : InstructionSet.all()) {
            if (row.scope().includes(isa)) {
                rows(Kind.of(row)).add(row);
            }
        }
        for (int bits = 0; bits < 1 << 16; bits++) {
            if (set.isLong(bits)) {
                continue;
            }
            int expanded = set.expand(bits);
            Instruction row = set.find(expanded);
            Kind kind = Kind.of(row);
            parcels(kind)
                    .computeIfAbsent(row.mnemonic(), unused -> new ArrayList<>())
                    .add(new Parcel(bits, expanded));
            if (kind != Kind.ILLEGAL) {
                shortest.put(expanded, bits);
            }
        }
    }

    static synchronized RowPool of(Isa isa) {
        return POOLS.computeIfAbsent(isa, RowPool::new);
    }

    InstructionSet set() {
        return set;
    }

    List<Instruction> rows(Kind kind) {
        return rows.getOrDefault(kind, List.of());
    }

    /** Returns parcels by the mnemonics of what they are expanded to. */
    Map<String, List<Parcel>> parcels(Kind kind) {
        return parcels.getOrDefault(kind, Map.of());
    }

    /** Returns the parcel that does the same as an encoding of 32 bits; itself if there is none. */
    int shortest(int encoding) {
        return shortest.getOrDefault(encoding, encoding);
    }

    Instruction row(Kind kind, Random random) {
        List<Instruction> candidates = rows(kind);
        return candidates.get(random.nextInt(candidates.size()));
    }

    Parcel parcel(Kind kind, Random random) {
        List<List<Parcel>> byMnemonic = List.copyOf(parcels(kind).values());
        List<Parcel> candidates = byMnemonic.get(random.nextInt(byMnemonic.size()));
        return candidates.get(random.nextInt(candidates.size()));
    }

    /** Returns an encoding of a row: fields at random, of the rounding modes mostly those that exist. */
    int encode(Instruction row, Random random) {
        while (true) {
            int bits = row.match() | random.nextInt() & ~row.mask();
            if (isRounded(row.format())) {
                int kind = random.nextInt(100);
                int mode = kind < 60 ? random.nextInt(5) : kind < 99 ? 7 : 5 + random.nextInt(2);
                bits = bits & ~0x7000 | mode << 12;
            }
            if (set.find(bits).equals(row)) {
                return bits;
            }
        }
    }

    /** Returns bits that encode nothing, 16 or 32. */
    int illegal(Random random) {
        if (random.nextInt(3) == 0) {
            return parcel(Kind.ILLEGAL, random).bits();
        }
        while (true) {
            int bits = random.nextInt() | 3;
            if (random.nextBoolean()) {
                // Near one that there is.
                List<Instruction> all = InstructionSet.all();
                Instruction near = all.get(random.nextInt(all.size()));
                bits = (near.match() | random.nextInt() & ~near.mask()) ^ 1 << random.nextInt(32) | 3;
            }
            if (set.find(bits).op() == Op.ILLEGAL && (bits & 0x1f) != 0x1f) {
                return bits;
            }
        }
    }

    static boolean isRounded(Format format) {
        return switch (format) {
            case FLOAT_R4, FLOAT_R_ROUNDED, FLOAT_UNARY_ROUNDED, FLOAT_TO_INTEGER_ROUNDED, INTEGER_TO_FLOAT_ROUNDED ->
                true;
            default -> false;
        };
    }

    static boolean writesInteger(Format format) {
        return format.result() == RegisterFile.X;
    }
}
