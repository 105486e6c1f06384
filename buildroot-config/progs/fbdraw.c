/* fbdraw - draw a fixed test picture on /dev/fb0: gradient, grid, colour bars, rings, triangle.
 *
 * usage: fbdraw [frames]
 *   frames   draw this many (default 1), each with the gradient moved and the ring grown;
 *            the last one stays on the screen
 * prints: "fbdraw: WxH ..." first, "fbdraw: done" when the picture has been handed to the display
 *
 * Integers only and no clock: the same mode gives the same pixels.  The text console keeps
 * owning the screen; "cursor off" first keeps its cursor out of the picture.
 */
#include <fcntl.h>
#include <linux/fb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static uint8_t *pixels;
static int width, height, line_bytes;

static inline void put(int x, int y, uint32_t colour)
{
    if (x >= 0 && y >= 0 && x < width && y < height)
        ((uint32_t *)(pixels + y * line_bytes))[x] = colour;
}

static void gradient(int phase)
{
    for (int y = 0; y < height; y++) {
        uint32_t *line = (uint32_t *)(pixels + y * line_bytes);
        uint32_t red = 40 + y * 120 / height, green;
        for (int x = 0; x < width; x++) {
            green = 30 + (x + phase) % width * 100 / width;
            line[x] = red << 16 | green << 8 | (160 - y * 80 / height);
        }
    }
}

static void grid(int step, uint32_t colour)
{
    for (int y = 0; y < height; y += step)
        for (int x = 0; x < width; x++)
            put(x, y, colour);
    for (int x = 0; x < width; x += step)
        for (int y = 0; y < height; y++)
            put(x, y, colour);
}

static void box(int left, int top, int w, int h, uint32_t colour)
{
    for (int y = top; y < top + h; y++)
        for (int x = left; x < left + w; x++)
            put(x, y, colour);
}

static void ring(int cx, int cy, int inner, int outer, uint32_t colour)
{
    for (int y = -outer; y <= outer; y++)
        for (int x = -outer; x <= outer; x++) {
            int d = x * x + y * y;
            if (d <= outer * outer && d >= inner * inner)
                put(cx + x, cy + y, colour);
        }
}

/* upright, apex at (cx, top), as wide as it is high */
static void triangle(int cx, int top, int h, uint32_t colour)
{
    for (int y = 0; y < h; y++)
        for (int x = -y / 2; x <= y / 2; x++)
            put(cx + x, top + y, colour);
}

static void draw(int frame)
{
    static const uint32_t bars[8] = { 0xffffff, 0xffff00, 0x00ffff, 0x00ff00,
                                      0xff00ff, 0xff0000, 0x0000ff, 0x000000 };
    int unit = height / 12;
    gradient(frame * 16);
    grid(64, 0x8090a0);
    for (int i = 0; i < 8; i++)
        box(width / 8 + i * (width * 3 / 4 / 8), height - 3 * unit, width * 3 / 4 / 8, 2 * unit, bars[i]);
    ring(width / 4, height / 3, 2 * unit - unit / 2, 2 * unit + frame % unit, 0xffc000);
    ring(width / 4, height / 3, 0, unit, 0xf04030);
    triangle(width / 2, height / 3 - 2 * unit, 4 * unit, 0x30c060);
    box(width * 3 / 4 - 2 * unit, height / 3 - 2 * unit, 4 * unit, 4 * unit, 0x2060e0);
    box(width * 3 / 4 - unit, height / 3 - unit, 2 * unit, 2 * unit, 0xffffff);
    for (int i = 0; i < width; i++) { /* a white frame, one pixel: shows cut-off edges */
        put(i, 0, 0xffffff);
        put(i, height - 1, 0xffffff);
    }
    for (int i = 0; i < height; i++) {
        put(0, i, 0xffffff);
        put(width - 1, i, 0xffffff);
    }
}

int main(int argc, char **argv)
{
    int frames = argc > 1 ? atoi(argv[1]) : 1, fd = open("/dev/fb0", O_RDWR);
    struct fb_var_screeninfo var;
    struct fb_fix_screeninfo fix;

    if (fd < 0 || ioctl(fd, FBIOGET_VSCREENINFO, &var) || ioctl(fd, FBIOGET_FSCREENINFO, &fix)) {
        perror("fbdraw: /dev/fb0");
        return 1;
    }
    width = (int)var.xres;
    height = (int)var.yres;
    line_bytes = (int)fix.line_length;
    printf("fbdraw: %dx%d, %u bits, line %d, %s\n", width, height, var.bits_per_pixel, line_bytes, fix.id);
    if (var.bits_per_pixel != 32) {
        fprintf(stderr, "fbdraw: needs 32 bits per pixel\n");
        return 1;
    }
    pixels = mmap(0, (size_t)line_bytes * height, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (pixels == MAP_FAILED) {
        perror("fbdraw: mmap");
        return 1;
    }
    for (int frame = 0; frame < frames; frame++) {
        draw(frame);
        fsync(fd); /* pages written through mmap reach the display now, not at the next 50 ms tick */
    }
    usleep(100000); /* the driver's own worker sends the last rectangle */
    puts("fbdraw: done");
    return 0;
}
