package dev.gantry.orchestrator.definition.expression;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** Built-ins of jq up to 1.7 that the library lacks, or has otherwise. */
final class NewerBuiltins {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** {@code name/parameters} → body in jq. */
    static final Map<String, String> WRITTEN =
            Map.ofEntries(
                    Map.entry("repeat/f", "def _repeat: ., (f | _repeat); _repeat"),
                    Map.entry("IN/s", "any(s == .; .)"),
                    Map.entry("IN/src,s", "any(src == s; .)"),
                    Map.entry("INDEX/f", "INDEX(.[]; f)"),
                    Map.entry(
                            "INDEX/stream,f",
                            "reduce stream as $row ({}; .[$row | f | tostring] |= $row)"),
                    Map.entry("JOIN/$idx,f", "[.[] | [., $idx[f]]]"),
                    Map.entry("JOIN/$idx,stream,f", "stream | [., $idx[f]]"),
                    Map.entry("JOIN/$idx,stream,f,join", "stream | [., $idx[f]] | join"),
                    Map.entry("todate/", "todateiso8601"),
                    Map.entry("fromdate/", "fromdateiso8601"),
                    Map.entry("date/", "todateiso8601"),
                    Map.entry("dateadd/u,n", ". + n"),
                    Map.entry("datesub/u,n", ". - n"),
                    Map.entry("abs/", "if . < 0 then -. else . end"),
                    Map.entry("toarray/", "if type == \"array\" then . else [.] end"),
                    Map.entry("isempty/g", "label $go | (g | false, break $go), true"),
                    Map.entry("add/f", "reduce f as $x (null; . + $x)"),
                    Map.entry("ltrim/", "sub(\"^\\\\s+\"; \"\")"),
                    Map.entry("rtrim/", "sub(\"\\\\s+$\"; \"\")"),
                    Map.entry("trim/", "ltrim | rtrim"),
                    Map.entry("trimstr/$x", "ltrimstr($x) | rtrimstr($x)"),
                    Map.entry("ascii/", "[.] | implode"),
                    Map.entry("debug/", "."),
                    Map.entry("debug/message", "."),
                    Map.entry("have_literal_numbers/", "true"),
                    Map.entry("have_decnum/", "false"),
                    Map.entry(
                            "pick/f",
                            ". as $in | reduce path(f) as $p (null; setpath($p; $in | getpath($p)))"),
                    Map.entry(
                            "skip/$n,f",
                            "if $n < 0 then error(\"skip doesn't support negative count\") else foreach f as $x ($n; . - 1; if . < 0 then $x else empty end) end"),
                    Map.entry(
                            "bsearch/$x",
                            ". as $in | [0, length] | until(.[0] >= .[1]; ((.[0] + .[1]) / 2 | floor) as $m | if $in[$m] < $x then [$m + 1, .[1]] else [.[0], $m] end) | .[0] as $i | if $i < ($in | length) and $in[$i] == $x then $i else -1 - $i end"),
                    Map.entry(
                            "map_values/f",
                            "if type == \"array\" then [.[] | first(f)] else to_entries | [.[] | {key, value: first(.value | f)}] | _from_entries end"),
                    Map.entry(
                            "from_entries/",
                            "[.[] | {key: (if .key == null then (.k // .name // .Name // .K // .Key) else .key end | if type == \"string\" then . else tojson end), value: (if has(\"value\") then .value elif has(\"v\") then .v else .Value end)}] | _from_entries"),
                    Map.entry(
                            "reverse/",
                            "if type == \"string\" then explode | _reverse | implode elif . == null then [] else _reverse end"),
                    Map.entry(
                            "tostream/",
                            "path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q])"),
                    Map.entry(
                            "fromstream/f",
                            "{x: null, e: false} as $init | foreach f as $i ($init; if .e then $init else . end | if ($i | length) == 2 then setpath([\"e\"]; ($i[0] | length) == 0) | setpath([\"x\"] + $i[0]; $i[1]) else setpath([\"e\"]; ($i[0] | length) == 1) end; if .e then .x else empty end)"),
                    Map.entry(
                            "truncate_stream/stream",
                            ". as $n | null | stream | if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end"));

    private NewerBuiltins() {}

    /**
     * Puts those that are written in Java in place; what they replace stays under {@code _name}.
     */
    static void into(Map<String, Function> all) {
        for (String replaced : new String[] {"from_entries/0", "reverse/0"}) {
            Function old = all.get(replaced);
            if (old != null) {
                all.put("_" + replaced, old);
            }
        }
        all.putAll(Numbers.functions());
        all.putAll(Dates.functions());
        all.put(
                "@base32/0",
                new PureFunction((in, given) ->
                        TextNode.valueOf(base32(in.isTextual() ? in.textValue() : in.toString()))));
        all.put(
                "@base32d/0",
                new PureFunction((in, given) ->
                        TextNode.valueOf(
                                unbase32(in.isTextual() ? in.textValue() : in.toString()))));
    }

    private static String base32(String text) {
        Budget.requireLength(text.length() * 6.4);
        StringBuilder coded = new StringBuilder();
        long bits = 0;
        int count = 0;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bits = ((bits << 8) | (b & 0xFF)) & 0xFFFF;
            count += 8;
            while (count >= 5) {
                count -= 5;
                coded.append(BASE32.charAt((int) (bits >> count) & 31));
            }
        }
        if (count > 0) {
            coded.append(BASE32.charAt((int) (bits << (5 - count)) & 31));
        }
        while (coded.length() % 8 != 0) {
            coded.append('=');
        }
        return coded.toString();
    }

    private static String unbase32(String text) throws JsonQueryException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bits = 0;
        int count = 0;
        String digits = text.toUpperCase(Locale.ROOT).replace("=", "");
        for (int i = 0; i < digits.length(); i++) {
            int value = BASE32.indexOf(digits.charAt(i));
            if (value < 0) {
                throw new JsonQueryException("the text is not valid base32 data");
            }
            bits = ((bits << 5) | value) & 0xFFFF;
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes.write(bits >> count);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
