package dev.gantry.orchestrator.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gantry.orchestrator.definition.plan.Arguments;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What went wrong in practice, and its like: program, input, and all results as a list. */
class JqCasesTest {
    private static final String NUMBERS =
            """
            . * 10 ~ 1000000000000000000 ~ [10000000000000000000]
            . + 1 ~ 9223372036854775807 ~ [9223372036854775808]
            . - 1 ~ -9223372036854775808 ~ [-9223372036854775809]
            . + 0 ~ 12345678901234567890 ~ [12345678901234567890]
            -. ~ 12345678901234567890 ~ [-12345678901234567890]
            -. ~ -9223372036854775808 ~ [9223372036854775808]
            4294967296 * 4294967296 ~ null ~ [18446744073709551616]
            reduce range(1; 26) as $i (1; . * $i) ~ null ~ [15511210043330985984000000]
            map(.wei) | add ~ [{"wei":5000000000000000000},{"wei":7000000000000000000}] ~ [12000000000000000000]
            . / 10, . % 7 ~ 12345678901234567890 ~ [1234567890123456789, 0]
            9007199254740993 + 1 ~ null ~ [9007199254740994]
            . == 12345678901234567890 ~ 12345678901234567890 ~ [true]
            . == 12345678901234567891 ~ 12345678901234567890 ~ [false]
            . < 12345678901234567891 ~ 12345678901234567890 ~ [true]
            sort, unique, min, max ~ [20000000000000000000, 3, 10000000000000000000, 3] ~ [[3,3,10000000000000000000,20000000000000000000],[3,10000000000000000000,20000000000000000000],3,20000000000000000000]
            group_by(.) | length ~ [12345678901234567890, 12345678901234567891, 12345678901234567890] ~ [2]
            tostring, tojson, @text, "\\(.)" ~ 12345678901234567890 ~ ["12345678901234567890","12345678901234567890","12345678901234567890","12345678901234567890"]
            tonumber ~ "123456789012345678901234567890" ~ [123456789012345678901234567890]
            floor, ceil, round, abs ~ 12345678901234567890 ~ [12345678901234567000, 12345678901234567000, 12345678901234567000, 12345678901234567890]
            [limit(99999999999999999999; 1, 2)] ~ null ~ [[1,2]]
            .[99999999999999999999] ~ [1] ~ [null]
            .[:99999999999999999999] ~ [1] ~ [[1]]
            indices(12345678901234567890) ~ [1, 12345678901234567890] ~ [[1]]
            first(range(1e19; 1e20; 1e19)) ~ null ~ [1e19]
            1e2 | tostring ~ null ~ ["100"]
            1.50 | tostring ~ null ~ ["1.50"]
            tostring ~ 1.10 ~ ["1.10"]
            0.1 + 0.2 | tostring ~ null ~ ["0.30000000000000004"]
            3.0 + 0 | tostring ~ null ~ ["3"]
            infinite, -infinite, nan, (1e308 * 10), 1e1000, [nan], {a: infinite} ~ null ~ [1.7976931348623157e308,-1.7976931348623157e308,null,1.7976931348623157e308,1.7976931348623157e308,[null],{"a":1.7976931348623157e308}]
            [infinite, nan] | tostring ~ null ~ ["[1.7976931348623157e+308,null]"]
            reduce .[] as $x (infinite; if $x < . then $x else . end) ~ [3,1,2] ~ [1]
            [nan] | sort, unique, (.[0] < 1), (.[0] == .[0]) ~ null ~ [[null],[null],true,false]
            [1, 1.0, 1.00] | unique ~ null ~ [[1]]
            """;

