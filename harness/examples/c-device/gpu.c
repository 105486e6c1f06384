/*
 * A toy virtio-gpu without 3D, EDID and cursor (VIRTIO 1.2, 5.7). Four mistakes can be built in, of the kind that real
 * devices had: -DBUG_RECTANGLE does not look whether a transfer stays within its image, -DBUG_OFFSET takes for granted that its
 * offset lies within the backing, -DBUG_UNINITIALISED does not clear new images, and -DBUG_BLUE shows blue in the place of red.
 */
#include "gpu.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCANOUTS = 16,
    MOST_IMAGE_BYTES = 64 << 20,
    HEADER = 24,
    OK_NODATA = 0x1100, OK_DISPLAY_INFO = 0x1101,
    UNSPEC = 0x1200, OUT_OF_MEMORY, INVALID_SCANOUT, INVALID_RESOURCE, INVALID_CONTEXT, INVALID_PARAMETER
};

struct rect { uint32_t x, y, width, height; };

struct image {
    struct image *next;
    uint32_t id, format, width, height, entries;
    uint8_t *pixels, *backing; /* backing: as in the request, 16 bytes an entry */
};

static struct image *images;
static uint64_t image_bytes;
static struct { uint32_t width, height; } modes[SCANOUTS];
static int heads;
static struct { uint32_t image; struct rect view; uint32_t width, height; uint8_t *rgb; } scanouts[SCANOUTS];

static uint32_t u32(const uint8_t *at) { return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24; }
static uint64_t u64(const uint8_t *at) { return u32(at) | (uint64_t)u32(at + 4) << 32; }
static void put32(uint8_t *at, uint32_t value) { for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> 8 * i); }
static struct rect rect_at(const uint8_t *at) { return (struct rect){u32(at), u32(at + 4), u32(at + 8), u32(at + 12)}; }

static int is_within(struct rect r, const struct image *image)
{
    return r.width && r.height && (uint64_t)r.x + r.width <= image->width && (uint64_t)r.y + r.height <= image->height;
}

/* Where red, green and blue are in a pixel's four bytes; null for a format that there is not. */
static const int *order(uint32_t format)
{
    static const int bgra[] = {2, 1, 0}, argb[] = {1, 2, 3}, rgba[] = {0, 1, 2}, abgr[] = {3, 2, 1};
    switch (format) {
    case 1: case 2: return bgra;
    case 3: case 4: return argb;
    case 67: case 134: return rgba;
    case 68: case 121: return abgr;
    default: return NULL;
    }
}

static struct image *find(uint32_t id)
{
    struct image *image = images;
    while (image && image->id != id)
        image = image->next;
    return image;
}

static void darken(int head)
{
    free(scanouts[head].rgb);
    memset(&scanouts[head], 0, sizeof scanouts[head]);
}

static void remove_image(struct image *image)
{
    struct image **link = &images;
    while (*link != image)
        link = &(*link)->next;
    *link = image->next;
    for (int head = 0; head < SCANOUTS; head++)
        if (scanouts[head].image == image->id)
            darken(head);
    image_bytes -= (uint64_t)image->width * image->height * 4;
    free(image->pixels);
    free(image->backing);
    free(image);
}

void gpu_reset(void)
{
    while (images)
        remove_image(images);
    for (int head = 0; head < SCANOUTS; head++)
        darken(head);
}

void gpu_display(int head, uint32_t width, uint32_t height)
{
    modes[head].width = width;
    modes[head].height = height;
    heads = head < heads ? heads : head + 1;
}

static uint32_t create(const uint8_t *r)
{
    uint32_t id = u32(r + 24), format = u32(r + 28), width = u32(r + 32), height = u32(r + 36);
    if (!id || find(id))
        return INVALID_RESOURCE;
    if (!order(format) || !width || !height)
        return INVALID_PARAMETER;
    if (width > MOST_IMAGE_BYTES / 4 / height || image_bytes + (uint64_t)width * height * 4 > MOST_IMAGE_BYTES)
        return OUT_OF_MEMORY;
    struct image *image = calloc(1, sizeof *image);
    *image = (struct image){images, id, format, width, height, 0, NULL, NULL};
#ifdef BUG_UNINITIALISED
    image->pixels = malloc((size_t)width * height * 4);
#else
    image->pixels = calloc((size_t)width * height, 4);
#endif
    image_bytes += (uint64_t)width * height * 4;
    images = image;
    return OK_NODATA;
}

static uint32_t attach(const uint8_t *r, size_t length)
{
    struct image *image = find(u32(r + 24));
    uint32_t entries = u32(r + 28);
    if (!image)
        return INVALID_RESOURCE;
    if (image->backing)
        return UNSPEC;
    if (!entries || entries > (length - 32) / 16)
        return INVALID_PARAMETER;
    image->backing = malloc((size_t)entries * 16);
    memcpy(image->backing, r + 32, (size_t)entries * 16);
    image->entries = entries;
    return OK_NODATA;
}

#ifdef BUG_OFFSET
static uint64_t backing_bytes(const struct image *image)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < image->entries; i++)
        bytes += u32(image->backing + 16 * (size_t)i + 8);
    return bytes;
}
#endif

/* Reads from the stretches of memory behind an image, one after the other. */
static int read_backing(const struct image *image, uint64_t offset, uint8_t *to, size_t length)
{
    for (uint32_t i = 0; i < image->entries && length; i++) {
        uint64_t address = u64(image->backing + 16 * (size_t)i), size = u32(image->backing + 16 * (size_t)i + 8);
        if (offset >= size) {
            offset -= size;
            continue;
        }
        size_t part = size - offset < length ? (size_t)(size - offset) : length;
        if (guest_read(address + offset, to, part))
            return -1;
        to += part;
        length -= part;
        offset = 0;
    }
    return length ? -1 : 0;
}

