package dev.semblance.harness.playback.gdb;

import dev.semblance.machine.cpu.AddressSpace;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.cpu.Watchpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers the packets of a debugger (GDB manual, appendix E, "The GDB Remote Serial Protocol"), each whatever it is: what is unknown has an
 * empty answer, as the protocol has it, and what makes no sense an error. Sockets are {@link GdbServer}'s.
 */
final class GdbSession {

    /** The most break- and watchpoints. */
    static final int MAX_POINTS = 1024;

    private static final int MAX_WATCHED = 1 << 16;
    private static final int MAX_MEMORY = PacketReader.MAX_LENGTH / 2 - 8;

    private static final String OK = "OK";
    private static final String INTERRUPTED = "T02";
    private static final String NO_SENSE = "E.the packet makes no sense";
    private static final String UNCHANGEABLE =
            "E.the machine is played back from a trace and cannot be changed: look, and go to where it is as you want it";

    private static final Pattern POINT = Pattern.compile("([0-4]),([0-9a-f]{1,16}),([0-9a-f]{1,8})(;.*)?");
    private static final Pattern RANGE = Pattern.compile("([0-9a-f]{1,16}),([0-9a-f]{1,8})");
    private static final Pattern FEATURES =
            Pattern.compile("Xfer:features:read:([^:]*):([0-9a-f]{1,8}),([0-9a-f]{1,8})");
    private static final Pattern STEP = Pattern.compile("[sS].*|bs|vCont;[sS].*");
    private static final Pattern RUN = Pattern.compile("[cC].*|bc|vCont;[cC].*");
    private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{1,8}");

    /**
     * What the debugger is answered.
     *
     * @param packets in their order; none at all to a request that has no answer
     * @param ends whether the debugger goes
     */
    record Answer(List<String> packets, boolean ends) {

        /** {@return whether it says that the machine was interrupted} */
        boolean saysInterrupted() {
            return packets.stream().anyMatch(packet -> packet.startsWith(INTERRUPTED));
        }

        static Answer of(String packet) {
            return new Answer(List.of(packet), false);
        }
    }

    /** A break- or watchpoint as GDB names it: 0 and 1 are breakpoints, 2 watches writes, 3 reads, 4 both. */
    private record Point(int type, long address, int length) {}

    private final DebuggedMachine machine;
    private final Set<Point> points = new LinkedHashSet<>();
    private boolean knowsSoftware;
    private boolean knowsHardware;
    private boolean acknowledges = true;

    GdbSession(DebuggedMachine machine) {
        this.machine = machine;
    }

    /** {@return whether a packet asks for one instruction, forwards or back: many of them come for what the user asked for once} */
    static boolean isStep(String packet) {
        return STEP.matcher(packet).matches();
    }

    /** {@return whether a packet asks to go on until something stops it} */
    static boolean isRun(String packet) {
        return RUN.matcher(packet).matches();
    }

    /** {@return whether packets are still acknowledged} */
    boolean acknowledges() {
        return acknowledges;
    }

    /**
     * Answers a packet.
     *
     * @param packet what stands in it
     * @param interrupted asked now and then whether the machine is to stop
     */
    Answer answer(String packet, BooleanSupplier interrupted) {
        if (packet.isEmpty()) {
            return Answer.of("");
        }
        String rest = packet.substring(1);
        return switch (packet.charAt(0)) {
            case '?' -> Answer.of(stopped(new StopReason.Stepped()));
            case 'g' -> Answer.of(GdbRegisters.general(machine.view()));
            case 'p' -> Answer.of(register(rest));
            case 'm' -> Answer.of(memory(rest));
            case 'G', 'P', 'M', 'X' -> Answer.of(UNCHANGEABLE);
            case 'c', 'C' -> Answer.of(move('c', rest, packet.charAt(0) == 'C', interrupted));
            case 's', 'S' -> Answer.of(move('s', rest, packet.charAt(0) == 'S', interrupted));
            case 'b' -> Answer.of(back(rest, interrupted));
            case 'Z' -> Answer.of(point(rest, true));
            case 'z' -> Answer.of(point(rest, false));
            case 'H', 'T' -> Answer.of(OK);
            case 'D' -> new Answer(List.of(OK), true);
            case 'k' -> new Answer(List.of(), true);
            case 'q' -> query(rest, interrupted);
            case 'Q' -> set(rest);
            case 'v' -> multiLetter(rest, interrupted);
            default -> Answer.of("");
        };
    }

