package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What may run at once, with no threads: who ends next is drawn. */
class AdmissionProperties {

    private static Admission admission(List<Long> needs, int jobs, long memory) {
        return Admission.of(needs, new Admission.Limits(jobs, memory), need -> need);
    }

    private static List<Integer> begin(Admission admission) {
        List<Integer> begun = new ArrayList<>();
        for (OptionalInt next = admission.begin(); next.isPresent(); next = admission.begin()) {
            begun.add(next.getAsInt());
        }
        return begun;
    }

    @Property
    void noMoreRunThanThereAreJobsAndRoomForAndAllAreTakenInOrder(
            @ForAll @Size(max = 60) List<@LongRange(min = 0, max = 100) Long> needs,
            @ForAll @IntRange(min = 1, max = 8) int jobs,
            @ForAll @LongRange(min = 0, max = 300) long memory,
            @ForAll long seed) {
        Random random = new Random(seed);
        Admission admission = admission(needs, jobs, memory);
        List<Integer> running = new ArrayList<>();
        Set<Integer> alone = new HashSet<>();
        Set<Integer> accompanied = new HashSet<>();
        List<Integer> taken = new ArrayList<>();
        int steps = 0;
        while (admission.isUnderway()) {
            assertThat(steps++).as("it comes to an end").isLessThan(4 * needs.size() + 4);
            for (int task : begin(admission)) {
                running.add(task);
                accompanied.remove(task);
                if (running.size() > 1) {
                    accompanied.addAll(running);
                }
                assertThat(task).isLessThan(taken.size() + jobs + Admission.AHEAD);
                assertThat(running).hasSizeLessThanOrEqualTo(jobs).doesNotHaveDuplicates();
                long held = running.stream().mapToLong(needs::get).sum();
                assertThat(running.size() == 1 || held <= memory).isTrue();
                assertThat(running.size() == 1 || running.stream().noneMatch(alone::contains))
                        .as("what is to run alone does")
                        .isTrue();
            }
            assertThat(running).as("one always runs").isNotEmpty();
            int ended = running.get(random.nextInt(running.size()));
            running.removeIf(task -> task == ended);
            boolean lacked = random.nextInt(4) == 0;
            boolean itsEnd = admission.ended(ended, lacked);
            assertThat(itsEnd).isEqualTo(!lacked || !accompanied.contains(ended));
            if (!itsEnd) {
                alone.add(ended);
            }
            for (OptionalInt next = admission.take(); next.isPresent(); next = admission.take()) {
                taken.add(next.getAsInt());
            }
        }
        assertThat(running).isEmpty();
        assertThat(taken).hasSize(needs.size()).isSorted().doesNotHaveDuplicates();
    }

    @Example
    void aSmallOneOvertakesALargeOneThatHasNoRoomYet() {
        Admission admission = admission(List.of(60L, 70L, 30L, 10L), 3, 100);
        assertThat(begin(admission)).containsExactly(0, 2, 3);
        assertThat(admission.ended(2, false)).isTrue();
        assertThat(begin(admission)).isEmpty();
        admission.ended(0, false);
        assertThat(begin(admission)).containsExactly(1);
        assertThat(admission.take()).hasValue(0);
        assertThat(admission.take()).isEmpty();
    }

    @Example
    void oneThatIsLargerThanAllMemoryRunsByItself() {
        Admission admission = admission(List.of(500L, 1L), 2, 100);
        assertThat(begin(admission)).containsExactly(0);
        // Alone it was: there is no use in trying again.
        assertThat(admission.ended(0, true)).isTrue();
        assertThat(begin(admission)).containsExactly(1);
    }

    @Example
    void whoeverLackedMemoryComesBeforeTheOthersOnceAllBesideItHaveEnded() {
        Admission admission = admission(List.of(1L, 1L, 1L), 2, 100);
        assertThat(begin(admission)).containsExactly(0, 1);
        assertThat(admission.ended(0, true)).isFalse();
        assertThat(begin(admission)).isEmpty();
        assertThat(admission.ended(1, false)).isTrue();
        assertThat(begin(admission)).containsExactly(0);
        assertThat(admission.ended(0, true)).isTrue();
        assertThat(begin(admission)).containsExactly(2);
    }

    @Example
    void whatDoesNotRunCannotEnd() {
        assertThatIllegalStateException()
                .isThrownBy(() -> admission(List.of(1L), 1, 1).ended(0, false));
    }

    @Example
    void aReplayHasRoomInTheHeapOfTheTests() {
        Admission.Limits limits = Admission.Limits.ofProcess(2);
        assertThat(limits.memory()).isPositive().isLessThan(Runtime.getRuntime().maxMemory());
    }
}
