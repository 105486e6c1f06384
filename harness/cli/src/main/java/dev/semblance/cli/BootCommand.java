package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.guest.images.GuestSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "boot",
        header = "Boot a guest with its console on this terminal.",
        description = {
            "Runs at the pace of real time, without a window, and keeps nothing. Type as on a serial line; Ctrl-A x"
                    + " leaves.",
            "Without options, the guest that ships with the project boots."
        },
        footer = {
            "  semblance boot",
            "  semblance boot --disk shipped:rootfs.ext4",
            "  semblance boot --kernel Image --initrd rootfs.cpio --append console=ttyS0"
        })
final class BootCommand extends Subcommand {

    @Mixin
    private GuestOptions guest = new GuestOptions();

    BootCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions().boot(guest.guest(GuestSettings.NONE));
    }
}
