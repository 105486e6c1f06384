/* evdump - name the input devices, then print the events of all of them.
 *
 * usage: evdump [max-events]
 * prints: one "/dev/input/eventN: NAME" line per device, "evdump: ready", and then one
 *         "N: type T code C value V" line per event (numbers as in linux/input-event-codes.h)
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/input.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_DEVICES 8

int main(int argc, char **argv)
{
    struct pollfd devices[MAX_DEVICES];
    int number[MAX_DEVICES], count = 0;
    int left = argc > 1 ? atoi(argv[1]) : INT_MAX;

    for (int i = 0; i < MAX_DEVICES; i++) {
        char path[32], name[64] = "";
        snprintf(path, sizeof path, "/dev/input/event%d", i);
        int fd = open(path, O_RDONLY);
        if (fd < 0)
            continue;
        ioctl(fd, EVIOCGNAME(sizeof name - 1), name);
        printf("%s: %s\n", path, name);
        devices[count] = (struct pollfd){ .fd = fd, .events = POLLIN };
        number[count++] = i;
    }
    if (!count) {
        fprintf(stderr, "evdump: no /dev/input/event*\n");
        return 1;
    }
    puts("evdump: ready");
    fflush(stdout);
    while (left > 0 && poll(devices, count, -1) > 0)
        for (int i = 0; i < count && left > 0; i++) {
            struct input_event e;
            if (!(devices[i].revents & POLLIN) || read(devices[i].fd, &e, sizeof e) != sizeof e)
                continue;
            printf("%d: type %u code %u value %d\n", number[i], e.type, e.code, (int)e.value);
            fflush(stdout);
            left--;
        }
    return 0;
}
