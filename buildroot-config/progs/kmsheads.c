/* kmsheads - follows its displays: lights what is connected, puts off what is not, and waits for the next hotplug.
 *
 * At the start and after each hotplug event every connector is probed.  A connected one shows a test card in its
 * preferred mode; its buffer has that size.  The card says which head it is on and which size it has, so that a picture
 * alone tells whether the right one is there: the head's number and the size in block digits, a colour for each head, a
 * white border of one pixel at the very edge, a square of another colour in each corner, a grid every 64 pixels.  The
 * CRTC of a connector that is not connected is put off.
 *
 * Hotplug events come over netlink where the kernel has it.  A kernel without CONFIG_NET only counts its events, in
 * /sys/kernel/uevent_seqnum; that number is read 50 times a second, and another event than a hotplug costs a probe.
 *
 * usage: kmsheads [pointer]
 *   pointer   a hardware cursor, moved by the mouse; the heads that are on lie side by side, the first on the left
 * ends with: SIGINT, SIGTERM, SIGHUP, or the end of standard input (Ctrl-D); all heads are put off
 * prints: "heads: connectors N, hotplug events by netlink|uevent_seqnum", then after each probe "heads: head N WxH" or
 *         "heads: head N off" for what has changed and "heads: ready"; "heads: pointer on head N at X Y" for each report
 *         of the mouse and wherever else the pointer goes; "heads: done"
 */
#include <drm_fourcc.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define MAX_HEADS 16 /* VIRTIO_GPU_MAX_SCANOUTS */
#define GRID 64
#define CORNER 16
#define CURSOR 64
#define WATCH_MILLIS 20
#define SEQNUM "/sys/kernel/uevent_seqnum"

_Static_assert(sizeof(struct input_event) == 16 || sizeof(long) == 8, "struct input_event is not what a 32-bit kernel writes");

struct buffer {
    uint32_t framebuffer, handle, pitch;
    uint64_t size;
    uint32_t *pixels; /* NULL: there is no buffer */
};

struct head {
    uint32_t connector, crtc;
    int told; /* what it shows has been printed once */
    int on;
    drmModeModeInfo mode;
    struct buffer buffer;
};

static int fd;
static struct head heads[MAX_HEADS];
static int head_count;

/* the pointer: head -1 is nowhere, for want of a head that is on */
static int mouse = -1, pointer_head = -1, pointer_x, pointer_y;
static struct buffer cursor;

/* errno's text follows, unless it is 0 */
__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *what, ...)
{
    int error = errno;
    va_list arguments;
    va_start(arguments, what);
    fflush(stdout);
    fprintf(stderr, "kmsheads: ");
    vfprintf(stderr, what, arguments);
    if (error)
        fprintf(stderr, ": %s", strerror(error));
    fputc('\n', stderr);
    exit(1);
}

/* ---- buffers */

