package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.util.Sha256;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * docs/TRACE_FORMAT.md, "Stored state": whoever changes what is saved raises {@link SavedState#LAYOUT}, since states are in files of
 * users; and only then may the sums here change.
 */
class StateLayoutTests {

    private static Session session(MachineModel model) throws BadImageException {
        byte[] forever = {0x6f, 0, 0, 0};
        return new Session(
                new SessionConfig(
                        model,
                        new SessionConfig.Start.Bare(GuestImage.of("forever", forever)),
                        Optional.empty(),
                        1,
                        DisplayConfig.DEFAULT,
                        QueueFeatures.NONE,
                        Pointer.BOTH),
                Optional.of((cycle, event) -> {}),
                Session.Observer.NONE);
    }

    /** Returns a sum of which parts there are, of which versions, and how long each is. */
    private static String layout(MachineModel model) throws BadImageException {
        ChangedStates.Parts parts = ChangedStates.parts(session(model).save());
        List<String> told = new ArrayList<>();
        for (int start : parts.starts()) {
            String tag = new String(parts.fields(), start, 4, StandardCharsets.US_ASCII);
            told.add(tag + parts.fields()[start + 4] + "@" + start);
        }
        told.add("end@" + parts.fields().length);
        assertThat(told.getFirst()).isEqualTo("MACH1@0");
        return Sha256.of(String.join(" ", told).getBytes(StandardCharsets.UTF_8))
                .substring(0, 16);
    }

    @Test
    void statesOfALayoutAreMadeOfTheSamePartsOfTheSameLength() throws BadImageException {
        assertThat(SavedState.LAYOUT).isEqualTo(2);
        assertThat(layout(MachineModel.SEMU)).as("raise the layout with it").isEqualTo("3d80254fca580ec6");
        assertThat(layout(new MachineModel(Profile.VIRT, Isa.RV64GC, 32 << 20)))
                .as("raise the layout with it")
                .isEqualTo("7c1ccef374acad92");
    }
}
