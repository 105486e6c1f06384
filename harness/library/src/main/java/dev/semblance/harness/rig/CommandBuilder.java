package dev.semblance.harness.rig;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import java.util.List;
import java.util.Optional;

/** Makes a command that differs from another one in some of its parts. Not for several threads at once. */
public final class CommandBuilder {

    private final Queue queue;
    private Optional<String> id;
    private List<MemoryWrite> memory;
    private byte[] request;
    private List<Integer> requestSplit;
    private int responseLength;
    private List<Integer> responseSplit;
    private byte[] responseFill;
    private List<RawDescriptor> chain;
    private boolean indirect;
    private boolean noInterrupt;

    CommandBuilder(Command command) {
        this.queue = command.queue();
        this.id = command.id();
        this.memory = command.memory();
        this.request = command.request();
        this.requestSplit = command.requestSplit();
        this.responseLength = command.responseLength();
        this.responseSplit = command.responseSplit();
        this.responseFill = command.responseFill();
        this.chain = command.chain();
        this.indirect = command.indirect();
        this.noInterrupt = command.noInterrupt();
    }

    /**
     * Sets the name of the line.
     *
     * @param value as {@link Command#id}
     * @return this
     */
    public CommandBuilder id(Optional<String> value) {
        id = value;
        return this;
    }

    /**
     * Sets what is written to memory before.
     *
     * @param value as {@link Command#memory}
     * @return this
     */
    public CommandBuilder memory(List<MemoryWrite> value) {
        memory = value;
        return this;
    }

    /**
     * Sets the request, and how it is cut into buffers.
     *
     * @param value as {@link Command#request}
     * @param split as {@link Command#requestSplit}
     * @return this
     */
    public CommandBuilder request(byte[] value, List<Integer> split) {
        request = value;
        requestSplit = split;
        return this;
    }

    /**
     * Sets the room for the response, and how it is cut into buffers.
     *
     * @param length as {@link Command#responseLength}, in bytes
     * @param split as {@link Command#responseSplit}
     * @return this
     */
    public CommandBuilder response(int length, List<Integer> split) {
        responseLength = length;
        responseSplit = split;
        return this;
    }

    /**
     * Sets what the room for the response is filled with before.
     *
     * @param value as {@link Command#responseFill}
     * @return this
     */
    public CommandBuilder responseFill(byte[] value) {
        responseFill = value;
        return this;
    }

    /**
     * Sets the descriptors.
     *
     * @param value as {@link Command#chain}
     * @return this
     */
    public CommandBuilder chain(List<RawDescriptor> value) {
        chain = value;
        return this;
    }

    /**
     * Sets whether the descriptors lie in an indirect table.
     *
     * @param value as {@link Command#indirect}
     * @return this
     */
    public CommandBuilder indirect(boolean value) {
        indirect = value;
        return this;
    }

    /**
     * Sets whether no interrupt is asked for.
     *
     * @param value as {@link Command#noInterrupt}
     * @return this
     */
    public CommandBuilder noInterrupt(boolean value) {
        noInterrupt = value;
        return this;
    }

    /** {@return the command} */
    public Command build() {
        return new Command(
                id,
                queue,
                memory,
                request,
                requestSplit,
                responseLength,
                responseSplit,
                responseFill,
                chain,
                indirect,
                noInterrupt);
    }
}
