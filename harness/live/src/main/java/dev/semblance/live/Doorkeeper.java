package dev.semblance.live;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says who may come in: who knows the token, which is the first segment of the path, asks for this computer by a name that no other
 * site can have in its place (so that no name of theirs that leads here is taken), and comes from this page or from no page.
 */
final class Doorkeeper {

    private static final int TOKEN_BYTES = 16;

    /** The port is any: where ssh or a container forwards it, another one is asked for. */
    private static final Pattern HERE = Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1\\])(:[0-9]{1,5})?");

    private final String token;

    private Doorkeeper(String token) {
        this.token = token;
    }

    /** Makes one with a token that nobody can guess. */
    static Doorkeeper make() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Doorkeeper(HexFormat.of().formatHex(bytes));
    }

    String token() {
        return token;
    }

    /**
     * Returns what is asked for, behind the token, of a request that may be answered.
     *
     * @param path of the request's address, as it came
     * @param host the Host header
     * @param origin the Origin header, if there is one
     * @param socket whether it asks for a WebSocket, which other sites could ask for too: only the Origin tells
     */
    Optional<String> admitted(String path, Optional<String> host, Optional<String> origin, boolean socket) {
        boolean here = host.filter(name -> HERE.matcher(name).matches()).isPresent();
        boolean own = origin.map(from ->
                        host.filter(name -> from.equals("http://" + name)).isPresent())
                .orElse(!socket);
        int end = path.indexOf('/', 1);
        if (!here || !own || !path.startsWith("/") || end < 0 || !isToken(path.substring(1, end))) {
            return Optional.empty();
        }
        return Optional.of(path.substring(end + 1));
    }

    /** In a time that does not tell how much of it is right. */
    private boolean isToken(String said) {
        return MessageDigest.isEqual(said.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }
}
