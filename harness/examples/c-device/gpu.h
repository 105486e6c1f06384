/* What pipe.c needs of a device, and what the device may ask for. */
#ifndef GPU_H
#define GPU_H

#include <stddef.h>
#include <stdint.h>

enum { GPU_MOST_RESPONSE = 1056 };

/* As after power-on, but for the displays. */
void gpu_reset(void);

/* A display has this mode from now on; 0 x 0 is one that is off. */
void gpu_display(int head, uint32_t width, uint32_t height);

/* Executes a request of any length and content; returns the length of the response. */
size_t gpu_execute(int cursor, const uint8_t *request, size_t length, uint8_t *response);

/* What a scanout shows, three bytes a pixel (red, green, blue); null while it is dark. */
const uint8_t *gpu_picture(int head, uint32_t *width, uint32_t *height);

/* Reads guest memory; -1 if RAM does not have that. Only while gpu_execute runs. */
int guest_read(uint64_t address, uint8_t *to, size_t length);

#endif
