/* kmsdraw - a small display workload on DRM dumb buffers.
 *
 * Sets the preferred mode of the first connected connector and shows a fixed animation:
 * colour bars that move and a box that bounces.
 *
 * usage: kmsdraw [frames] [buffers | dirty] [seconds]
 *   frames    frames to show (default 30)
 *   buffers   1..8 buffers (default 2), turned with drmModePageFlip, waiting for each event
 *   dirty     one buffer; only the box is redrawn, drmModeDirtyFB names the area
 *   seconds   keep the last frame for so long before the console comes back (default 0)
 * prints: "kmsdraw: WxH ...", and at the end "kmsdraw: frames N sum XXXXXXXX"; the sum covers
 *         every rectangle drawn, so two runs can be compared without a picture
 */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>
#include <drm_fourcc.h>

#define MAX_BUFFERS 8
#define BOX 64

struct buffer {
    uint32_t id, handle, pitch;
    uint64_t size;
    uint32_t *pixels;
};

static int fd, flip_done;
static int width, height;
static uint32_t sum;

static void die(const char *what)
{
    fprintf(stderr, "kmsdraw: ");
    perror(what);
    exit(1);
}

static void make_buffer(struct buffer *b)
{
    uint64_t offset;
    if (drmModeCreateDumbBuffer(fd, width, height, 32, 0, &b->handle, &b->pitch, &b->size))
        die("create dumb buffer");
    uint32_t handles[4] = { b->handle }, pitches[4] = { b->pitch }, offsets[4] = { 0 };
    if (drmModeAddFB2(fd, width, height, DRM_FORMAT_XRGB8888, handles, pitches, offsets, &b->id, 0))
        die("add framebuffer");
    if (drmModeMapDumbBuffer(fd, b->handle, &offset))
        die("map dumb buffer");
    b->pixels = mmap(0, b->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    if (b->pixels == MAP_FAILED)
        die("mmap");
}

static void rectangle(struct buffer *b, int x, int y, int w, int h, uint32_t colour)
{
    for (int j = y; j < y + h; j++) {
        uint32_t *line = b->pixels + j * (b->pitch / 4) + x;
        for (int i = 0; i < w; i++)
            line[i] = colour;
    }
    sum = sum * 31 + colour + (uint32_t)(x * 7 + y * 3 + w + h);
}

static void background(struct buffer *b, int frame)
{
    static const uint32_t bars[8] = { 0xffffff, 0xffff00, 0x00ffff, 0x00ff00,
                                      0xff00ff, 0xff0000, 0x0000ff, 0x202020 };
    for (int k = 0; k < 8; k++)
        rectangle(b, k * (width / 8), 0, width / 8, height, bars[(k + frame / 8) & 7]);
}

/* 0, 1 ... n ... 1, 0, and again */
static int bounce(int t, int n)
{
    t %= 2 * n;
    return t < n ? t : 2 * n - t;
}

static void on_flip(int f, unsigned sequence, unsigned seconds, unsigned micros, void *data)
{
    (void)f, (void)sequence, (void)seconds, (void)micros, (void)data;
    flip_done = 1;
}

static void flip_to(uint32_t crtc, uint32_t id)
{
    drmEventContext context = { .version = 2, .page_flip_handler = on_flip };
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    flip_done = 0;
    if (drmModePageFlip(fd, crtc, id, DRM_MODE_PAGE_FLIP_EVENT, 0))
        die("page flip");
    while (!flip_done) {
        if (poll(&wait, 1, 5000) <= 0)
            die("no flip event within 5 s");
        drmHandleEvent(fd, &context);
    }
}

static drmModeConnector *find_connector(const drmModeRes *resources)
{
    for (int i = 0; resources && i < resources->count_connectors; i++) {
        drmModeConnector *c = drmModeGetConnector(fd, resources->connectors[i]);
        if (c && c->connection == DRM_MODE_CONNECTED && c->count_modes)
            return c;
        drmModeFreeConnector(c);
    }
    fprintf(stderr, "kmsdraw: no connected connector\n");
    exit(1);
}

int main(int argc, char **argv)
{
    int frames = argc > 1 ? atoi(argv[1]) : 30;
    int dirty = argc > 2 && !strcmp(argv[2], "dirty");
    int count = dirty ? 1 : argc > 2 ? atoi(argv[2]) : 2;
    struct buffer buffers[MAX_BUFFERS];

    if (count < 1 || count > MAX_BUFFERS || frames < 0) {
        fprintf(stderr, "usage: kmsdraw [frames] [1..%d buffers | dirty] [seconds]\n", MAX_BUFFERS);
        return 1;
    }
    if ((fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC)) < 0)
        die("/dev/dri/card0");
    drmModeRes *resources = drmModeGetResources(fd);
    drmModeConnector *connector = find_connector(resources);
    drmModeModeInfo mode = connector->modes[0];
    for (int i = connector->count_modes - 1; i >= 0; i--)
        if (connector->modes[i].type & DRM_MODE_TYPE_PREFERRED)
            mode = connector->modes[i];
    uint32_t crtc = resources->crtcs[0];
    width = mode.hdisplay;
    height = mode.vdisplay;
    printf("kmsdraw: %dx%d connector %u crtc %u\n", width, height, connector->connector_id, crtc);
    fflush(stdout);

    for (int i = 0; i < count; i++)
        make_buffer(&buffers[i]);
    background(&buffers[0], 0);
    if (drmModeSetCrtc(fd, crtc, buffers[0].id, 0, 0, &connector->connector_id, 1, &mode))
        die("set mode");

    int old_x = 0, old_y = 0;
    for (int frame = 1; frame <= frames; frame++) {
        int x = bounce(frame * 5, width - BOX), y = bounce(frame * 3, height - BOX);
        struct buffer *b = &buffers[frame % count];
        if (dirty) {
            rectangle(b, old_x, old_y, BOX, BOX, 0x404040);
            rectangle(b, x, y, BOX, BOX, 0xff8000);
            drmModeClip clips[2] = { { old_x, old_y, old_x + BOX, old_y + BOX }, { x, y, x + BOX, y + BOX } };
            if (drmModeDirtyFB(fd, b->id, clips, 2))
                die("dirty rectangle");
            old_x = x;
            old_y = y;
        } else {
            background(b, frame);
            rectangle(b, x, y, BOX, BOX, 0xff8000);
            flip_to(crtc, b->id);
        }
    }
    printf("kmsdraw: frames %d sum %08x\n", frames, sum);
    fflush(stdout);
    if (argc > 3)
        sleep(atoi(argv[3]));
    return 0;
}
