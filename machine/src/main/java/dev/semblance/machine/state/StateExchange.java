package dev.semblance.machine.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * What the fields of a {@link Stateful} part are passed through, one after the other. There are three: one digests the fields
 * that a guest can see, one saves all fields, one loads them. A part writes {@code status = s.digested(status)}, and that is
 * right for all three.
 *
 * <p>Only loading returns other values than it is given, and only then are bounds checked, in 64 bits: what is loaded can be
 * damaged, or of another machine. It is refused then by an exception that the parts do not see; see {@link SavedState#loadInto}.
 */
public abstract sealed class StateExchange permits DigestExchange, SaveExchange, LoadExchange {

    StateExchange() {}

    // ---- what is exchanged: each implementation has these --------------------------------------------------------

    abstract int exchange(int value, boolean digested);

    abstract long exchange(long value, boolean digested);

    abstract boolean exchange(boolean value, boolean digested);

    abstract byte[] exchange(byte[] block, int length, boolean digested);

    abstract int[] exchange(int[] row, int length);

    /**
     * Begins a part of the saved form, which a digest does not have: so that a form that has shifted is found where it did.
     *
     * @param tag four ASCII characters
     * @param version of the part's form, from 1
     */
    public abstract void part(String tag, int version);

    /**
     * Digests what is saved in another form: a checksum for pixels, for instance.
     *
     * @param writer writes what is digested; called by a digest alone
     */
    public abstract void onlyDigested(Consumer<StateSink> writer);

    /** {@return whether fields are to take what is returned, since a state is loaded} */
    public abstract boolean isLoading();

    /** {@return whether blocks that pass are shared with a saved state from here on: nobody may change them any more} */
    public abstract boolean sharesBlocks();

    /**
     * Does something when all parts are loaded; nothing else than loading does it.
     *
     * @param action connects what one part has with what another has, or checks it
     */
    public abstract void whenLoaded(Runnable action);

    /**
     * Refuses what is loaded unless a condition holds; whoever digests or saves does not look at it.
     *
     * @param condition whether the fields are such as this machine can have
     * @param what what is wrong otherwise, as the end of a sentence
     */
    public abstract void require(boolean condition, String what);

    // ---- numbers ------------------------------------------------------------------------------------------------

    /**
     * {@return a field that a guest can see}
     *
     * @param value as it is
     */
    public final int digested(int value) {
        return exchange(value, true);
    }

    /**
     * {@return a field that a guest can see}
     *
     * @param value as it is
     * @param least the least that it can be
     * @param most the most that it can be
     */
    public final int digested(int value, int least, int most) {
        return inside(exchange(value, true), least, most);
    }

    /**
     * {@return a field that a guest can see}
     *
     * @param value as it is
     */
    public final long digested(long value) {
        return exchange(value, true);
    }

    /**
     * {@return a field that a guest can see; digested as the int 0 or 1}
     *
     * @param value as it is
     */
    public final boolean digested(boolean value) {
        return exchange(value, true);
    }

    /**
     * {@return a field that a guest can see, by a number that stays for good}
     *
     * @param value as it is
     * @param values all that it can be
     * @param number the number of each
     * @param <E> what the field holds
     */
    public final <E> E digested(E value, List<E> values, ToIntFunction<E> number) {
        return withNumber(exchange(number.applyAsInt(value), true), value, values, number);
    }

    /**
     * {@return a field that a guest cannot see, but which decides what comes}
     *
     * @param value as it is
     */
    public final int saved(int value) {
        return exchange(value, false);
    }

    /**
     * {@return a field that a guest cannot see, but which decides what comes}
     *
     * @param value as it is
     * @param least the least that it can be
     * @param most the most that it can be
     */
    public final int saved(int value, int least, int most) {
        return inside(exchange(value, false), least, most);
    }

    /**
     * {@return a field that a guest cannot see, but which decides what comes}
     *
     * @param value as it is
     */
    public final long saved(long value) {
        return exchange(value, false);
    }

    /**
     * {@return a field that a guest cannot see, but which decides what comes}
     *
     * @param value as it is
     */
    public final boolean saved(boolean value) {
        return exchange(value, false);
    }

    // ---- what belongs to the machine rather than to its state ---------------------------------------------------

    /**
     * Takes a number that is digested and that no guest can change; a state that has another one is of another machine.
     *
     * @param value the number
     * @param what it is, as the end of a sentence
     */
    public final void digestedConstant(int value, String what) {
        require(exchange(value, true) == value, "it is of a machine with another " + what);
    }

    /**
     * Takes a number that is not digested and that no guest can change; a state that has another one is of another machine.
     *
     * @param value the number
     * @param what it is, as the end of a sentence
     */
    public final void savedConstant(long value, String what) {
        require(exchange(value, false) == value, "it is of a machine with another " + what);
    }

    // ---- lists and blocks ---------------------------------------------------------------------------------------

    /**
     * {@return the length of a list, which a guest can see}
     *
     * @param size as it is
     * @param most how long it can be
     */
    public final int digestedCount(int size, int most) {
        return count(exchange(size, true), most);
    }

    /**
     * {@return the length of a list, which a guest cannot see}
     *
     * @param size as it is
     * @param most how long it can be
     */
    public final int savedCount(int size, int most) {
        return count(exchange(size, false), most);
    }

    /**
     * Exchanges the items of a list. When a state is loaded, the items of before are replaced.
     *
     * @param items the list
     * @param count its length, as one of the two above returned it
     * @param blank what is passed in place of an item that is yet to be loaded
     * @param item exchanges one
     * @param <T> what the list holds
     */
    public final <T> void items(Collection<T> items, int count, T blank, UnaryOperator<T> item) {
        List<T> exchanged = new ArrayList<>();
        for (T each : isLoading() ? Collections.nCopies(count, blank) : items) {
            exchanged.add(item.apply(each));
        }
        if (isLoading()) {
            items.clear();
            items.addAll(exchanged);
        }
    }

    /**
     * {@return bytes that a guest can see, to be kept, and not to be changed if {@link #sharesBlocks}}
     *
     * @param block the bytes as they are; any array when a state is loaded
     * @param length how many they must be
     */
    public final byte[] digestedBlock(byte[] block, int length) {
        return exchange(block, length, true);
    }

    /**
     * {@return bytes that are digested in another form or not at all, to be kept, and not to be changed if {@link #sharesBlocks}}
     *
     * @param block the bytes as they are; any array when a state is loaded
     * @param length how many they must be
     */
    public final byte[] savedBlock(byte[] block, int length) {
        return exchange(block, length, false);
    }

    /**
     * {@return pixels that are digested in another form or not at all, to be kept, and never to be changed}
     *
     * @param row the pixels as they are; any array when a state is loaded
     * @param length how many they must be
     */
    public final int[] savedRow(int[] row, int length) {
        return exchange(row, length);
    }

    // ---- checks -------------------------------------------------------------------------------------------------

    /** {@return how many items there can be still, each of which takes a byte at least} */
    abstract long room();

    private int count(int count, int most) {
        require(count >= 0 && count <= most && count <= room(), "a list of it has an impossible length");
        return count;
    }

    private int inside(int value, int least, int most) {
        require(value >= least && value <= most, "a number of it is out of its bounds");
        return value;
    }

    private <E> E withNumber(int found, E value, List<E> values, ToIntFunction<E> number) {
        if (!isLoading()) {
            return value;
        }
        for (E each : values) {
            if (number.applyAsInt(each) == found) {
                return each;
            }
        }
        require(false, "a number of it stands for nothing");
        return value;
    }
}
