package dev.semblance.machine.isa;

import java.util.List;
import java.util.Optional;

/**
 * Instructions and registers that no hart here has, so that a guest which wants one can be told what it asked for: of the ratified
 * extensions that systems of today are built for, RVA23 and what it leaves out (unprivileged ISA and privileged architecture, 20240411
 * and later; RVA23 profile). Nothing is executed by this table.
 */
public final class MissingExtensions {

    private static final String VECTORS = "extension V (vectors)";
    private static final String HYPERVISOR = "extension H (hypervisor)";
    private static final String HALF = "extension Zfh (half precision)";
    private static final String QUAD = "extension Q (quad precision)";
    private static final String ZFA = "extension Zfa (more floating point)";
    private static final String ZBA = "extension Zba (bit manipulation)";
    private static final String ZBB = "extension Zbb (bit manipulation)";
    private static final String ZBC = "extension Zbc (bit manipulation)";
    private static final String ZBS = "extension Zbs (bit manipulation)";
    private static final String ZBKB = "extension Zbkb (bit manipulation)";
    private static final String ZBKX = "extension Zbkx (bit manipulation)";
    private static final String CRYPTOGRAPHY = "extension Zk (cryptography)";
    private static final String ZICOND = "extension Zicond (conditional zeroing)";
    private static final String ZICBOM = "extension Zicbom (cache blocks)";
    private static final String ZICBOZ = "extension Zicboz (cache blocks)";
    private static final String ZAWRS = "extension Zawrs (waiting for a store)";
    private static final String SVINVAL = "extension Svinval (address translation)";
    private static final String ZIMOP = "extension Zimop (may-be-operations)";
    private static final String ZCMOP = "extension Zcmop (may-be-operations)";
    private static final String ZCB = "extension Zcb (more compressed instructions)";
    private static final String ZACAS = "extension Zacas (compare and swap)";
    private static final String ZABHA = "extension Zabha (atomics of bytes and halfwords)";
    private static final String ZICFISS = "extension Zicfiss (shadow stacks)";
    private static final String VENDOR = "a vendor's own extension";

    private static final int ALL = -1;
    private static final int OPCODE = 0x0000_007f;
    private static final int FUNCT3 = 0x0000_707f;
    private static final int FUNCT5 = 0xf800_707f;
    private static final int FUNCT6 = 0xfc00_707f;
    private static final int FUNCT7 = 0xfe00_707f;
    private static final int UNARY = 0xfff0_707f;
    private static final int FLOAT_UNARY = 0xfff0_007f;
    private static final int FORMAT = 0x0600_007f;
    private static final int CACHE = 0xfff0_7fff;
    private static final int FENCE = 0xfe00_7fff;

    /**
     * Encodings that are known.
     *
     * @param mnemonic what to call the instruction
     * @param extension what it belongs to, as in "it is of …"
     * @param mask the bits of an encoding that identify it
     * @param match the value of those bits
     */
    public record Row(String mnemonic, String extension, int mask, int match) {}

