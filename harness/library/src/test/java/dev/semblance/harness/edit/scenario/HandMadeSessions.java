package dev.semblance.harness.edit.scenario;

/** What people do in front of the guests that ship, for three minutes. */
final class HandMadeSessions {

    private HandMadeSessions() {}

    /** At the shell on the frame buffer console, with typing mistakes, history, Ctrl-C and a held key; and with a program that follows the mouse. */
    static Person console(long seed) {
        Person person = new Person(seed, "rv32# ");
        person.types("ls /\n").looks(1500, 4000).takes("listed");
        person.types("echo Hello, Wrold").looks(300, 900).types("\b\b\b\b").types("orld! {1 + 1}\n");
        person.looks(2000, 5000).takes("hello");
        person.types("uname -srm; cat /proc/bus/input/devices | grep Name\n").looks(3000, 8000);
        person.presses("KEY_UP")
                .looks(400, 1200)
                .presses("KEY_UP")
                .looks(600, 1500)
                .takes("history");
        person.presses("KEY_LEFTCTRL", "KEY_C").looks(500, 2500);
        person.types("sleep 1000\n").looks(2000, 6000).presses("KEY_LEFTCTRL", "KEY_C");
        person.looks(1000, 3000).takes("broken-off");
        person.types("for i in 1 2 3; do echo $i; sleep 1; done\n")
                .looks(5000, 9000)
                .takes("counted");
        person.presses("KEY_LEFTCTRL", "KEY_L").looks(800, 2000).takes("cleared");
        person.types("a").holds("KEY_A", 700).looks(1000, 2000).takes("held").holds("KEY_BACKSPACE", 1500);
        person.looks(800, 3000).takes("erased");
        for (int i = 0; i < 3; i++) {
            person.types("cat /proc/cmdline | wc -c\n").looks(2000, 7000);
        }
        person.takes("thrice");
        // From the serial line, the program with the cursor.
        person.writes("kmscursor\n").looks(2500, 4000).takes("arrow");
        for (int i = 0; i < 6; i++) {
            person.moves(-260 + 80 * i, -180 + 50 * i)
                    .looks(300, 2500)
                    .clicks("BTN_LEFT")
                    .looks(500, 3000);
            person.takes("arrow-" + i);
        }
        person.moves(900, 700).looks(500, 2000).takes("corner");
        person.moves(-300, -200)
                .looks(500, 2000)
                .drags(-120, 40)
                .looks(700, 2500)
                .takes("dragged");
        person.clicks("BTN_RIGHT").looks(1500, 4000).takes("back");
        person.types("date -d @0; echo done\n").looks(2000, 6000).takes("last");
        return person;
    }

    /** At X11 with twm and an xterm: typing, and windows that are dragged. */
    static Person desktop(long seed) {
        Person person = new Person(seed, "SESSION-UP");
        person.looks(4000, 6000).takes("session");
        person.movesTo(150, 330)
                .looks(500, 1500)
                .types("uname -m\n")
                .looks(1500, 4000)
                .takes("typed");
        person.types("ls -d /[a-m]*; echo Ready?\n").looks(2000, 6000).takes("listed");
        // By the title, as twm moves windows.
        person.movesTo(180, 233)
                .looks(500, 1500)
                .dragsTo(300, 150)
                .looks(1500, 4000)
                .takes("moved");
        person.dragsTo(260, 240).looks(1500, 4000).takes("moved-back");
        int x = 260;
        int y = 240;
        for (int i = 0; i < 8; i++) {
            person.movesTo(x, y + 90)
                    .looks(400, 1200)
                    .types("echo line " + i + "; pwd\n")
                    .looks(1000, 9000);
            person.movesTo(x, y).looks(400, 1200);
            x += 20 * i - 50;
            y += 25 - 7 * i;
            person.dragsTo(x, y).looks(1000, 9000).takes("round-" + i);
        }
        // A text is selected, and pasted with the middle button.
        person.movesTo(x - 120, y + 40)
                .button("BTN_LEFT", true)
                .movesTo(x - 20, y + 40)
                .button("BTN_LEFT", false);
        person.looks(1000, 3000)
                .takes("selected")
                .clicks("BTN_MIDDLE")
                .looks(1000, 3000)
                .takes("pasted");
        person.presses("KEY_LEFTCTRL", "KEY_C").looks(1000, 9000);
        person.movesTo(100, 40).looks(500, 900).takes("eyes");
        person.movesTo(x, y + 90)
                .looks(500, 900)
                .types("exit\n")
                .looks(2000, 5000)
                .takes("gone");
        return person;
    }
}
