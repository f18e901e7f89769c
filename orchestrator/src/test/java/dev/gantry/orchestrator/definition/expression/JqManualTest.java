package dev.gantry.orchestrator.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.orchestrator.definition.plan.Arguments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the manual of jq 1.7: program, input, and all results as a list. */
class JqManualTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String EXAMPLES =
            """
            .foo ~ {"foo": 42, "bar": 1} ~ [42]
            .["foo"] ~ {"foo": 42} ~ [42]
            .["foo"]? ~ {"foo": 42} ~ [42]
            [.foo?] ~ [1,2] ~ [[]]
            .[2:4] ~ ["a","b","c","d","e"] ~ [["c","d"]]
            .[2:4] ~ "abcdefghi" ~ ["cd"]
            .[:3] ~ ["a","b","c","d","e"] ~ [["a","b","c"]]
            .[-2:] ~ ["a","b","c","d","e"] ~ [["d","e"]]
            .[-2] ~ [1,2,3] ~ [2]
            .[]? ~ {"a":1,"b":1} ~ [1,1]
            .user, .projects[] ~ {"user":"stedolan", "projects": ["jq", "wikiflow"]} ~ ["stedolan","jq","wikiflow"]
            .[] | .name ~ [{"name":"JSON"},{"name":"XML"}] ~ ["JSON","XML"]
            (. + 2) * 5 ~ 1 ~ [15]
            {(.[]|tostring): .} | keys ~ [1] ~ [["1"]]
            {user, title: .titles[]} ~ {"user":"s","titles":["J","M"]} ~ [{"user":"s","title":"J"},{"user":"s","title":"M"}]
            {(.user): .titles} ~ {"user":"s","titles":["J"]} ~ [{"s":["J"]}]
            .. | numbers ~ [[{"a":1}]] ~ [1]
            .a + null ~ {"a": 1} ~ [1]
            {a: 1} + {b: 2} + {c: 3} + {a: 42} ~ null ~ [{"a":42,"b":2,"c":3}]
            4 - .a ~ {"a":3} ~ [1]
            . - ["xml", "yaml"] ~ ["xml", "yaml", "json"] ~ [["json"]]
            10 / . * 3 ~ 5 ~ [6]
            . / ", " ~ "a, b,c,d, e" ~ [["a","b,c,d","e"]]
            {"k": {"a": 1, "b": 2}} * {"k": {"a": 0,"c": 3}} ~ null ~ [{"k":{"a":0,"b":2,"c":3}}]
            .[] | (1 / .)? ~ [1,0,-1] ~ [1,-1]
            abs ~ -10 ~ [10]
            map(abs) ~ [-10, -1.5, 3] ~ [[10,1.5,3]]
            .[] | length ~ [[1,2], "string", {"a":2}, null, -5] ~ [2,6,1,0,5]
            utf8bytelength ~ "\\u03bc" ~ [2]
            not ~ true ~ [false]
            keys ~ {"abc": 1, "abcd": 2, "Foo": 3} ~ [["Foo","abc","abcd"]]
            map(has("foo")) ~ [{"foo": 42}, {}] ~ [[true,false]]
            map(in([0,1])) ~ [2, 0] ~ [[false,true]]
            map_values(.+1) ~ {"a": 1, "b": 2} ~ [{"a":2,"b":3}]
            map_values(empty) ~ [1] ~ [[]]
            pick(.a, .b.c, .x) ~ {"a": 1, "b": {"c": 2, "d": 3}, "e": 4} ~ [{"a":1,"b":{"c":2},"x":null}]
            pick(.[2], .[0], .[0]) ~ [1,2,3,4] ~ [[1,null,3]]
            path(.a[0].b) ~ null ~ [["a",0,"b"]]
            [path(..)] ~ {"a":[{"b":1}]} ~ [[[],["a"],["a",0],["a",0,"b"]]]
            del(.foo) ~ {"foo": 42, "bar": 9001} ~ [{"bar":9001}]
            del(.[1, 2]) ~ ["foo", "bar", "baz"] ~ [["foo"]]
            getpath(["a","b"]) ~ null ~ [null]
            [getpath(["a","b"], ["a","c"])] ~ {"a":{"b":0, "c":1}} ~ [[0,1]]
            setpath(["a","b"]; 1) ~ null ~ [{"a":{"b":1}}]
            delpaths([["a","b"]]) ~ {"a":{"b":1},"x":{"y":2}} ~ [{"a":{},"x":{"y":2}}]
            to_entries ~ {"a": 1, "b": 2} ~ [[{"key":"a","value":1},{"key":"b","value":2}]]
            from_entries ~ [{"key":"a","value":1},{"name":"b","v":2},{"k":"c","Value":3}] ~ [{"a":1,"b":2,"c":3}]
            with_entries(.key |= "KEY_" + .) ~ {"a": 1} ~ [{"KEY_a":1}]
            map(select(. >= 2)) ~ [1,5,3,0,7] ~ [[5,3,7]]
            .[] | select(.id == "second") ~ [{"id":"first"},{"id":"second"}] ~ [{"id":"second"}]
            1, empty, 2 ~ null ~ [1,2]
            try error catch . ~ "error message" ~ ["error message"]
            try error("\\("x")") catch . ~ null ~ ["x"]
            try error({a: 1}) catch .a ~ null ~ [1]
            map(values) ~ [1, null, false] ~ [[1,false]]
            [paths] ~ [1,[[],{"a":2}]] ~ [[[0],[1],[1,0],[1,1],[1,1,"a"]]]
            [paths(type == "number")] ~ [1,[[],{"a":2}]] ~ [[[0],[1,1,"a"]]]
            add ~ ["a","b","c"] ~ ["abc"]
            add ~ [] ~ [null]
            add(.[].a) ~ [{"a":3}, {"a":5}, {"b":6}] ~ [8]
            any ~ [true, false] ~ [true]
            all ~ [true, false] ~ [false]
            all ~ [] ~ [true]
            flatten ~ [1, [2], [[3]]] ~ [[1,2,3]]
            flatten(1) ~ [1, [2], [[3]]] ~ [[1,2,[3]]]
            range(2; 4) ~ null ~ [2,3]
            [range(4)] ~ null ~ [[0,1,2,3]]
            [range(0; 10; 3)] ~ null ~ [[0,3,6,9]]
            [range(0; -10; -5)] ~ null ~ [[0,-5]]
            [range(0, 1; 3, 4)] ~ null ~ [[0,1,2,0,1,2,3,1,2,1,2,3]]
            floor ~ 3.14159 ~ [3]
            sqrt ~ 9 ~ [3]
            pow(2; 3) ~ null ~ [8]
            [log2, exp10] ~ 2 ~ [[1,100]]
            [trunc, rint, nearbyint, ceil, fabs] ~ -1.5 ~ [[-1,-2,-2,-1,1.5]]
            [fmin(1; .), fmax(1; .), fmod(7; .), ldexp(.; 2), scalb(.; 1), fma(.; 2; 1)] ~ 4 ~ [[1,4,3,16,8,9]]
            [significand, logb, (gamma * 1000000 | round), frexp] ~ 8 ~ [[1,3,8525161,[0.5,4]]]
            [modf] ~ 2.5 ~ [[[0.5,2]]]
            drem(5; 3) ~ null ~ [-1]
            [(tgamma * 1000000 | round), cbrt] ~ 1 ~ [[1000000,1]]
            debug, debug("x") ~ 1 ~ [1,1]
            JOIN({"1": "a"}; .id | tostring) ~ [{"id": 1}] ~ [[[{"id":1},"a"]]]
            strptime("%d %b %Y, %I:%M %p") | mktime | todate ~ "05 Mar 2015, 11:51 PM" ~ ["2015-03-05T23:51:00Z"]
            [asinh, acosh, atanh] | map(isnan) ~ 1 ~ [[false,false,false]]
            tostring ~ [1] ~ ["[1]"]
            .[] | tonumber ~ [1, "1"] ~ [1,1]
            map(type) ~ [0, false, [], {}, null, "hello"] ~ [["number","boolean","array","object","null","string"]]
            .[] | (infinite * .) < 0 ~ [-1, 1] ~ [true,false]
            map(isnan, isinfinite, isnormal) ~ [0, 1] ~ [[false,false,false,false,false,true]]
            sort ~ [8,3,null,6] ~ [[null,3,6,8]]
            sort_by(.foo) ~ [{"foo":4},{"foo":3}] ~ [[{"foo":3},{"foo":4}]]
            sort_by(.foo, .bar) ~ [{"foo":4, "bar":10}, {"foo":3, "bar":20}, {"foo":3, "bar":1}] ~ [[{"foo":3,"bar":1},{"foo":3,"bar":20},{"foo":4,"bar":10}]]
            group_by(.foo) ~ [{"foo":1}, {"foo":3}, {"foo":1}] ~ [[[{"foo":1},{"foo":1}],[{"foo":3}]]]
            min, max ~ [5,4,2,7] ~ [2,7]
            max_by(.foo) ~ [{"foo":1}, {"foo":2}] ~ [{"foo":2}]
            unique ~ [1,2,5,3,5,3,1,3] ~ [[1,2,3,5]]
            unique_by(length) ~ ["chunky", "bacon", "kitten", "cicada", "asparagus"] ~ [["bacon","chunky","asparagus"]]
            reverse ~ [1,2,3,4] ~ [[4,3,2,1]]
            reverse ~ "abc" ~ ["cba"]
            contains("bar") ~ "foobar" ~ [true]
            contains({foo: 12, bar: [{barp: 15}]}) ~ {"foo": 12, "bar":[1,2,{"barp":12, "blip":13}]} ~ [false]
            indices(", ") ~ "a,b, cd, efg, hijk" ~ [[3,7,12]]
            indices(1) ~ [0,1,2,1,3,1,4] ~ [[1,3,5]]
            indices([1,2]) ~ [0,1,2,3,1,4,2,5,1,2,6,7] ~ [[1,8]]
            index(", "), rindex(", ") ~ "a,b, cd, efg, hijk" ~ [3,12]
            inside("foobar") ~ "bar" ~ [true]
            [.[] | startswith("foo")] ~ ["fo", "foo", "barfoo"] ~ [[false,true,false]]
            [.[] | endswith("foo")] ~ ["foobar", "barfoo"] ~ [[false,true]]
            combinations ~ [[1,2], [3, 4]] ~ [[1,3],[1,4],[2,3],[2,4]]
            [combinations(2)] ~ [0, 1] ~ [[[0,0],[0,1],[1,0],[1,1]]]
            [.[]|ltrimstr("foo")] ~ ["fo", "foo", "foobar", "afoo", 1] ~ [["fo","","bar","afoo",1]]
            [.[]|rtrimstr("foo")] ~ ["fo", "foo", "barfoo"] ~ [["fo","","bar"]]
            [.[]|trimstr("foo")] ~ ["fo", "foo", "foobarfoo"] ~ [["fo","","bar"]]
            trim, ltrim, rtrim ~ " abc " ~ ["abc","abc "," abc"]
            explode ~ "foobar" ~ [[102,111,111,98,97,114]]
            implode ~ [65, 66, 67] ~ ["ABC"]
            split(", ") ~ "a, b,c,d, e, " ~ [["a","b,c,d","e",""]]
            split(", *"; null) ~ "ab,cd, ef" ~ [["ab","cd","ef"]]
            splits(", *") ~ "ab,cd,   ef, gh" ~ ["ab","cd","ef","gh"]
            splits(", *"; "n") ~ "ab,cd" ~ ["ab","cd"]
            join(", ") ~ ["a","b,c,d","e"] ~ ["a, b,c,d, e"]
            join(" ") ~ ["a",1,2.3,true,null,false] ~ ["a 1 2.3 true  false"]
            ascii_downcase, ascii_upcase ~ "aBc" ~ ["abc","ABC"]
            ascii ~ 65 ~ ["A"]
            [.[] | @text] ~ [1] ~ [["1"]]
            [while(.<100; .*2)] ~ 1 ~ [[1,2,4,8,16,32,64]]
            [repeat(.*2; 10)] ~ 1 ~ !
            [limit(5; repeat(.*2))] ~ 1 ~ [[1,2,4,8,16]]
            [.[]|[.,1]|until(.[0] < 1; [.[0] - 1, .[1] * .[0]])|.[1]] ~ [1,2,3,4,5] ~ [[1,2,6,24,120]]
            recurse(.foo[]) ~ {"foo":[{"foo": []}]} ~ [{"foo":[{"foo":[]}]},{"foo":[]}]
            recurse(. * .; . < 20) ~ 2 ~ [2,4,16]
            recurse_down | numbers ~ [1] ~ [1]
            transpose ~ [[1], [2,3]] ~ [[[1,2],[null,3]]]
            bsearch(0) ~ [0,1] ~ [0]
            bsearch(4) ~ [1,2,3] ~ [-4]
            "The input was \\(.), which is one less than \\(.+1)" ~ 42 ~ ["The input was 42, which is one less than 43"]
            [.[]|tojson] ~ [1, "foo", ["foo"]] ~ [["1","\\"foo\\"","[\\"foo\\"]"]]
            [.[]|fromjson] ~ ["1", "[2]"] ~ [[1,[2]]]
            @html ~ "This works if x < y" ~ ["This works if x &lt; y"]
            @sh "echo \\(.)" ~ "O'Hara's Ale" ~ ["echo 'O'\\\\''Hara'\\\\''s Ale'"]
            @base64 ~ "This is a message" ~ ["VGhpcyBpcyBhIG1lc3NhZ2U="]
            @base64d ~ "VGhpcyBpcyBhIG1lc3NhZ2U=" ~ ["This is a message"]
            @base32 ~ "This is a message" ~ ["KRUGS4ZANFZSAYJANVSXG43BM5SQ===="]
            @base32d ~ "KRUGS4ZANFZSAYJANVSXG43BM5SQ====" ~ ["This is a message"]
            @uri "https://x/?q=\\(.)" ~ "what is jq?" ~ ["https://x/?q=what%20is%20jq%3F"]
            @csv ~ [1, "a\\"b", null, true] ~ ["1,\\"a\\"\\"b\\",,true"]
            @tsv ~ [1, "a\\tb"] ~ ["1\\ta\\\\tb"]
            @json "x\\(.)" ~ [1] ~ ["x[1]"]
            fromdate ~ "2015-03-05T23:51:47Z" ~ [1425599507]
            todate ~ 1425599507 ~ ["2015-03-05T23:51:47Z"]
            strptime("%Y-%m-%dT%H:%M:%SZ") ~ "2015-03-05T23:51:47Z" ~ [[2015,2,5,23,51,47,4,63]]
            strptime("%Y-%m-%dT%H:%M:%SZ")|mktime ~ "2015-03-05T23:51:47Z" ~ [1425599507]
            gmtime ~ 1425599507 ~ [[2015,2,5,23,51,47,4,63]]
            strftime("%A, %B %d, %Y") ~ 1435677542 ~ ["Tuesday, June 30, 2015"]
            strftime("%Y-%m-%dT%H:%M:%SZ %j %a %b %y %e %I %p %u %% %F %T") ~ 1425599507 ~ ["2015-03-05T23:51:47Z 064 Thu Mar 15  5 11 PM 4 % 2015-03-05 23:51:47"]
            gmtime | strftime("%H:%M") ~ 1425599507 ~ ["23:51"]
            mktime ~ [2015,2,5,23,51,47,4,63] ~ [1425599507]
            date, dateadd("seconds"; 10), datesub("seconds"; 10) ~ 1425599507 ~ ["2015-03-05T23:51:47Z",1425599517,1425599497]
            INDEX(.id) ~ [{"id":1},{"id":2}] ~ [{"1":{"id":1},"2":{"id":2}}]
            GROUP_BY(.id) ~ [{"id":1}] ~ !
            [IN(.[]; 2, 3)] ~ [1,2] ~ [[true]]
            .[] | IN(2, 3) ~ [1,2] ~ [false,true]
            INSIDE([1]) ~ 1 ~ !
            UNIQUE_BY(.a) ~ [] ~ !
            ascii(65) ~ null ~ !
            if . == 0 then "zero" elif . == 1 then "one" else "many" end ~ 2 ~ ["many"]
            if . == 0 then "zero" elif . == 1 then "one" end ~ 2 ~ [2]
            if (false, true) then 1 end ~ 5 ~ [5,1]
            . < 5 ~ 2 ~ [true]
            [true, false | (true, false) and .] ~ null ~ [[true,false,false,false]]
            .foo // 42 ~ {} ~ [42]
            (false, null, 1) // 42 ~ null ~ [1]
            empty // 42 ~ null ~ [42]
            .[] // "none" ~ [] ~ ["none"]
            try (1, error("x"), 3) catch "c" ~ null ~ [1,"c"]
            [.[] | try .a] ~ [{}, true, {"a":1}] ~ [[null,1]]
            test("a.c") ~ "abc" ~ [true]
            .[] | test("a b c # spaces are ignored"; "ix") ~ ["xabcd", "ABC"] ~ [true,true]
            match("(abc)+"; "g") | .length ~ "abc abcabc" ~ [3,6]
            match(["foo", "ig"]) | .offset ~ "foo bar FOO" ~ [0,8]
            [match("(a)?b") | .captures[0].string] ~ "b" ~ [[null]]
            capture("(?<a>[a-z]+)-(?<n>[0-9]+)") ~ "xyzzy-14" ~ [{"a":"xyzzy","n":"14"}]
            scan("c") ~ "abcdefabc" ~ ["c","c"]
            scan("(a+)(b+)") ~ "abaabbaaabbb" ~ [["a","b"],["aa","bb"],["aaa","bbb"]]
            scan("c"; "i") ~ "xCc" ~ ["C","c"]
            sub("[^a-z]*(?<x>[a-z]+)"; "Z\\(.x)"; "g") ~ "123abc456def" ~ ["ZabcZdef"]
            gsub("\\\\p{L}"; "x") ~ "a1b" ~ ["x1x"]
            gsub(""; "-") ~ "ab" ~ ["-a-b-"]
            ascii_downcase | @text ~ "A" ~ ["a"]
            .bar as $x | .foo | . + $x ~ {"foo":10, "bar":200} ~ [210]
            . as $i|[(.*2|. as $i| $i), $i] ~ 5 ~ [[10,5]]
            . as [$a, $b, {c: $c}] | $a + $b + $c ~ [2, 3, {"c": 4}] ~ [9]
            .[] as [$a, $b] | {a: $a, b: $b} ~ [[0], [0, 1]] ~ [{"a":0,"b":null},{"a":0,"b":1}]
            def addvalue(f): . + [f]; map(addvalue(.[0])) ~ [[1,2],[10,20]] ~ [[[1,2,1],[10,20,10]]]
            def addvalue($f): . + [$f]; addvalue(1) ~ [] ~ [[1]]
            isempty(empty), isempty(1, error("foo")) ~ null ~ [true,false]
            error? // "x" ~ "a" ~ ["x"]
            [.[]|(.a, .a)?] ~ [null,true,{"a":1}] ~ [[null,null,1,1]]
            reduce .[] as [$i,$j] (0; . + $i * $j) ~ [[1,2],[3,4],[5,6]] ~ [44]
            [foreach .[] as $item (0; . + $item)] ~ [1,2,3] ~ [[1,3,6]]
            [foreach .[] as $item (0; . + $item; [$item, . * 2])] ~ [1,2] ~ [[[1,2],[2,6]]]
            [limit(3; .[])] ~ [0,1,2,3,4] ~ [[0,1,2]]
            [limit(0; 1, 2)] ~ null ~ [[]]
            [skip(3; .[])] ~ [0,1,2,3,4] ~ [[3,4]]
            [first(range(.)), last(range(.)), nth(5; range(.))] ~ 10 ~ [[0,9,5]]
            [first(empty)] ~ null ~ [[]]
            first, last, nth(1) ~ [1,2,3] ~ [1,3,2]
            [.[]|tostring] ~ [1, "1"] ~ [["1","1"]]
            toarray ~ 1 ~ [[1]]
            [tostream] ~ {"a":[1,{"b":2}]} ~ [[[["a",0],1],[["a",1,"b"],2],[["a",1,"b"]],[["a",1]],[["a"]]]]
            fromstream(tostream) ~ {"a":[1,{"b":2}]} ~ [{"a":[1,{"b":2}]}]
            [1|truncate_stream([[0],1],[[1,0],2],[[1,0]],[[1]])] ~ 1 ~ [[[[0],2],[[0]]]]
            fromstream(1|truncate_stream([[0],1],[[1,0],2],[[1,0]],[[1]])) ~ null ~ [[2]]
            getpath(["a"]) |= 5 ~ {} ~ [{"a":5}]
            (..|select(type=="boolean")) |= if . then 1 else 0 end ~ [true,false,[5,true]] ~ [[1,0,[5,1]]]
            .[] += 1 ~ [1,2] ~ [[2,3]]
            .a -= 1 | .b *= 2 | .c /= 2 | .d %= 2 | .e //= 9 ~ {"a":1,"b":1,"c":4,"d":3} ~ [{"a":0,"b":2,"c":2,"d":1,"e":9}]
            .a = .b ~ {"a": {"b": 10}, "b": 20} ~ [{"a":20,"b":20}]
            .a |= .b ~ {"a": {"b": 10}, "b": 20} ~ [{"a":10,"b":20}]
            walk(if type == "array" then sort else . end) ~ [[4, 1], [2]] ~ [[[1,4],[2]]]
            walk(numbers |= . + 1) ~ {"a": 1} ~ [{"a":2}]
            env ~ null ~ !
            input_line_number ~ null ~ !
            halt_error ~ null ~ !
            splits ~ null ~ !
            getpath(["a"]; 1) ~ null ~ !
            $__loc__ ~ null ~ !
            [.[] | tojson | fromjson] ~ ["a", 1] ~ [["a",1]]
            have_literal_numbers, have_decnum ~ null ~ [true,false]
            ltrimstr(1) ~ "a" ~ ["a"]
            @text "\\(1;2)" ~ null ~ !
            .[1:] = ["x"] ~ [1,2,3] ~ [[1,"x"]]
            . as {a: $x} | $x ~ {"a": 3} ~ [3]
            {"a b": 1}."a b" ~ null ~ [1]
            .a.b?.c ~ {"a": {}} ~ [null]
            "abc" | .[1:2] ~ null ~ ["b"]
            [.[] as $x | $x | label $f | if . > 1 then ., break $f else empty end] ~ [1,2,3] ~ [[2,3]]
            {a: 1} | has("a") and (has("b") | not) ~ null ~ [true]
            getpath(["a",0,"b"]) ~ {"a":[{"b":5}]} ~ [5]
            getpath(["x","y"]) ~ {"x":null} ~ [null]
            ascii_downcase ~ "ÄB" ~ ["Äb"]
            error(1; 2) ~ null ~ !
            @json ~ [1.5] ~ ["[1.5]"]
            [splits("a")] ~ "bab" ~ [["b","b"]]
            limit(1; .[]) ~ [7] ~ [7]
            to_entries | map(.value) | add ~ {"a":1,"b":2} ~ [3]
            tostring | ascii_upcase ~ true ~ ["TRUE"]
            """;

    /** An exclamation mark stands for a program that is refused. */
    @Test
    void givesWhatTheManualSays() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String example : EXAMPLES.lines().toList()) {
            String[] parts = example.split(" ~ ", -1);
            String program = parts[0];
            String result;
            try {
                List<String> broken = new ArrayList<>();
                JsonNode value =
                        Templates.expression(
                                        parts[2].equals("!") ? program : "[" + program + "]",
                                        "",
                                        (pointer, message) -> broken.add(message))
                                .evaluate(JSON.readTree(parts[1]), Arguments.NONE);
                result = broken.isEmpty() ? value.toString() : "! " + broken;
            } catch (Exception e) {
                result = "failed: " + e.getMessage();
            }
            boolean same =
                    parts[2].equals("!")
                            ? result.startsWith("!")
                            : !result.startsWith("!")
                                    && !result.startsWith("failed")
                                    && JSON.readTree(result).equals(JSON.readTree(parts[2]));
            if (!same) {
                wrong.add(program + "  gives  " + result + "  instead of  " + parts[2]);
            }
        }
        assertThat(wrong).isEmpty();
    }
}
