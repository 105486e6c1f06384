package dev.semblance.harness.playback.blame;

import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of symbols, of a kernel and of programs. Programs are linked for the same addresses: which of them an address space has is found by
 * comparing their instructions with memory, so a file of another program, or of another build of this one, names nothing.
 */
public final class SymbolFiles {

    /** No files. */
    public static final SymbolFiles NONE = new SymbolFiles(List.of());

    private final List<SymbolFile> files;

    /**
     * A file of symbols.
     *
     * @param name of the file
     * @param symbols what is in it
     */
    public record SymbolFile(String name, Symbols symbols) {

        /** {@return whether it is of a program, which may run or not: a kernel, or a file without instructions, is always there} */
        public boolean isProgram() {
            return !symbols.programCode().isEmpty();
        }

        /**
         * {@return the names as an ELF file without contents, for debuggers, which read no System.map}
         *
         * @param is64 whether the guest's addresses have 64 bits
         */
        public byte[] elf(boolean is64) {
            return SymbolElf.of(symbols, is64);
        }

        private boolean isIn(HartView view) {
            List<Code.Presence> presences =
                    symbols.programCode().stream().map(code -> code.in(view)).toList();
            return presences.contains(Code.Presence.PRESENT) && !presences.contains(Code.Presence.OTHER);
        }
    }

    /**
     * Puts files together.
     *
     * @param files of which a later one wins where two name an address
     */
    public SymbolFiles(List<SymbolFile> files) {
        this.files = List.copyOf(files);
    }

    /**
     * Reads files of symbols.
     *
     * @param images the files
     * @param manifest of the trace whose guest they are for
     * @return the files
     * @throws dev.semblance.harness.UnusableInputException if one is neither a System.map nor an ELF file with symbols
     */
    public static SymbolFiles read(List<GuestImage> images, TraceManifest manifest) {
        boolean is64 = Isa.of(manifest.isa()).map(Isa::is64).orElse(true);
        return new SymbolFiles(images.stream()
                .map(file -> new SymbolFile(file.name(), Symbols.read(file.name(), file.bytes(), is64)))
                .toList());
    }

    /**
     * Finds and reads the files that ship with the images of a trace.
     *
     * @param images finds them
     * @param manifest of the trace
     * @return the files; none for images of others
     */
    public static SymbolFiles shipped(GuestImages images, TraceManifest manifest) {
        List<String> ofTrace =
                manifest.images().stream().map(TraceManifest.Image::sha256).toList();
        return read(images.shippedSymbols(ofTrace), manifest);
    }

    /**
     * {@return whether a file is an ELF file: what debuggers take, where a System.map is for people}
     *
     * @param head its first bytes
     */
    public static boolean isElf(byte[] head) {
        return ElfFile.isElf(head);
    }

    /** {@return the files, in their order} */
    public List<SymbolFile> files() {
        return files;
    }

    /**
     * {@return the program that the address space of a hart has, as the name of its file; nothing, if no file is of it}
     *
     * @param view the hart and its memory
     */
    public Optional<String> program(HartView view) {
        return files.stream()
                .filter(file -> file.isProgram() && file.isIn(view))
                .map(SymbolFile::name)
                .findFirst();
    }

    /**
     * {@return names of the kernel and of a program}
     *
     * @param program the name of its file, if there is one
     */
    public Symbols symbols(Optional<String> program) {
        List<SymbolFile> known = new ArrayList<>();
        Stream<SymbolFile> always = files.stream().filter(file -> !file.isProgram());
        Stream<SymbolFile> running = files.stream()
                .filter(file -> program.filter(file.name()::equals).isPresent());
        Stream.concat(always, running).forEach(known::add);
        Symbols all = Symbols.NONE;
        for (SymbolFile file : known) {
            all = all.and(file.symbols());
        }
        return all;
    }
}