    /** The first row that fits counts. */
    private static final List<Row> TABLE = List.of(
            new Row("vsetvli", VECTORS, 0x8000_707f, 0x7057),
            new Row("vsetivli", VECTORS, 0xc000_707f, 0xc000_7057),
            new Row("vsetvl", VECTORS, FUNCT7, 0x8000_7057),
            new Row("vector arithmetic", VECTORS, OPCODE, 0x57),
            new Row("vector load", VECTORS, FUNCT3, 0x0007),
            new Row("vector load", VECTORS, 0x0000_507f, 0x5007),
            new Row("vector load", VECTORS, FUNCT3, 0x6007),
            new Row("vector store", VECTORS, FUNCT3, 0x0027),
            new Row("vector store", VECTORS, 0x0000_507f, 0x5027),
            new Row("vector store", VECTORS, FUNCT3, 0x6027),
            new Row("vector cryptography", "extension Zvk (vector cryptography)", OPCODE, 0x77),
            new Row("flh", HALF, FUNCT3, 0x1007),
            new Row("fsh", HALF, FUNCT3, 0x1027),
            new Row("fcvt.s.h", HALF, FLOAT_UNARY, 0x4020_0053),
            new Row("fcvt.d.h", HALF, FLOAT_UNARY, 0x4220_0053),
            new Row("half-precision arithmetic", HALF, FORMAT, 0x0400_0053),
            new Row("fmadd.h", HALF, FORMAT, 0x0400_0043),
            new Row("fmsub.h", HALF, FORMAT, 0x0400_0047),
            new Row("fnmsub.h", HALF, FORMAT, 0x0400_004b),
            new Row("fnmadd.h", HALF, FORMAT, 0x0400_004f),
            new Row("flq", QUAD, FUNCT3, 0x4007),
            new Row("fsq", QUAD, FUNCT3, 0x4027),
            new Row("quad-precision arithmetic", QUAD, FORMAT, 0x0600_0053),
            new Row("fli.s", ZFA, UNARY, 0xf010_0053),
            new Row("fli.d", ZFA, UNARY, 0xf210_0053),
            new Row("fminm", ZFA, 0xfc00_707f, 0x2800_2053),
            new Row("fmaxm", ZFA, 0xfc00_707f, 0x2800_3053),
            new Row("fround", ZFA, 0xfdf0_007f, 0x4040_0053),
            new Row("froundnx", ZFA, 0xfdf0_007f, 0x4050_0053),
            new Row("fcvtmod.w.d", ZFA, UNARY, 0xc280_1053),
            new Row("fleq", ZFA, 0xfc00_707f, 0xa000_4053),
            new Row("fltq", ZFA, 0xfc00_707f, 0xa000_5053),
            new Row("sh1add", ZBA, FUNCT7, 0x2000_2033),
            new Row("sh2add", ZBA, FUNCT7, 0x2000_4033),
            new Row("sh3add", ZBA, FUNCT7, 0x2000_6033),
            new Row("add.uw", ZBA, FUNCT7, 0x0800_003b),
            new Row("sh1add.uw", ZBA, FUNCT7, 0x2000_203b),
            new Row("sh2add.uw", ZBA, FUNCT7, 0x2000_403b),
            new Row("sh3add.uw", ZBA, FUNCT7, 0x2000_603b),
            new Row("slli.uw", ZBA, FUNCT6, 0x0800_101b),
            new Row("andn", ZBB, FUNCT7, 0x4000_7033),
            new Row("orn", ZBB, FUNCT7, 0x4000_6033),
            new Row("xnor", ZBB, FUNCT7, 0x4000_4033),
            new Row("clz", ZBB, UNARY, 0x6000_1013),
            new Row("ctz", ZBB, UNARY, 0x6010_1013),
            new Row("cpop", ZBB, UNARY, 0x6020_1013),
            new Row("sext.b", ZBB, UNARY, 0x6040_1013),
            new Row("sext.h", ZBB, UNARY, 0x6050_1013),
            new Row("clzw", ZBB, UNARY, 0x6000_101b),
            new Row("ctzw", ZBB, UNARY, 0x6010_101b),
            new Row("cpopw", ZBB, UNARY, 0x6020_101b),
            new Row("min", ZBB, FUNCT7, 0x0a00_4033),
            new Row("minu", ZBB, FUNCT7, 0x0a00_5033),
            new Row("max", ZBB, FUNCT7, 0x0a00_6033),
            new Row("maxu", ZBB, FUNCT7, 0x0a00_7033),
            new Row("rol", ZBB, FUNCT7, 0x6000_1033),
            new Row("ror", ZBB, FUNCT7, 0x6000_5033),
            new Row("rori", ZBB, FUNCT6, 0x6000_5013),
            new Row("rolw", ZBB, FUNCT7, 0x6000_103b),
            new Row("rorw", ZBB, FUNCT7, 0x6000_503b),
            new Row("roriw", ZBB, FUNCT7, 0x6000_501b),
            new Row("orc.b", ZBB, UNARY, 0x2870_5013),
            new Row("rev8", ZBB, UNARY, 0x6b80_5013),
            new Row("rev8", ZBB, UNARY, 0x6980_5013),
            new Row("zext.h", ZBB, UNARY, 0x0800_403b),
            new Row("zext.h", ZBB, UNARY, 0x0800_4033),
            new Row("clmul", ZBC, FUNCT7, 0x0a00_1033),
            new Row("clmulr", ZBC, FUNCT7, 0x0a00_2033),
            new Row("clmulh", ZBC, FUNCT7, 0x0a00_3033),
            new Row("bclr", ZBS, FUNCT7, 0x4800_1033),
            new Row("bext", ZBS, FUNCT7, 0x4800_5033),
            new Row("binv", ZBS, FUNCT7, 0x6800_1033),
            new Row("bset", ZBS, FUNCT7, 0x2800_1033),
            new Row("brev8", ZBKB, UNARY, 0x6870_5013),
            new Row("zip", ZBKB, UNARY, 0x08f0_1013),
            new Row("unzip", ZBKB, UNARY, 0x08f0_5013),
            new Row("bclri", ZBS, FUNCT6, 0x4800_1013),
            new Row("bexti", ZBS, FUNCT6, 0x4800_5013),
            new Row("binvi", ZBS, FUNCT6, 0x6800_1013),
            new Row("bseti", ZBS, FUNCT6, 0x2800_1013),
            new Row("pack", ZBKB, FUNCT7, 0x0800_4033),
            new Row("packh", ZBKB, FUNCT7, 0x0800_7033),
            new Row("packw", ZBKB, FUNCT7, 0x0800_403b),
            new Row("xperm4", ZBKX, FUNCT7, 0x2800_2033),
            new Row("xperm8", ZBKX, FUNCT7, 0x2800_4033),
            new Row("SHA-2", CRYPTOGRAPHY, 0xff80_707f, 0x1000_1013),
            new Row("SM3", CRYPTOGRAPHY, 0xffe0_707f, 0x1080_1013),
            new Row("aes64es", CRYPTOGRAPHY, FUNCT7, 0x3200_0033),
            new Row("aes64esm", CRYPTOGRAPHY, FUNCT7, 0x3600_0033),
            new Row("aes64ds", CRYPTOGRAPHY, FUNCT7, 0x3a00_0033),
            new Row("aes64dsm", CRYPTOGRAPHY, FUNCT7, 0x3e00_0033),
            new Row("aes64im", CRYPTOGRAPHY, UNARY, 0x3000_1013),
            new Row("aes64ks1i", CRYPTOGRAPHY, 0xff00_707f, 0x3100_1013),
            new Row("aes64ks2", CRYPTOGRAPHY, FUNCT7, 0x7e00_0033),
            new Row("czero.eqz", ZICOND, FUNCT7, 0x0e00_5033),
            new Row("czero.nez", ZICOND, FUNCT7, 0x0e00_7033),
            new Row("cbo.inval", ZICBOM, CACHE, 0x0000_200f),
            new Row("cbo.clean", ZICBOM, CACHE, 0x0010_200f),
            new Row("cbo.flush", ZICBOM, CACHE, 0x0020_200f),
            new Row("cbo.zero", ZICBOZ, CACHE, 0x0040_200f),
            new Row("wrs.nto", ZAWRS, ALL, 0x00d0_0073),
            new Row("wrs.sto", ZAWRS, ALL, 0x01d0_0073),
            new Row("sinval.vma", SVINVAL, FENCE, 0x1600_0073),
            new Row("sfence.w.inval", SVINVAL, ALL, 0x1800_0073),
            new Row("sfence.inval.ir", SVINVAL, ALL, 0x1810_0073),
            new Row("hfence.vvma", HYPERVISOR, FENCE, 0x2200_0073),
            new Row("hfence.gvma", HYPERVISOR, FENCE, 0x6200_0073),
            new Row("hinval.vvma", HYPERVISOR, FENCE, 0x2600_0073),
            new Row("hinval.gvma", HYPERVISOR, FENCE, 0x6600_0073),
            new Row("mop.r", ZIMOP, 0xb3c0_707f, 0x81c0_4073),
            new Row("mop.rr", ZIMOP, 0xb200_707f, 0x8200_4073),
            new Row("hypervisor load or store", HYPERVISOR, 0xf000_707f, 0x6000_4073),
            new Row("amocas.w", ZACAS, FUNCT5, 0x2800_202f),
            new Row("amocas.d", ZACAS, FUNCT5, 0x2800_302f),
            new Row("amocas.q", ZACAS, FUNCT5, 0x2800_402f),
            new Row("atomic of a byte", ZABHA, FUNCT3, 0x002f),
            new Row("atomic of a halfword", ZABHA, FUNCT3, 0x102f),
            new Row("ssamoswap.w", ZICFISS, FUNCT5, 0x4800_202f),
            new Row("ssamoswap.d", ZICFISS, FUNCT5, 0x4800_302f),
            new Row("custom-0", VENDOR, OPCODE, 0x0b),
            new Row("custom-1", VENDOR, OPCODE, 0x2b),
            new Row("custom-2", VENDOR, OPCODE, 0x5b),
            new Row("custom-3", VENDOR, OPCODE, 0x7b));