static void make_buffer(struct buffer *b, uint32_t width, uint32_t height)
{
    uint64_t offset;
    if (drmModeCreateDumbBuffer(fd, width, height, 32, 0, &b->handle, &b->pitch, &b->size))
        die("making a buffer of %ux%u failed", width, height);
    if (drmModeMapDumbBuffer(fd, b->handle, &offset))
        die("asking where to map a buffer failed");
    b->pixels = mmap(NULL, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    if (b->pixels == MAP_FAILED)
        die("mapping a buffer of %llu bytes failed", (unsigned long long)b->size);
}

static void free_buffer(struct buffer *b)
{
    if (!b->pixels)
        return;
    if (munmap(b->pixels, b->size))
        die("unmapping a buffer failed");
    if (b->framebuffer && drmModeRmFB(fd, b->framebuffer))
        die("removing frame buffer %u failed", b->framebuffer);
    if (drmModeDestroyDumbBuffer(fd, b->handle))
        die("freeing a buffer failed");
    memset(b, 0, sizeof *b);
}

/* ---- the test card */

/* 5x7 blocks a glyph, a row a byte, the leftmost block in bit 4; the last one is an x */
static const uint8_t glyphs[11][7] = {
    { 0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e }, { 0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e },
    { 0x0e, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1f }, { 0x1f, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0e },
    { 0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02 }, { 0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e },
    { 0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e }, { 0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08 },
    { 0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e }, { 0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c },
    { 0x00, 0x00, 0x11, 0x0a, 0x04, 0x0a, 0x11 },
};
#define GLYPH_WIDTH 5
#define GLYPH_HEIGHT 7

static const uint32_t colours[MAX_HEADS] = {
    0x284878, 0x783028, 0x287038, 0x705818, 0x602878, 0x187070, 0x784058, 0x485820,
    0x303090, 0x904818, 0x187048, 0x802050, 0x505050, 0x205880, 0x605040, 0x404868,
};

/* drawing on a buffer of so many pixels; what lies outside is cut off */
struct card {
    struct buffer *buffer;
    int width, height;
};

static void rectangle(const struct card *c, int x, int y, int w, int h, uint32_t colour)
{
    int right = x + w < c->width ? x + w : c->width, bottom = y + h < c->height ? y + h : c->height;
    x = x < 0 ? 0 : x;
    for (int j = y < 0 ? 0 : y; j < bottom; j++) {
        uint32_t *line = c->buffer->pixels + (size_t)j * (c->buffer->pitch / 4);
        for (int i = x; i < right; i++)
            line[i] = colour;
    }
}

/* a text of digits and x, in blocks of so many pixels, centred on (x, y) */
static void text(const struct card *c, const char *what, int block, int x, int y)
{
    int left = x - ((int)strlen(what) * (GLYPH_WIDTH + 1) - 1) * block / 2, top = y - GLYPH_HEIGHT * block / 2;
    for (; *what; what++, left += (GLYPH_WIDTH + 1) * block) {
        const uint8_t *glyph = glyphs[*what == 'x' ? 10 : *what - '0'];
        for (int j = 0; j < GLYPH_HEIGHT; j++)
            for (int i = 0; i < GLYPH_WIDTH; i++)
                if (glyph[j] >> (GLYPH_WIDTH - 1 - i) & 1)
                    rectangle(c, left + i * block, top + j * block, block, block, 0xffffff);
    }
}

static void draw_card(struct buffer *b, int head, int width, int height)
{
    struct card c = { b, width, height };
    uint32_t colour = colours[head], lines = colour + 0x202020;
    char number[8], size[24];
    snprintf(number, sizeof number, "%d", head);
    snprintf(size, sizeof size, "%dx%d", width, height);

    rectangle(&c, 0, 0, width, height, colour);
    for (int x = GRID; x < width; x += GRID)
        rectangle(&c, x, 0, 1, height, lines);
    for (int y = GRID; y < height; y += GRID)
        rectangle(&c, 0, y, width, 1, lines);

    int most = width < height ? width : height, block = most / 20, small = most / 60;
    text(&c, number, block ? block : 1, width / 2, height * 2 / 5);
    text(&c, size, small ? small : 1, width / 2, height * 3 / 4);

    rectangle(&c, 0, 0, CORNER, CORNER, 0xff0000);
    rectangle(&c, width - CORNER, 0, CORNER, CORNER, 0x00ff00);
    rectangle(&c, 0, height - CORNER, CORNER, CORNER, 0x0000ff);
    rectangle(&c, width - CORNER, height - CORNER, CORNER, CORNER, 0xffff00);

    rectangle(&c, 0, 0, width, 1, 0xffffff);
    rectangle(&c, 0, height - 1, width, 1, 0xffffff);
    rectangle(&c, 0, 0, 1, height, 0xffffff);
    rectangle(&c, width - 1, 0, 1, height, 0xffffff);
}

/* ---- the pointer */

/* an arrow whose tip is the left upper corner, with a black edge; straight ARGB */
static void draw_cursor(struct buffer *b)
{
    for (int y = 0; y < CURSOR; y++)
        for (int x = 0; x < CURSOR; x++) {
            int inside = y < 48 && 4 * x <= 3 * y, edge = x == 0 || y == 47 || 4 * (x + 1) > 3 * y;
            b->pixels[y * (int)(b->pitch / 4) + x] = !inside ? 0 : edge ? 0xff000000 : 0xffffd020;
        }
}

static void hide_pointer(void)
{
    if (pointer_head < 0)
        return;
    if (drmModeSetCursor2(fd, heads[pointer_head].crtc, 0, 0, 0, 0, 0))
        die("taking the cursor from head %d failed", pointer_head);
    pointer_head = -1;
}

static void show_pointer(int head, int x, int y)
{
    if (head != pointer_head) {
        hide_pointer();
        if (drmModeSetCursor2(fd, heads[head].crtc, cursor.handle, CURSOR, CURSOR, 0, 0))
            die("giving the cursor to head %d failed", head);
        pointer_head = head;
    }
    if (drmModeMoveCursor(fd, heads[head].crtc, x, y))
        die("moving the cursor on head %d failed", head);
    pointer_x = x;
    pointer_y = y;
    printf("heads: pointer on head %d at %d %d\n", head, x, y);
}

/* the nearest head that is on, to the right (step 1) or left (step -1); -1 if there is none */
static int neighbour(int head, int step)
{
    for (head += step; head >= 0 && head < head_count; head += step)
        if (heads[head].on)
            return head;
    return -1;
}

static int clamp(int v, int last) { return v < 0 ? 0 : v > last ? last : v; }

static void move_pointer(int dx, int dy)
{
    int head = pointer_head, x = pointer_x + dx, next;
    if (head < 0)
        return;
    while (x >= heads[head].mode.hdisplay && (next = neighbour(head, 1)) >= 0) {
        x -= heads[head].mode.hdisplay;
        head = next;
    }
    while (x < 0 && (next = neighbour(head, -1)) >= 0) {
        head = next;
        x += heads[head].mode.hdisplay;
    }
    show_pointer(head, clamp(x, heads[head].mode.hdisplay - 1), clamp(pointer_y + dy, heads[head].mode.vdisplay - 1));
}

/* after heads have changed: a pointer that is nowhere goes to the middle of the first head that is on */
static void place_pointer(void)
{
    int first = neighbour(-1, 1);
    if (mouse < 0 || pointer_head >= 0 || first < 0)
        return;
    show_pointer(first, heads[first].mode.hdisplay / 2, heads[first].mode.vdisplay / 2);
}

/* the first device that has relative axes */
static void open_mouse(void)
{
    for (int i = 0; i < 16 && mouse < 0; i++) {
        char path[32];
        unsigned long types = 0;
        snprintf(path, sizeof path, "/dev/input/event%d", i);
        int device = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (device < 0)
            continue;
        if (ioctl(device, EVIOCGBIT(0, sizeof types), &types) >= 0 && types & 1ul << EV_REL)
            mouse = device;
        else
            close(device);
    }
    errno = 0;
    if (mouse < 0)
        die("there is no input device with relative motion");
    make_buffer(&cursor, CURSOR, CURSOR);
    draw_cursor(&cursor);
}

static void read_mouse(void)
{
    static int dx, dy;
    struct input_event e;
    ssize_t got;
    while ((got = read(mouse, &e, sizeof e)) == sizeof e) {
        if (e.type == EV_REL && e.code == REL_X)
            dx += e.value;
        else if (e.type == EV_REL && e.code == REL_Y)
            dy += e.value;
        else if (e.type == EV_SYN && e.code == SYN_REPORT) {
            if (dx || dy)
                move_pointer(dx, dy);
            dx = dy = 0;
        }
    }
    if (got >= 0 || (errno != EAGAIN && errno != EINTR))
        die("reading the mouse failed");
}

/* ---- heads */

static void put_off(int n)
{
    struct head *h = &heads[n];
    if (pointer_head == n)
        hide_pointer();
    if (drmModeSetCrtc(fd, h->crtc, 0, 0, 0, NULL, 0, NULL))
        die("putting head %d off failed", n);
    h->on = 0;
    free_buffer(&h->buffer);
}

/* SETCRTC makes virtio_gpu transfer and flush the whole buffer, so it is drawn before and needs no DIRTYFB. */
static void light(int n, const drmModeModeInfo *mode)
{
    struct head *h = &heads[n];
    struct buffer b = { 0 };
    int width = mode->hdisplay, height = mode->vdisplay;
    make_buffer(&b, (uint32_t)width, (uint32_t)height);
    uint32_t handles[4] = { b.handle }, pitches[4] = { b.pitch }, offsets[4] = { 0 };
    if (drmModeAddFB2(fd, (uint32_t)width, (uint32_t)height, DRM_FORMAT_XRGB8888, handles, pitches, offsets, &b.framebuffer, 0))
        die("adding a frame buffer of %dx%d failed", width, height);
    draw_card(&b, n, width, height);
    int with_pointer = pointer_head == n;
    if (with_pointer)
        hide_pointer();
    h->mode = *mode;
    if (drmModeSetCrtc(fd, h->crtc, b.framebuffer, 0, 0, &h->connector, 1, &h->mode))
        die("setting %dx%d on head %d failed", width, height, n);
    free_buffer(&h->buffer);
    h->buffer = b;
    h->on = 1;
    if (with_pointer)
        show_pointer(n, clamp(pointer_x, width - 1), clamp(pointer_y, height - 1));
}

/* NULL if nothing is connected or what is has no mode */
static const drmModeModeInfo *preferred(const drmModeConnector *c)
{
    if (c->connection != DRM_MODE_CONNECTED || c->count_modes == 0)
        return NULL;
    for (int i = 0; i < c->count_modes; i++)
        if (c->modes[i].type & DRM_MODE_TYPE_PREFERRED)
            return &c->modes[i];
    return &c->modes[0];
}

/* One pass over all heads.  drmModeGetConnector makes the kernel ask the device again. */
static void follow(void)
{
    for (int n = 0; n < head_count; n++) {
        struct head *h = &heads[n];
        drmModeConnector *c = drmModeGetConnector(fd, h->connector);
        if (!c)
            die("probing connector %u failed", h->connector);
        const drmModeModeInfo *mode = preferred(c);
        if (mode && !(h->on && !memcmp(mode, &h->mode, sizeof *mode))) {
            light(n, mode);
            printf("heads: head %d %dx%d\n", n, mode->hdisplay, mode->vdisplay);
        } else if (!mode && (h->on || !h->told)) {
            put_off(n);
            printf("heads: head %d off\n", n);
        }
        h->told = 1;
        drmModeFreeConnector(c);
    }
    place_pointer();
    puts("heads: ready");
}

/* a CRTC of its own for each connector: the first that an encoder of it can have, and no other has */
static uint32_t crtc_for(uint32_t connector, const drmModeRes *r, uint32_t *taken)
{
    drmModeConnector *c = drmModeGetConnectorCurrent(fd, connector);
    uint32_t crtc = 0;
    if (!c)
        die("asking about connector %u failed", connector);
    for (int i = 0; i < c->count_encoders && !crtc; i++) {
        drmModeEncoder *e = drmModeGetEncoder(fd, c->encoders[i]);
        if (!e)
            die("asking about encoder %u failed", c->encoders[i]);
        for (int k = 0; k < r->count_crtcs && k < 32 && !crtc; k++)
            if (e->possible_crtcs & ~*taken & 1u << k) {
                *taken |= 1u << k;
                crtc = r->crtcs[k];
            }
        drmModeFreeEncoder(e);
    }
    errno = 0;
    if (!crtc)
        die("there is no CRTC for connector %u", connector);
    drmModeFreeConnector(c);
    return crtc;
}

static void find_heads(void)
{
    uint32_t taken = 0;
    drmModeRes *r = drmModeGetResources(fd);
    if (!r)
        die("asking for connectors failed");
    errno = 0;
    if (r->count_connectors < 1 || r->count_connectors > MAX_HEADS)
        die("%d connectors are not 1 to %d", r->count_connectors, MAX_HEADS);
    head_count = r->count_connectors;
    for (int n = 0; n < head_count; n++) {
        heads[n].connector = r->connectors[n];
        heads[n].crtc = crtc_for(r->connectors[n], r, &taken);
    }
    drmModeFreeResources(r);
}

/* ---- hotplug events */

/* -1 where the kernel has no network and so no netlink */
static int open_uevents(void)
{
    struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = 1 };
    int s = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
    if (s < 0 && (errno == ENOSYS || errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT))
        return -1;
    if (s < 0 || bind(s, (struct sockaddr *)&address, sizeof address))
        die("listening to the kernel's events failed");
    return s;
}