    private static final String TEXTS =
            """
            ascii_downcase, ascii_upcase ~ "aB😁ÄÖ𝔘" ~ ["ab😁ÄÖ𝔘","AB😁ÄÖ𝔘"]
            explode | implode ~ "a😁𝔘" ~ ["a😁𝔘"]
            implode ~ [97, 128513, 1114112, 55296] ~ ["a😁��"]
            explode | reverse | implode ~ "a😁b" ~ ["b😁a"]
            reverse, (. / ""), length ~ "a😁b" ~ ["b😁a",["a","😁","b"],3]
            trim, ltrim, rtrim ~ "\\n line1\\n\\nline3 \\n" ~ ["line1\\n\\nline3","line1\\n\\nline3 \\n","\\n line1\\n\\nline3"]
            ltrim ~ "a\\n  b" ~ ["a\\n  b"]
            index("b"), rindex("b"), indices("b"), .[:index("b")], .[index("b"):] ~ "a😁b" ~ [2,2,[2],"a😁","b"]
            indices("aa") ~ "aaa" ~ [[0,1]]
            indices("") ~ "abc" ~ [[]]
            [match("b"; "g").offset], [match("."; "g").string] ~ "a😁b" ~ [[2],["a","😁","b"]]
            ltrimstr("😁"), rtrimstr("😁"), startswith("😁") ~ "😁a😁" ~ ["a😁","😁a",true]
            [match("\\\\w+"; "g").string] ~ "zażółć gęślą ab_1" ~ [["zażółć","gęślą","ab_1"]]
            gsub("\\\\b"; "|") ~ "zażółć x" ~ ["|zażółć| |x|"]
            [match("\\\\d+"; "g").string], [match("\\\\s+"; "g").offset] ~ "1٣ x" ~ [["1٣"],[2]]
            [match("[[:alpha:]]+"; "g").string], [match("[^[:alpha:]]+"; "g").string] ~ "zażó1-a" ~ [["zażó","a"],["1-"]]
            [match("^a"; "g").offset], [match("a$"; "g").offset], [match("^."; "gp").offset] ~ "a\\na" ~ [[0],[2],[0]]
            test("a$") ~ "a\\n" ~ [true]
            [match("."; "g").string], [match("."; "gs").string], [match("."; "gp").string] ~ "a\\nb" ~ [["a","b"],["a","b"],["a","\\n","b"]]
            [match("a|ab"; "l").string], [match("a*"; "gn").string] ~ "aab" ~ [["ab"],["aa"]]
            [match("a b # c"; "x").string], test("A B"; "ix") ~ "xab" ~ [["ab"],true]
            test("[a b]"; "x") ~ " " ~ [true]
            capture("(?<first_name>\\\\w+) (?<last_name>\\\\w+)") ~ "Ada Lovelace" ~ [{"first_name":"Ada","last_name":"Lovelace"}]
            test("(?<x>a)\\\\k<x>") ~ "baa" ~ [true]
            [match("\\\\p{Greek}+"; "g").string], [match("\\\\p{L}+"; "g").string] ~ "aβγ1" ~ [["βγ"],["aβγ"]]
            sub("(?<x>a)"; "\\(.x)1", "2"), [gsub("a"; "b", "c")] ~ "aba" ~ ["a1ba","2ba",["bbb","cbc"]]
            [match("(a)?b").captures[0] | .offset, .string] ~ "b" ~ [[-1,null]]
            gsub("^"; "x"), gsub("$"; "x"), gsub(""; "-") ~ "ab" ~ ["xab","abx","-a-b-"]
            [splits(", *"; null)], split(", *"; null), [splits("b"; "i")] ~ "a, B,c" ~ [["a","B","c"],["a","B","c"],["a, ",",c"]]
            """;

    private static final String OTHERS =
            """
            . as {$a} | $a ~ {"a":1} ~ [1]
            . as {$a, b: [$c, {$d}]} | [$a, $c, $d] ~ {"a":1,"b":[2,{"d":3}]} ~ [[1,2,3]]
            . as {$a: [$b]} | [$a, $b] ~ {"a":[1]} ~ [[[1],1]]
            . as {"a": $x, ("b", "c"): $y} | [$x, $y] ~ {"a":1,"b":2,"c":3} ~ [[1,2],[1,3]]
            . as {"a\\(1)": $x, if: $y} | [$x, $y] ~ {"a1":1,"if":2} ~ [[1,2]]
            reduce .[] as {$a} (0; . + $a) ~ [{"a":1},{"a":2}] ~ [3]
            [foreach .[] as {$a, b: [$b]} (0; . + $a; [., $b])] ~ [{"a":1,"b":[5]},{"a":2}] ~ [[[1,5],[3,null]]]
            reduce .[] as [$i, $j] (0; . + $i * $j) ~ [[1,2],[3,4]] ~ [14]
            null as [$a, {$b}] | [$a, $b] ~ null ~ [[null,null]]
            [paths], [..], [recurse], [path(..)] ~ {"a":null,"b":[null]} ~ [[["a"],["b"],["b",0]],[{"a":null,"b":[null]},null,[null],null],[{"a":null,"b":[null]},null,[null],null],[[],["a"],["b"],["b",0]]]
            [leaf_paths], [paths(type == "null")] ~ {"a":null,"b":[null, 1]} ~ [[["b",1]],[["a"],["b",0]]]
            to_entries, with_entries(.value |= (. // 0)) ~ {"a":null} ~ [[{"key":"a","value":null}],{"a":0}]
            getpath(["a","b"]), getpath(["a","b","c"]), delpaths([["a","b"],["x"]]), del(.a.b, .c) ~ {"a":{"b":null},"c":1} ~ [null,null,{"a":{},"c":1},{"a":{}}]
            walk(if . == null then 0 else . end) ~ [null,{"a":null}] ~ [[0,{"a":0}]]
            tostream ~ {"a":null} ~ [[["a"],null],[["a"]]]
            [limit(2; .[])], first(.[]), isempty(.[]), [.[] | values] ~ [null,1,2] ~ [[null,1],null,false,[1,2]]
            (.. |= empty), (.[] |= empty), (.[0] |= empty) ~ [1,2] ~ [null,[],[2]]
            (.[] | select(. > 1)) |= empty ~ [1,2,3] ~ [[1]]
            .hits[] |= {n: .a} ~ {"hits":[{"a":1},{"a":2}]} ~ [{"hits":[{"n":1},{"n":2}]}]
            .a += (1, 2), (.b //= 3) ~ {"a":10} ~ [{"a":11},{"a":12},{"a":10,"b":3}]
            def f(g): def h: g; [h, h]; f(1) ~ null ~ [[1,1]]
            def f: 1; def g: f + 1; def f: 10; g ~ null ~ [2]
            [range(3) as $x | label $f | ($x, break $f, 5)] ~ null ~ [[0,1,2]]
            def f(x): label $out | (x | if . > 1 then ., break $out else . end); [f(1, 2, 3)] ~ null ~ [[1,2]]
            try (1, error("x"), 3) catch ., (try error(null) catch .), [.[]?] ~ null ~ [1,"x",null,[]]
            {a: (1, 2), b: (3, 4)} | .a + .b ~ null ~ [4,5,5,6]
            del(.[0:2], .[1]), del(.[1, 0, -1]), delpaths([[0], [{"start": 1, "end": 3}]]) ~ [1,2,3,4] ~ [[3,4],[3],[4]]
            [range(0; 3; null)], [limit(3; range(null; 3; 1))], nth(1.5; 1, 2, 3), flatten(0.5) ~ [[[1]]] ~ [[],[null,1,2],3,[1]]
            map(isnan, isinfinite, isnormal) ~ ["a", null] ~ [[false,false,false,false,false,false]]
            contains({a: 1}), {a: empty, (1, 2): 3} ~ {"a":"x"} ~ [false]
            {total: .a + .b, c: .a | . + 1} ~ {"a":1,"b":2} ~ [{"total":3,"c":2}]
            ..[0]?, .a.["b"], ."a"."b" ~ {"a":{"b":1}} ~ [1,1]
            """;

