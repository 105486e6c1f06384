/**
 * The virtio-gpu 2D device (VIRTIO 1.2, 5.7): wire protocol, the 2D model, the device on its queues, and the frames that
 * it publishes.
 */
@SuppressWarnings("module") // The modules that a package is exported to are built after this one.
module dev.semblance.gpu {
    requires static org.jspecify;
    requires transitive dev.semblance.machine;

    exports dev.semblance.gpu.frame;
    exports dev.semblance.gpu.protocol;
    exports dev.semblance.gpu.display;
    exports dev.semblance.gpu.device;

    // The reference model is held against it, and a front-end answers with it what a back-end asks about displays.
    exports dev.semblance.gpu.model to
            dev.semblance.bridge,
            dev.semblance.harness;
}
