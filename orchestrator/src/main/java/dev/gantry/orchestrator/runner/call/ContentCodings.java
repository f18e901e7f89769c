package dev.gantry.orchestrator.runner.call;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Unpacks answers that servers pack, asked or not. What comes out is bounded like what comes in, so
 * that a small answer cannot fill the heap. Source: RFC 9110, 8.4.
 */
final class ContentCodings {
    /** More have no use, and each costs a run through the whole body. */
    private static final int MOST = 4;

    /** What packing adds to bytes that cannot be packed, at most: of what is packed twice. */
    private static final int OVERHEAD = 64 << 10;

    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,30}");

    private ContentCodings() {}

    /** The answer with its body as it was meant, and without the headers of how it was packed. */
    static Answer unpacked(String host, Answer answer, long maxBytes) throws CallFailed {
        String header = answer.header("content-encoding");
        List<String> codings = codings(header == null ? "" : header);
        if (codings.isEmpty() || answer.body().length == 0) {
            return answer;
        }
        if (codings.size() > MOST) {
            throw CallFailed.unreadable(
                    "the answer of %s is packed %d times over; at most %d are unpacked"
                            .formatted(host, codings.size(), MOST));
        }
        byte[] body = answer.body();
        for (int i = codings.size() - 1; i >= 0; i--) {
            body = unpack(host, codings.get(i), body, i == 0 ? maxBytes : maxBytes + OVERHEAD);
        }
        Map<String, String> headers = new TreeMap<>(answer.headers());
        headers.keySet().removeAll(List.of("content-encoding", "content-length"));
        return new Answer(answer.status(), headers, body);
    }

    /** In the order in which they were applied. */
    private static List<String> codings(String header) {
        List<String> codings = new ArrayList<>();
        for (String coding : header.split(",", -1)) {
            String name = coding.strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !name.equals("identity")) {
                codings.add(name);
            }
        }
        return codings;
    }

    private static byte[] unpack(String host, String coding, byte[] body, long maxBytes)
            throws CallFailed {
        int most = (int) Math.min(maxBytes, Integer.MAX_VALUE - 8);
        byte[] unpacked;
        try (InputStream unpacking = stream(host, coding, new ByteArrayInputStream(body))) {
            unpacked = unpacking.readNBytes(most);
            if (unpacking.read() >= 0) {
                throw CallFailed.tooLarge(host, maxBytes);
            }
        } catch (IOException e) {
            throw CallFailed.unreadable(
                    "the answer of %s is declared as packed with '%s' and cannot be unpacked"
                            .formatted(host, coding));
        }
        return unpacked;
    }

    private static InputStream stream(String host, String coding, InputStream body)
            throws CallFailed, IOException {
        return switch (coding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(body);
            case "deflate" -> inflating(body);
            default ->
                    throw CallFailed.unreadable(
                            "the answer of %s is packed with %s, which cannot be unpacked here;"
                                            .formatted(
                                                    host,
                                                    NAME.matcher(coding).matches()
                                                            ? "'" + coding + "'"
                                                            : "something without a name")
                                    + " gzip and deflate can, and a header 'Accept-Encoding' asks for them");
        };
    }

    /** Many servers leave away the zlib header that the coding should have. Source: RFC 1950. */
    private static InputStream inflating(InputStream body) throws IOException {
        body.mark(2);
        int method = body.read();
        int flags = body.read();
        body.reset();
        boolean hasHeader = (method & 0x0f) == 8 && (method << 8 | flags) % 31 == 0;
        return new Unpacking(body, new Inflater(!hasHeader));
    }

    /** The stream does not release an inflater that it did not make. */
    private static final class Unpacking extends InflaterInputStream {
        Unpacking(InputStream body, Inflater inflater) {
            super(body, inflater);
        }

        @Override
        public void close() throws IOException {
            super.close();
            inf.end();
        }
    }
}
