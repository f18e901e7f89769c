# The functions of jq that are best written in jq. What they call stands above or is written in Java.

def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def scalars: select(type | . != "array" and . != "object");
def isvalid(f): try (f | true) catch false;
def isfinite: type == "number" and (isinfinite | not);
def finites: select(isinfinite or isnan | not);
def normals: select(isnormal);
def debug: .;
def debug(message): .;
def toarray: if type == "array" then . else [.] end;
def abs: if type == "number" and . < 0 then -. elif type == "number" then . else error("\(type) (\(tojson)) has no absolute value") end;
def have_literal_numbers: true;
def have_decnum: false;

def recurse_down: recurse;
def paths(f): . as $in | paths | select(. as $p | $in | getpath($p) | f);
def leaf_paths: paths(scalars);
def map_values(f): .[] |= f;
def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
def with_entries(f): to_entries | map(f) | from_entries;
def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
def pick(f): . as $in | reduce path(f) as $p (null; setpath($p; $in | getpath($p)));
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);

def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def add: add(.[]);
def index($i): indices($i) | .[0];
def rindex($i): indices($i) | .[-1:][0];
def sort_by(f): _sort_by(map([f]));
def group_by(f): _group_by(map([f]));
def unique_by(f): [group_by(f)[] | .[0]];
def unique: unique_by(.);
def min_by(f): _min_by(map([f]));
def max_by(f): _max_by(map([f]));
def min: min_by(.);
def max: max_by(.);
def transpose: [range(0; map(length) | max // 0) as $i | [.[][$i]]];
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $y | [$x] + $y end;
def combinations(n): . as $dot | [range(n) | $dot] | combinations;
def bsearch($x): . as $in
  | [0, length] | until(.[0] >= .[1]; ((.[0] + .[1]) / 2 | floor) as $m | if $in[$m] < $x then [$m + 1, .[1]] else [.[0], $m] end)
  | .[0] as $i | if $i < ($in | length) and $in[$i] == $x then $i else -1 - $i end;

def match(re; flags): _match(re; flags; false) | .[];
def match($val): if $val | type == "array" then match($val[0]; $val[1]) else match($val; null) end;
def test(re; flags): _match(re; flags; true);
def test($val): if $val | type == "array" then test($val[0]; $val[1]) else test($val; null) end;
def _captured: [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def capture(re; flags): match(re; flags) | _captured;
def capture($val): match($val) | _captured;
def scan($re; $flags): match($re; "g" + $flags) | if .captures == [] then .string else [.captures[].string] end;
def scan($val): if $val | type == "array" then scan($val[0]; $val[1]) else scan($val; null) end;
def split($re; flags): _split_by_match($re; flags + "g");
def splits($re; flags): split($re; flags) | .[];
def splits($re): splits($re; null);
def ascii: if type == "number" and . >= 0 and . <= 127 then [.] | implode else error("ascii takes whole numbers from 0 to 127") end;
def trimstr($x): ltrimstr($x) | rtrimstr($x);

def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todate: todateiso8601;
def fromdate: fromdateiso8601;
def date: todate;
def dateadd(u; n): . + n;
def datesub(u; n): . - n;

def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
def fromstream(f): {x: null, e: false} as $init
  | foreach f as $i ($init;
      if .e then $init else . end
      | if $i | length == 2
        then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1])
        else setpath(["e"]; $i[0] | length == 1) end;
      if .e then .x else empty end);
def truncate_stream(stream): . as $n | null | stream | if .[0] | length > $n then setpath([0]; .[0][$n:]) else empty end;

def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] = $row);
def INDEX(f): INDEX(.[]; f);
def JOIN($idx; f): [.[] | [., $idx[f]]];
def JOIN($idx; stream; f): stream | [., $idx[f]];
def JOIN($idx; stream; f; join): stream | [., $idx[f]] | join;
