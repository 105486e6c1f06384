package dev.semblance.machine.differential;

import dev.semblance.machine.profile.Isa;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A bare-metal program for virt, made from a seed: stretches of random code, run one after the other a number of times, and what they run
 * under ({@link Supervisor}). It prints a line with a hash of all that it saw after each round, and powers off.
 *
 * @param isa the hart that it is for
 * @param seed what it is made from
 * @param image what is loaded at {@link Layout#IMAGE} and entered there
 */
record RandomProgram(Isa isa, long seed, byte[] image) {

    /**
     * How long a program is.
     *
     * @param items how many items each of its stretches has; an item is some three instructions
     * @param rounds how often it runs through them
     * @param verbose whether each trap prints a line with all registers
     */
    record Length(int items, int rounds, boolean verbose) {}

    private static final List<View> VIEWS =
            List.of(View.BARE, View.SUPERVISOR, View.PAGED, View.USER, View.PAGED, View.USER);

    private static final int SUM = 1 << 18;
    private static final int MXR = 1 << 19;
    private static final int SPP = 1 << 8;
    private static final int FS = 3 << 13;

    static RandomProgram of(Isa isa, long seed, Length length) {
        return new Maker(isa, seed).make(length);
    }

    private static final class Maker {

        private final Isa isa;
        private final long seed;
        private final Random random;
        private final Layout layout;
        private final ByteBuffer image =
                ByteBuffer.allocate((int) (Layout.SUPERPAGE - Layout.IMAGE)).order(ByteOrder.LITTLE_ENDIAN);
        private final PageTableImage tables;
        private final Supervisor supervisor;

        Maker(Isa isa, long seed) {
            this.isa = isa;
            this.seed = seed;
            random = new Random(seed);
            layout = new Layout(isa);
            tables = new PageTableImage(isa, image);
            supervisor = new Supervisor(isa, image);
        }

        RandomProgram make(Length length) {
            tables.write(random);
            Constants constants = new Constants(isa, image);
            List<Stretch> stretches = new ArrayList<>();
            for (View view : VIEWS) {
                Stretch stretch = new Stretch(isa, view, constants, random);
                new Items(stretch, tables).write(length.items());
                stretches.add(stretch);
            }
            place(stretches);
            for (int i = 1; i < 32; i++) {
                supervisor.register(i, random.nextLong() >> random.nextInt(64));
            }
            for (int i = 0; i < 32; i++) {
                supervisor.floatRegister(i, random.nextLong());
            }
            supervisor.write(length.rounds(), length.verbose(), tables.end());
            for (int at = Layout.DATA; at < Layout.DATA + Layout.DATA_FRAMES * Layout.PAGE; at += 8) {
                image.putLong(at, random.nextLong());
            }
            for (int frame = 0; frame < Layout.LANDING_FRAMES; frame++) {
                putLanding(Layout.LANDING + Layout.PAGE * frame, frame);
            }
            return new RandomProgram(isa, seed, Arrays.copyOf(image.array(), image.position()));
        }

        /** C.ADDI a0 and C.JR ra in turn. The end of a page and the start of the next are JALR x0, 0(ra). */
        private void putLanding(int at, int number) {
            for (int offset = 4; offset < Layout.PAGE; offset += 2) {
                boolean adds = offset % 4 == 0;
                image.putShort(at + offset, (short) (adds ? 0x0505 + 4 * number : 0x8082));
            }
            image.putShort(at, (short) 0x0000);
            image.putShort(at + 2, (short) 0x8082);
            image.putShort(at + Layout.PAGE - 2, (short) 0x8067);
        }

        /** Puts the code of those that see it page by page onto pages in any order, behind the code of the others. */
        private void place(List<Stretch> stretches) {
            int at = Layout.CODE;
            int scattered = 0;
            for (Stretch stretch : stretches) {
                int pages = stretch.code.position() / Layout.PAGE + 1;
                if (stretch.view.isScattered()) {
                    scattered += pages;
                } else {
                    at += pages * Layout.PAGE;
                }
            }
            int end = at + scattered * Layout.PAGE;
            List<Integer> free = new ArrayList<>();
            for (int page = at; page < end; page += Layout.PAGE) {
                free.add(page);
            }
            Collections.shuffle(free, random);
            at = Layout.CODE;
            Map<View, Integer> next = new TreeMap<>();
            for (Stretch stretch : stretches) {
                byte[] code = stretch.code.toBytes();
                if (!stretch.view.isScattered()) {
                    image.put(at, code);
                    start(stretch.view, Layout.physical(at));
                    at += (code.length / Layout.PAGE + 1) * Layout.PAGE;
                    continue;
                }
                int first = next.getOrDefault(stretch.view, 0);
                int pages = code.length / Layout.PAGE + 1;
                for (int page = 0; page < pages; page++) {
                    int frame = free.removeLast();
                    int from = page * Layout.PAGE;
                    image.put(frame, code, from, Math.min(Layout.PAGE, code.length - from));
                    tables.code(stretch.view, first + page, Layout.physical(frame), random);
                }
                next.put(stretch.view, first + pages);
                int region = stretch.view == View.USER ? Layout.USER_CODE_REGION : Layout.CODE_REGION;
                start(stretch.view, layout.region(region) + (long) Layout.PAGE * first);
            }
            image.position(end);
        }

        private void start(View view, long pc) {
            int status = FS | (view == View.USER ? 0 : SPP) | random.nextInt() & (SUM | MXR);
            long constants = view == View.USER ? layout.constantsOfUser() : Layout.physical(Layout.CONSTANTS);
            supervisor.stretch(
                    view.isTranslated() ? layout.satp() : 0, status, pc, isa.canonical(constants + Layout.PAGE / 2));
        }
    }
}
