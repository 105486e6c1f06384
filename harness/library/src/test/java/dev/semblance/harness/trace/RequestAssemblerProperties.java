package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** docs/TRACE_FORMAT.md: a long request is RequestPart events and the Command with the rest. */
class RequestAssemblerProperties {

    private static TraceEvent.Command command(int device, int queue, byte[] request) {
        return new TraceEvent.Command(
                device,
                queue,
                0,
                List.of(new Descriptor(0, 4096, 64, 0)),
                new Payload.Full(request, new byte[0]),
                0,
                Notification.SENT);
    }

    @Property
    void partsJoinToTheRequestAndOfALongOneOnlyTheFirstBytesAreKept(
            @ForAll @Size(max = 300) byte[] request,
            @ForAll @Size(max = 8) List<@IntRange(max = 80) Integer> cuts,
            @ForAll @IntRange(max = 300) int bound) {
        RequestAssembler requests = new RequestAssembler(5, bound);
        int at = 0;
        for (int cut : cuts) {
            int end = Math.min(request.length, at + cut);
            assertThat(requests.take(new TraceEvent.RequestPart(5, 1, Arrays.copyOfRange(request, at, end))))
                    .isEmpty();
            // Others' events, and pictures, stand between.
            assertThat(requests.take(new TraceEvent.RequestPart(4, 1, request))).isEmpty();
            assertThat(requests.take(command(4, 1, request))).isEmpty();
            assertThat(requests.take(new TraceEvent.ScanoutDisabled(0))).isEmpty();
            at = end;
            assertThat(requests.length()).isEqualTo(at);
        }
        Request whole = requests.take(command(5, 1, Arrays.copyOfRange(request, at, request.length)))
                .orElseThrow();
        assertThat(whole.length()).isEqualTo(request.length);
        assertThat(whole.bytes()).isEqualTo(Arrays.copyOf(request, Math.min(bound, request.length)));
        assertThat(whole.isWhole()).isEqualTo(request.length <= bound);
        assertThat(requests.length()).isZero();
        // Nothing of it is left for the next.
        assertThat(requests.take(command(5, 1, new byte[0]))).contains(Request.NONE);
    }

    @Example
    void partsOfAnotherQueueOrBeforeAResetOrADisksCommandBelongToNothing() {
        RequestAssembler requests = RequestAssembler.ofAllDevices(100);
        TraceEvent part = new TraceEvent.RequestPart(0, 0, new byte[] {1});
        Request alone = new Request(new byte[] {2}, 1);
        for (TraceEvent between : List.of(
                new TraceEvent.RequestPart(0, 1, new byte[] {9}),
                new TraceEvent.RequestPart(1, 0, new byte[] {9}),
                command(1, 0, new byte[] {9}),
                new TraceEvent.Reset(0),
                new TraceEvent.Command(
                        0,
                        0,
                        0,
                        List.of(),
                        new Payload.Disk(new byte[16], 0, 0, 0, OptionalLong.empty()),
                        0,
                        Notification.SENT))) {
            requests.take(part);
            requests.take(between);
            assertThat(requests.take(command(0, 0, new byte[] {2}))).contains(alone);
        }
        requests.take(part);
        assertThat(requests.take(command(0, 0, new byte[] {2})))
                .isEqualTo(Optional.of(new Request(new byte[] {1, 2}, 2)));
    }

    /** 2 GiB of parts, and what is held stays within the bound. */
    @Example
    void noMoreThanTheBoundIsHeldWhateverComes() {
        RequestAssembler requests = new RequestAssembler(0, 1000);
        TraceEvent part = new TraceEvent.RequestPart(0, 0, new byte[EventParts.PART_BYTES]);
        for (int i = 0; i < 9000; i++) {
            requests.take(part);
        }
        Request request = requests.take(command(0, 0, new byte[1])).orElseThrow();
        assertThat(request.length()).isEqualTo(9000L * EventParts.PART_BYTES + 1);
        assertThat(request.bytes()).hasSize(1000);
        assertThat(request.isWhole()).isFalse();
    }
}