    private static final String DATES =
            """
            strftime("%U|%C|%D|%c|%x|%X|%G|%V|%g|%w|%W|%P|%r|%h|%u|%y|%s|%k|%l|%R|%z|%Z|%e|%j|%n|%t|%%") ~ 1425599621 ~ ["09|20|03/05/15|Thu Mar  5 23:53:41 2015|03/05/15|23:53:41|2015|10|15|4|09|pm|11:53:41 PM|Mar|4|15|1425599621|23|11|23:53|+0000|UTC| 5|064|\\n|\\t|%"]
            strftime("%U|%W|%V|%G|%u|%w|%j") ~ 0 ~ ["00|00|01|1970|4|4|001"]
            strftime("%U|%W|%V|%G|%g") ~ 1609459200 ~ ["00|00|53|2020|20"]
            strftime("%A %B %d %Y %p %I") ~ [2015,2,5,23,51,47,4,63] ~ ["Thursday March 05 2015 PM 11"]
            gmtime | .[5] ~ 1425599621.678 ~ [41.67799997329712]
            fromdate ~ "2015-3-5T23:51:47Z" ~ [1425599507]
            strptime("%d %b %Y"), strptime("%d %B %Y") ~ "5 march 2015" ~ [[2015,2,5,0,0,0,4,63],[2015,2,5,0,0,0,4,63]]
            strptime("%Y%m%d%H%M") | mktime ~ "201503052351" ~ [1425599460]
            strptime("%s") | mktime ~ "1425599621" ~ [1425599621]
            strptime("%d/%m/%y %l:%M %p") | todate ~ "05/03/15 11:51 pm" ~ ["2015-03-05T23:51:00Z"]
            strptime("%I %p") | .[3] ~ "12 AM" ~ [0]
            """;

    static Stream<String> cases() {
        return Stream.of(NUMBERS, TEXTS, OTHERS, DATES).flatMap(String::lines);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatJqGives(String line) {
        String[] parts = line.split(" ~ ", -1);

        String result = Evaluations.results(parts[0], parts[1]);

        assertThat(result).doesNotStartWith("!");
        assertThat(Evaluations.same(Evaluations.json(result), Evaluations.json(parts[2])))
                .as("%s is %s", result, parts[2])
                .isTrue();
    }

    @Test
    void makesNumbersThatJsonDoesNotHaveFitForJson() throws Exception {
        JsonNode filled =
                Templates.value(
                                Evaluations.json(
                                        "{\"a\": \"${ infinite }\", \"b\": [\"${ {x: [nan, -infinite]} }\"]}"),
                                "",
                                (pointer, message) -> {})
                        .evaluate(NullNode.getInstance(), Arguments.NONE);

        assertThat(filled.toString())
                .isEqualTo(
                        "{\"a\":1.7976931348623157E308,\"b\":[{\"x\":[null,-1.7976931348623157E308]}]}");
    }
}