/* "change@/devices/...", then KEY=VALUE, each ended by a zero */
static int is_hotplug(const char *message, size_t length)
{
    int drm = 0, hotplug = 0;
    for (const char *at = message, *end = message + length; at < end; at += strlen(at) + 1) {
        drm |= !strcmp(at, "SUBSYSTEM=drm");
        hotplug |= !strcmp(at, "HOTPLUG=1");
    }
    return drm && hotplug;
}

/* Reads all that wait; whether a hotplug was among them.  What was lost or cut off may have been one. */
static int hotplug_received(int s)
{
    static char message[8192];
    int found = 0;
    for (;;) {
        struct sockaddr_nl from;
        struct iovec part = { message, sizeof message - 1 };
        struct msghdr m = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1 };
        ssize_t got = recvmsg(s, &m, 0);
        if (got < 0 && errno == EAGAIN)
            return found;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno != ENOBUFS)
            die("reading the kernel's events failed");
        if (got < 0) {
            found = 1;
        } else if (m.msg_namelen == sizeof from && from.nl_pid == 0) { /* from the kernel, and nobody else */
            message[got] = 0;
            found |= m.msg_flags & MSG_TRUNC || is_hotplug(message, (size_t)got);
        }
    }
}

static unsigned long long events_counted(int file)
{
    char digits[32];
    ssize_t got = pread(file, digits, sizeof digits - 1, 0);
    if (got <= 0)
        die("reading %s failed", SEQNUM);
    digits[got] = 0;
    return strtoull(digits, NULL, 10);
}

