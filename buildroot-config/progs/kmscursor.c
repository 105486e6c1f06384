/* kmscursor - a hardware cursor, moved by the mouse.
 *
 * Sets the preferred mode with a calm background and a 64x64 ARGB cursor: an arrow with a soft,
 * half transparent shadow, which starts in the middle.  Relative motion moves it (clamped to the
 * screen), each press of the left button gives it the next colour, the right button ends.
 *
 * usage: kmscursor [reports]
 *   reports   end after this many reports of the mouse (default: only with the right button)
 * prints: "kmscursor: ready", then "kmscursor: X Y BUTTONS" for each report handled (1 left,
 *         2 right, 4 middle, added up), and "kmscursor: done"
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/input.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define SIZE 64
#define COLOURS 3

/* the arrow's outline, row by row: its right edge, and from row 30 on the tail's left edge */
#define ARROW_ROWS 30
#define TAIL_ROWS 14

_Static_assert(sizeof(struct input_event) == 16, "struct input_event is not what an rv32 kernel writes");

static int fd;
static const uint32_t colours[COLOURS] = { 0xffffff, 0xff9020, 0x40e060 };

static void die(const char *what)
{
    fprintf(stderr, "kmscursor: ");
    perror(what);
    exit(1);
}

struct buffer {
    uint32_t handle, pitch;
    uint64_t size;
    uint32_t *pixels;
};

static struct buffer make_buffer(uint32_t width, uint32_t height)
{
    struct buffer b;
    uint64_t offset;
    if (drmModeCreateDumbBuffer(fd, width, height, 32, 0, &b.handle, &b.pitch, &b.size) ||
        drmModeMapDumbBuffer(fd, b.handle, &offset))
        die("dumb buffer");
    b.pixels = mmap(0, b.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    if (b.pixels == MAP_FAILED)
        die("mmap");
    return b;
}

/* inside the arrow: a head that widens to the right and below it a slanted tail */
static int in_arrow(int x, int y)
{
    if (x < 0 || y < 0)
        return 0;
    if (y < ARROW_ROWS)
        return x <= y * 2 / 3;
    if (y < ARROW_ROWS + TAIL_ROWS) {
        int left = 6 + (y - ARROW_ROWS) / 2;
        return (x >= left && x < left + 7) || (y < ARROW_ROWS + 8 && x < ARROW_ROWS + 8 - y);
    }
    return 0;
}

static int on_edge(int x, int y)
{
    return in_arrow(x, y) && !(in_arrow(x - 1, y) && in_arrow(x + 1, y) && in_arrow(x, y - 1) && in_arrow(x, y + 1));
}

/* Straight ARGB, not premultiplied: opaque arrow with a black edge, a shadow of half strength,
 * and a quarter strength fringe around the shadow. */
static struct buffer make_cursor(uint32_t colour)
{
    struct buffer b = make_buffer(SIZE, SIZE);
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) {
            uint32_t p = 0;
            if (on_edge(x, y))
                p = 0xff000000;
            else if (in_arrow(x, y))
                p = 0xff000000 | colour;
            else if (in_arrow(x - 6, y - 6))
                p = 0x80000000;
            else if (in_arrow(x - 8, y - 6) || in_arrow(x - 6, y - 8))
                p = 0x40000000;
            b.pixels[y * (b.pitch / 4) + x] = p;
        }
    return b;
}

static void draw_background(struct buffer *b, int width, int height)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            uint32_t c = 0x305070 + 0x000101 * (uint32_t)(y * 48 / height);
            b->pixels[y * (int)(b->pitch / 4) + x] = x % 128 == 0 || y % 128 == 0 ? c + 0x101010 : c;
        }
}

/* the first device that has relative axes */
static int open_mouse(void)
{
    for (int i = 0; i < 16; i++) {
        char path[32];
        unsigned long types = 0;
        snprintf(path, sizeof path, "/dev/input/event%d", i);
        int mouse = open(path, O_RDONLY);
        if (mouse < 0)
            continue;
        if (ioctl(mouse, EVIOCGBIT(0, sizeof types), &types) >= 0 && types & 1ul << EV_REL)
            return mouse;
        close(mouse);
    }
    fprintf(stderr, "kmscursor: no input device with relative motion\n");
    exit(1);
}

static int clamp(int v, int last) { return v < 0 ? 0 : v > last ? last : v; }

int main(int argc, char **argv)
{
    int left = argc > 1 ? atoi(argv[1]) : INT_MAX;
    if ((fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC)) < 0)
        die("/dev/dri/card0");
    int mouse = open_mouse();

    drmModeRes *resources = drmModeGetResources(fd);
    drmModeConnector *connector = NULL;
    for (int i = 0; resources && i < resources->count_connectors; i++) {
        connector = drmModeGetConnector(fd, resources->connectors[i]);
        if (connector && connector->connection == DRM_MODE_CONNECTED && connector->count_modes)
            break;
        connector = NULL;
    }
    if (!connector) {
        fprintf(stderr, "kmscursor: no connected connector\n");
        return 1;
    }
    drmModeModeInfo mode = connector->modes[0];
    for (int i = connector->count_modes - 1; i >= 0; i--)
        if (connector->modes[i].type & DRM_MODE_TYPE_PREFERRED)
            mode = connector->modes[i];
    uint32_t crtc = resources->crtcs[0], framebuffer;
    int width = mode.hdisplay, height = mode.vdisplay;

    struct buffer screen = make_buffer(width, height);
    draw_background(&screen, width, height);
    if (drmModeAddFB(fd, width, height, 24, 32, screen.pitch, screen.handle, &framebuffer))
        die("add framebuffer");
    if (drmModeSetCrtc(fd, crtc, framebuffer, 0, 0, &connector->connector_id, 1, &mode))
        die("set mode");

    struct buffer cursors[COLOURS];
    for (int i = 0; i < COLOURS; i++)
        cursors[i] = make_cursor(colours[i]);
    int x = width / 2, y = height / 2, buttons = 0, presses = 0;
    if (drmModeSetCursor2(fd, crtc, cursors[0].handle, SIZE, SIZE, 0, 0) || drmModeMoveCursor(fd, crtc, x, y))
        die("set cursor");
    puts("kmscursor: ready");
    fflush(stdout);

    int dx = 0, dy = 0, shown = 0;
    struct input_event e;
    while (left > 0 && read(mouse, &e, sizeof e) == sizeof e) {
        if (e.type == EV_REL && e.code == REL_X)
            dx += e.value;
        else if (e.type == EV_REL && e.code == REL_Y)
            dy += e.value;
        else if (e.type == EV_KEY && e.code >= BTN_LEFT && e.code <= BTN_MIDDLE) {
            int bit = 1 << (e.code - BTN_LEFT);
            buttons = e.value ? buttons | bit : buttons & ~bit;
            if (e.code == BTN_LEFT && e.value == 1)
                presses++;
        }
        if (e.type != EV_SYN || e.code != SYN_REPORT)
            continue;
        if (presses % COLOURS != shown) {
            shown = presses % COLOURS;
            if (drmModeSetCursor2(fd, crtc, cursors[shown].handle, SIZE, SIZE, 0, 0))
                die("set cursor");
        }
        if (dx || dy) {
            x = clamp(x + dx, width - 1);
            y = clamp(y + dy, height - 1);
            dx = dy = 0;
            if (drmModeMoveCursor(fd, crtc, x, y))
                die("move cursor");
        }
        printf("kmscursor: %d %d %d\n", x, y, buttons);
        fflush(stdout);
        left--;
        if (buttons & 2)
            break;
    }
    puts("kmscursor: done");
    return 0;
}
