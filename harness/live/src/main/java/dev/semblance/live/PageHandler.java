package dev.semblance.live;

import dev.semblance.live.Resources.Resource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers requests of who may come in: with the files of the page, with what the page asks for besides, or with what is wrong. */
final class PageHandler extends Handler.Abstract {

    private static final int NONCE_BYTES = 16;

    private final Doorkeeper door;
    private final Site site;
    private final Map<String, Resource> resources;
    private final SecureRandom random = new SecureRandom();

    /** What a page asks for besides its files. */
    interface Site {

        /** {@return whether an answer may take its time} */
        boolean blocks();

        /**
         * Answers a request, if it is for something that is here.
         *
         * @param wanted what it asks for, below the page's address
         * @return whether it is
         */
        boolean answer(String wanted, Request request, Response response, Callback callback);
    }

    PageHandler(Doorkeeper door, Site site, Map<String, Resource> resources) {
        super(site.blocks() ? InvocationType.BLOCKING : InvocationType.NON_BLOCKING);
        this.door = door;
        this.site = site;
        this.resources = resources;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpFields headers = request.getHeaders();
        Optional<String> path = Optional.ofNullable(request.getHttpURI().getPath());
        boolean upgrade = headers.contains(HttpHeader.UPGRADE);
        Optional<String> wanted = path.flatMap(asked -> door.admitted(
                asked,
                Optional.ofNullable(headers.get(HttpHeader.HOST)),
                Optional.ofNullable(headers.get(HttpHeader.ORIGIN)),
                upgrade));
        secure(response);
        if (wanted.isEmpty()) {
            return refused(
                    response, callback, HttpStatus.FORBIDDEN_403, "This page is for whoever has its whole address.\n");
        }
        if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
            return refused(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "Only GET is answered.\n");
        }
        if (site.answer(wanted.get(), request, response, callback)) {
            return true;
        }
        Optional<Resource> resource = Optional.ofNullable(resources.get(wanted.get()));
        if (resource.isEmpty()) {
            return refused(response, callback, HttpStatus.NOT_FOUND_404, "There is no such file.\n");
        }
        send(response, callback, wanted.get(), resource.get());
        return true;
    }

    /** Says in place of an answer why there is none. */
    static boolean refused(Response response, Callback callback, int status, String text) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }

    /** Says what was wrong with a request that did not come as far as this, or with its answer. */
    static boolean failed(Request request, Response response, Callback callback) {
        secure(response);
        int status = response.getStatus();
        return refused(response, callback, status, HttpStatus.getMessage(status) + "\n");
    }

    private void send(Response response, Callback callback, String name, Resource resource) {
        byte[] bytes = resource.bytes();
        String styles = "'self'";
        if (name.equals(Resources.PAGE)) {
            // The console's library makes style elements.
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
            styles += " 'nonce-" + text + "'";
            bytes = new String(bytes, StandardCharsets.UTF_8)
                    .replace(Resources.NONCE, text)
                    .getBytes(StandardCharsets.UTF_8);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, resource.type());
        response.getHeaders()
                .put(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src " + styles
                                + "; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none';"
                                + " frame-ancestors 'none'; require-trusted-types-for 'script'");
        response.write(true, ByteBuffer.wrap(bytes), callback);
    }

    private static void secure(Response response) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(new HttpField(HttpHeader.CACHE_CONTROL, "no-store"));
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
    }
}