    /** Parcels of 16 bits, on harts that have C. */
    private static final List<Row> PARCELS = List.of(
            new Row("c.mop", ZCMOP, 0xf8ff, 0x6081),
            new Row("compressed load or store", ZCB, 0xe003, 0x8000),
            new Row("c.mul", ZCB, 0xfc63, 0x9c41),
            new Row("compressed arithmetic", ZCB, 0xfc63, 0x9c61));

    private MissingExtensions() {}

    /**
     * {@return what an encoding is that the hart has not, if it is known}
     *
     * @param bits the instruction; one of 16 bits has none above them
     */
    public static Optional<Row> instruction(int bits) {
        boolean parcel = (bits & 3) != 3;
        return (parcel ? PARCELS : TABLE)
                .stream().filter(row -> (bits & row.mask) == row.match).findFirst();
    }

    /**
     * {@return what a control and status register belongs to that the hart has not, as in "it is of …", if it is known} Those of M mode
     * are none of them.
     *
     * @param csr its number
     */
    public static Optional<String> register(int csr) {
        if ((csr >>> 8 & 3) == 2) {
            return Optional.of(HYPERVISOR);
        }
        String extension = switch (csr) {
            case 0x001, 0x002, 0x003 -> "extension F (floating point)";
            case 0x008, 0x009, 0x00a, 0x00f, 0xc20, 0xc21, 0xc22 -> VECTORS;
            case 0x011 -> ZICFISS;
            case 0x015 -> "extension Zkr (entropy)";
            case 0x017 -> "extension Zcmt (table jumps)";
            case 0x10a -> "the privileged architecture since 1.12";
            case 0x10c, 0x10d, 0x10e, 0x10f -> "extension Ssstateen (state enable)";
            case 0x14d, 0x15d -> "extension Sstc (timers of S mode)";
            case 0x150, 0x151, 0x152, 0x153, 0x155, 0x156, 0x157, 0x15c, 0xdb0 ->
                "extension Ssaia (advanced interrupts)";
            case 0x181 -> "extension Ssqosid (quality of service)";
            case 0x5a8 -> "extension Sdtrig (debug triggers)";
            case 0xda0 -> "extension Sscofpmf (performance counters)";
            default ->
                (csr & 0xf60) == 0xc00
                        ? "extension " + ((csr & 31) < 3 ? "Zicntr (counters)" : "Zihpm (performance counters)")
                        : "";
        };
        return extension.isEmpty() ? Optional.empty() : Optional.of(extension);
    }
}