    // ---- looking ------------------------------------------------------------------------------------------------

    private String register(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return NO_SENSE;
        }
        String value = GdbRegisters.hex(machine.view(), Long.parseLong(text, 16));
        return value.isEmpty() ? "E.there is no such register" : value;
    }

    private String memory(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            return NO_SENSE;
        }
        byte[] bytes = new byte[(int) Math.min(Long.parseLong(range.group(2), 16), MAX_MEMORY)];
        int read = machine.view().read(AddressSpace.VIRTUAL, address(range.group(1)), bytes);
        return read == 0 && bytes.length > 0 ? "E14" : HexFormat.of().formatHex(bytes, 0, read);
    }

    private static long address(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    // ---- moving -------------------------------------------------------------------------------------------------

    /** {@return how it went on} A signal that comes along is none that this machine could take; an address would change pc. */
    private String move(char how, String rest, boolean hasSignal, BooleanSupplier interrupted) {
        boolean hasAddress = hasSignal ? rest.indexOf(';') >= 0 : !rest.isEmpty();
        if (hasAddress) {
            return UNCHANGEABLE;
        }
        return stopped(how == 's' ? machine.step(interrupted) : machine.resume(watch(), interrupted));
    }

    private String back(String how, BooleanSupplier interrupted) {
        return switch (how) {
            case "s" -> stopped(machine.stepBack(interrupted));
            case "c" -> stopped(machine.resumeBack(watch(), interrupted));
            default -> "";
        };
    }

    private Answer multiLetter(String rest, BooleanSupplier interrupted) {
        if (rest.equals("Cont?")) {
            return Answer.of("vCont;c;C;s;S");
        }
        if (rest.startsWith("Cont;")) {
            // There is one thread: the first action is its.
            String action = rest.substring(5).split("[;:]", 2)[0];
            return Answer.of(
                    switch (action.isEmpty() ? ' ' : action.charAt(0)) {
                        case 'c', 'C' -> move('c', "", false, interrupted);
                        case 's', 'S' -> move('s', "", false, interrupted);
                        default -> NO_SENSE;
                    });
        }
        if (rest.startsWith("Kill;")) {
            return new Answer(List.of(OK), true);
        }
        return Answer.of("");
    }

    private Watch watch() {
        List<Long> breakpoints = new ArrayList<>();
        List<Watchpoint> watchpoints = new ArrayList<>();
        for (Point point : points) {
            if (point.type < 2) {
                breakpoints.add(point.address);
            } else {
                watchpoints.add(new Watchpoint(
                        AddressSpace.VIRTUAL, point.address, point.length, point.type != 2, point.type != 3, true));
            }
        }
        return new Watch(false, breakpoints, watchpoints, MemoryEvent.Listener.NOBODY);
    }

    private String point(String text, boolean set) {
        Matcher matcher = POINT.matcher(text);
        if (!matcher.matches()) {
            return NO_SENSE;
        }
        int type = Integer.parseInt(matcher.group(1));
        long length = Long.parseLong(matcher.group(3), 16);
        if (type >= 2 && (length == 0 || length > MAX_WATCHED)) {
            return "E.up to 65536 bytes can be watched at once";
        }
        Point point = new Point(type, address(matcher.group(2)), (int) length);
        if (!set) {
            points.remove(point);
            return OK;
        }
        if (points.size() >= MAX_POINTS && !points.contains(point)) {
            return "E.there are too many break- and watchpoints";
        }
        points.add(point);
        return OK;
    }

    // ---- stop replies -------------------------------------------------------------------------------------------

    private String stopped(StopReason reason) {
        String why = switch (reason) {
            case StopReason.Stepped stepped -> "05";
            case StopReason.AtBreakpoint breakpoint -> "05" + breakpoint();
            case StopReason.AtWatchpoint watchpoint -> "05" + watchpoint(watchpoint);
            case StopReason.Interrupted interrupted -> "02";
            case StopReason.AtStart start -> "05replaylog:begin;";
            case StopReason.AtEnd end -> "05replaylog:end;";
        };
        String pc = Integer.toHexString(GdbRegisters.PC) + ":" + GdbRegisters.hex(machine.view(), GdbRegisters.PC);
        return "T" + why + pc + ";thread:1;";
    }

    /** {@return which kind of breakpoint it was, if the debugger knows what that means} */
    private String breakpoint() {
        long pc = machine.view().state().pc();
        boolean isSoftware = points.stream().anyMatch(point -> point.type == 0 && canonical(point.address) == pc);
        if (isSoftware) {
            return knowsSoftware ? "swbreak:;" : "";
        }
        return knowsHardware ? "hwbreak:;" : "";
    }

    private long canonical(long address) {
        return machine.view().state().isa().canonical(address);
    }

    private String watchpoint(StopReason.AtWatchpoint reason) {
        if (reason.point().space() == AddressSpace.PHYSICAL) {
            // GDB did not ask for it, and knows no such address.
            return "";
        }
        String kind = !reason.point().loads() ? "watch" : reason.point().stores() ? "awatch" : "rwatch";
        HartView view = machine.view();
        long address = view.state().isa().is64() ? reason.address() : reason.address() & 0xffff_ffffL;
        return kind + ":" + Long.toHexString(address) + ";";
    }

    // ---- queries ------------------------------------------------------------------------------------------------

    private Answer query(String rest, BooleanSupplier interrupted) {
        if (rest.startsWith("Supported")) {
            knowsSoftware = rest.contains("swbreak+");
            knowsHardware = rest.contains("hwbreak+");
            return Answer.of("PacketSize=" + Integer.toHexString(PacketReader.MAX_LENGTH)
                    + ";qXfer:features:read+;swbreak+;hwbreak+;ReverseStep+;ReverseContinue+;vContSupported+"
                    + ";QStartNoAckMode+");
        }
        if (rest.startsWith("Xfer:features:read:")) {
            return Answer.of(features(rest));
        }
        if (rest.startsWith("Rcmd,")) {
            return monitor(rest.substring(5), interrupted);
        }
        return Answer.of(
                switch (rest) {
                    // Not started by the debugger: it leaves, and kills nothing.
                    case "Attached" -> "1";
                    case "C" -> "QC1";
                    case "fThreadInfo" -> "m1";
                    case "sThreadInfo" -> "l";
                    default -> rest.startsWith("Attached:") ? "1" : "";
                });
    }

    private String features(String text) {
        Matcher matcher = FEATURES.matcher(text);
        if (!matcher.matches()) {
            return NO_SENSE;
        }
        if (!matcher.group(1).equals("target.xml")) {
            return "E00";
        }
        String xml = GdbRegisters.description(machine.view());
        int from = (int) Math.min(Long.parseLong(matcher.group(2), 16), xml.length());
        // Half of it, as each byte might need an escape.
        int length = (int) Math.min(Long.parseLong(matcher.group(3), 16), PacketReader.MAX_LENGTH / 2);
        int to = Math.min(xml.length(), from + length);
        return (to == xml.length() ? "l" : "m") + xml.substring(from, to);
    }

    private Answer monitor(String hex, BooleanSupplier interrupted) {
        String command;
        try {
            command = new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Answer.of(NO_SENSE);
        }
        String digits = HexFormat.of()
                .formatHex(machine.monitor(command.strip(), interrupted).getBytes(StandardCharsets.UTF_8));
        List<String> packets = new ArrayList<>();
        int most = PacketReader.MAX_LENGTH - 2;
        for (int from = 0; from < digits.length(); from += most) {
            packets.add("O" + digits.substring(from, Math.min(digits.length(), from + most)));
        }
        packets.add(OK);
        return new Answer(packets, false);
    }

    private Answer set(String rest) {
        if (rest.equals("StartNoAckMode")) {
            acknowledges = false;
            return Answer.of(OK);
        }
        return Answer.of("");
    }
}