static uint32_t transfer(const uint8_t *r)
{
    struct rect at = rect_at(r + 24);
    uint64_t offset = u64(r + 40);
    struct image *image = find(u32(r + 48));
    if (!image)
        return INVALID_RESOURCE;
    if (!image->backing)
        return UNSPEC;
#ifndef BUG_RECTANGLE
    if (!is_within(at, image))
        return INVALID_PARAMETER;
#endif
#ifdef BUG_OFFSET
    assert(offset <= backing_bytes(image));
#endif
    for (uint32_t y = 0; y < at.height; y++) {
        uint8_t *row = image->pixels + ((uint64_t)(at.y + y) * image->width + at.x) * 4;
        if (read_backing(image, offset + (uint64_t)y * image->width * 4, row, (size_t)at.width * 4))
            return INVALID_PARAMETER;
    }
    return OK_NODATA;
}

static uint32_t set_scanout(const uint8_t *r)
{
    struct rect view = rect_at(r + 24);
    uint32_t head = u32(r + 40), id = u32(r + 44);
    struct image *image = find(id);
    if (head >= (uint32_t)heads)
        return INVALID_SCANOUT;
    if (id && !image)
        return INVALID_RESOURCE;
    if (id && !is_within(view, image))
        return INVALID_PARAMETER;
    if (!id)
        darken((int)head);
    scanouts[head].image = id;
    scanouts[head].view = view;
    return OK_NODATA;
}

static void show(int head, const struct image *image)
{
    struct rect view = scanouts[head].view;
    const int *rgb = order(image->format);
    uint8_t *to = malloc((size_t)view.width * view.height * 3);
    free(scanouts[head].rgb);
    scanouts[head].rgb = to;
    scanouts[head].width = view.width;
    scanouts[head].height = view.height;
    for (uint32_t y = 0; y < view.height; y++)
        for (uint32_t x = 0; x < view.width; x++) {
            const uint8_t *from = image->pixels + ((uint64_t)(view.y + y) * image->width + view.x + x) * 4;
            for (int i = 0; i < 3; i++)
#ifdef BUG_BLUE
                *to++ = from[rgb[i ? i : 2]];
#else
                *to++ = from[rgb[i]];
#endif
        }
}

static uint32_t flush(const uint8_t *r)
{
    struct image *image = find(u32(r + 40));
    if (!image)
        return INVALID_RESOURCE;
    if (!is_within(rect_at(r + 24), image))
        return INVALID_PARAMETER;
    for (int head = 0; head < heads; head++)
        if (scanouts[head].image == image->id)
            show(head, image);
    return OK_NODATA;
}

static uint32_t execute(int cursor, const uint8_t *r, size_t length)
{
    static const struct { uint32_t type; size_t length; } known[] = {
        {0x100, 24}, {0x101, 40}, {0x102, 32}, {0x103, 48}, {0x104, 48}, {0x105, 56}, {0x106, 32}, {0x107, 32},
        {0x300, 56}, {0x301, 56}};
    size_t i = 0;
    while (i < sizeof known / sizeof *known && known[i].type != u32(r))
        i++;
    if (i == sizeof known / sizeof *known || cursor != (u32(r) >= 0x300))
        return UNSPEC;
    if (length < known[i].length)
        return INVALID_PARAMETER;
    struct image *image = u32(r) == 0x102 || u32(r) == 0x107 ? find(u32(r + 24)) : NULL;
    switch (u32(r)) {
    case 0x100: return OK_DISPLAY_INFO;
    case 0x101: return create(r);
    case 0x103: return set_scanout(r);
    case 0x104: return flush(r);
    case 0x105: return transfer(r);
    case 0x106: return attach(r, length);
    case 0x300: case 0x301: return OK_NODATA; /* There is no cursor plane to see. */
    }
    if (!image)
        return INVALID_RESOURCE;
    if (u32(r) == 0x102) {
        remove_image(image);
    } else if (!image->backing) {
        return UNSPEC;
    } else {
        free(image->backing);
        image->backing = NULL;
        image->entries = 0;
    }
    return OK_NODATA;
}

size_t gpu_execute(int cursor, const uint8_t *request, size_t length, uint8_t *response)
{
    uint32_t result = length < HEADER ? UNSPEC : execute(cursor, request, length);
    memset(response, 0, GPU_MOST_RESPONSE);
    put32(response, result);
    if (length >= HEADER && u32(request + 4) & 1) {
        put32(response + 4, 1);
        memcpy(response + 8, request + 8, 12); /* fence and context */
    }
    if (result != OK_DISPLAY_INFO)
        return HEADER;
    uint32_t x = 0;
    for (int head = 0; head < heads; head++) {
        uint8_t *mode = response + HEADER + 24 * head;
        if (!modes[head].width)
            continue;
        put32(mode, x);
        put32(mode + 8, modes[head].width);
        put32(mode + 12, modes[head].height);
        put32(mode + 16, 1);
        x += modes[head].width;
    }
    return HEADER + 24 * SCANOUTS;
}

const uint8_t *gpu_picture(int head, uint32_t *width, uint32_t *height)
{
    *width = scanouts[head].width;
    *height = scanouts[head].height;
    return scanouts[head].rgb;
}