/* ---- when to end */

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL))
        die("blocking signals failed");
    int s = signalfd(-1, &set, SFD_CLOEXEC);
    if (s < 0)
        die("waiting for signals failed");
    return s;
}

static int input_ended(void)
{
    char ignored[256];
    ssize_t got = read(0, ignored, sizeof ignored);
    return got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
}

int main(int argc, char **argv)
{
    int with_pointer = argc == 2 && !strcmp(argv[1], "pointer");
    if (argc > 2 || (argc == 2 && !with_pointer)) {
        fprintf(stderr, "usage: kmsheads [pointer]\n");
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if ((fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC)) < 0)
        die("opening /dev/dri/card0 failed");
    int signals = open_signals(), uevents = open_uevents(), seqnum = -1;
    if (uevents < 0 && (seqnum = open(SEQNUM, O_RDONLY | O_CLOEXEC)) < 0)
        die("opening %s failed", SEQNUM);
    find_heads();
    printf("heads: connectors %d, hotplug events by %s\n", head_count, uevents < 0 ? "uevent_seqnum" : "netlink");
    if (with_pointer)
        open_mouse();

    /* What happens during a pass is seen after it: the socket keeps it, and the number is read before. */
    unsigned long long seen = 0, now;
    for (int stale = 1, ended = 0; !ended;) {
        if (uevents < 0 && (now = events_counted(seqnum)) != seen) {
            seen = now;
            stale = 1;
        }
        if (stale)
            follow();
        stale = 0;
        struct pollfd wait[] = {
            { .fd = signals, .events = POLLIN },
            { .fd = 0, .events = POLLIN },
            { .fd = mouse, .events = POLLIN },
            { .fd = uevents, .events = POLLIN },
        };
        if (poll(wait, 4, uevents < 0 ? WATCH_MILLIS : -1) < 0) {
            if (errno != EINTR)
                die("waiting failed");
            continue;
        }
        ended = wait[0].revents || (wait[1].revents && input_ended());
        if (wait[2].revents)
            read_mouse();
        if (wait[3].revents)
            stale = hotplug_received(uevents);
    }
    for (int n = 0; n < head_count; n++)
        put_off(n);
    free_buffer(&cursor);
    puts("heads: done");
    return 0;
}
