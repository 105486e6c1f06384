package dev.semblance.harness.playback.gdb;

import dev.semblance.machine.cpu.HartState;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.profile.Isa;
import java.util.OptionalLong;

/**
 * The registers of a hart by the numbers that GDB has for them, and the description of them that it reads (GDB manual, "RISC-V
 * Features"): cpu, fpu where there is one, csr, and the mode as the virtual register priv.
 */
final class GdbRegisters {

    static final int PC = 32;

    private static final int FIRST_FLOAT = 33;
    private static final int FIRST_CSR = 65;
    private static final int PRIVILEGE = 4161;
    private static final int LAST_FLOAT_CSR = 3;

    /** The register that GDB calls fp, and the ABI s0. */
    private static final int FRAME_POINTER = 8;

    private GdbRegisters() {}

    /** {@return the value of a register as GDB reads it; nothing, if there is none of that number} */
    static String hex(HartView view, long number) {
        HartState state = view.state();
        Isa isa = state.isa();
        int width = isa.xlen() / Byte.SIZE;
        if (number >= 0 && number < PC) {
            return hex(state.x((int) number), width);
        }
        if (number == PC) {
            return hex(state.pc(), width);
        }
        if (number >= FIRST_FLOAT && number < FIRST_CSR) {
            return isa.hasFloat() ? hex(state.f((int) number - FIRST_FLOAT), Long.BYTES) : "";
        }
        if (number == PRIVILEGE) {
            return hex(state.privilege().level(), width);
        }
        if (number < FIRST_CSR || number > PRIVILEGE) {
            return "";
        }
        int csr = (int) number - FIRST_CSR;
        OptionalLong value = view.controlRegister(csr);
        return value.isPresent() ? hex(value.getAsLong(), isOfFloat(csr) ? Integer.BYTES : width) : "";
    }

    /** {@return all integer registers and pc, as GDB reads them} */
    static String general(HartView view) {
        StringBuilder all = new StringBuilder();
        for (int number = 0; number <= PC; number++) {
            all.append(hex(view, number));
        }
        return all.toString();
    }

    private static boolean isOfFloat(int csr) {
        return csr <= LAST_FLOAT_CSR;
    }

    private static String hex(long value, int width) {
        StringBuilder digits = new StringBuilder(2 * width);
        for (int i = 0; i < width; i++) {
            int one = (int) (value >>> Byte.SIZE * i);
            digits.append(Character.forDigit(one >> 4 & 0xf, 16)).append(Character.forDigit(one & 0xf, 16));
        }
        return digits.toString();
    }

    /** {@return target.xml} */
    static String description(HartView view) {
        Isa isa = view.state().isa();
        StringBuilder xml = new StringBuilder("""
                <?xml version="1.0"?>
                <!DOCTYPE target SYSTEM "gdb-target.dtd">
                <target version="1.0">
                """);
        xml.append("<architecture>riscv:rv").append(isa.xlen()).append("</architecture>\n");
        // That of Linux has gdb step with breakpoints of its own, over interrupts and all that they do.
        xml.append("<osabi>none</osabi>\n");
        begin(xml, "cpu");
        for (int x = 0; x < PC; x++) {
            String type = x == 1 ? "code_ptr" : x >= 2 && x <= 4 ? "data_ptr" : "int";
            register(xml, x == FRAME_POINTER ? "fp" : HartView.registerName(x), isa.xlen(), x, type);
        }
        register(xml, "pc", isa.xlen(), PC, "code_ptr");
        end(xml);
        if (isa.hasFloat()) {
            begin(xml, "fpu");
            xml.append("""
                    <union id="riscv_double"><field name="float" type="ieee_single"/><field name="double" type="ieee_double"/></union>
                    """);
            for (int f = 0; f < FIRST_CSR - FIRST_FLOAT; f++) {
                register(xml, HartView.floatRegisterName(f), Long.SIZE, FIRST_FLOAT + f, "riscv_double");
            }
            controlRegisters(xml, view, true, Integer.SIZE);
            end(xml);
        }
        begin(xml, "csr");
        controlRegisters(xml, view, false, isa.xlen());
        end(xml);
        begin(xml, "virtual");
        register(xml, "priv", isa.xlen(), PRIVILEGE, "int");
        end(xml);
        return xml.append("</target>\n").toString();
    }

    private static void controlRegisters(StringBuilder xml, HartView view, boolean ofFloat, int bits) {
        for (HartView.ControlRegister csr : view.controlRegisters()) {
            if (isOfFloat(csr.number()) == ofFloat) {
                register(xml, csr.name(), bits, FIRST_CSR + csr.number(), "int");
            }
        }
    }

    private static void begin(StringBuilder xml, String feature) {
        xml.append("<feature name=\"org.gnu.gdb.riscv.").append(feature).append("\">\n");
    }

    private static void end(StringBuilder xml) {
        xml.append("</feature>\n");
    }

    private static void register(StringBuilder xml, String name, int bits, int number, String type) {
        xml.append("<reg name=\"")
                .append(name)
                .append("\" bitsize=\"")
                .append(bits)
                .append("\" regnum=\"")
                .append(number)
                .append("\" type=\"")
                .append(type)
                .append("\"/>\n");
    }
}
