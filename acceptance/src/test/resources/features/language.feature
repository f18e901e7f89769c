Feature: The language at its edges

  Scenario Outline: Reads values by the core schema of YAML 1.2 (<written>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: core-schema, version: '1.0.0'}
    do:
      - a:
          set:
            x: <written>
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {x: <value>}
    """
    Examples:
      | written              | value                                    |
      | 0008                 | 8                                        |
      | 0123                 | 123                                      |
      | 0o17                 | 15                                       |
      | 0x1F                 | 31                                       |
      | 0xFFFFFFFFFFFFFFFFFF | 4722366482869645213695                   |
      | 1_000                | '1_000'                                  |
      | 0b1                  | '0b1'                                    |
      | 12:34:56             | '12:34:56'                               |
      | 2024-02-30           | '2024-02-30'                             |
      | yes                  | 'yes'                                    |
      | TRUE                 | true                                     |
      | NULL                 | null                                     |
      | !!str 5              | '5'                                      |
      | !!int "5"            | 5                                        |

  Scenario Outline: Refuses what another tool would replace, and what is no number (<written>)
    Then the definition is refused because of <code> at /do/0/a/set/x:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: foreign, version: '1.0.0'}
    do:
      - a:
          set:
            x: <written>
    """
    Examples:
      | written            | code          |
      | !secret db         | unknown-tag   |
      | !include a.yaml    | unknown-tag   |
      | !!binary aGk=      | unknown-tag   |
      | .inf               | invalid-value |
      | .NaN               | invalid-value |

  Scenario Outline: Refuses what means nothing (<pointer>)
    Then the definition is refused because of <code> at <pointer>:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: nothing, version: '1.0.0'}
    do: [{a: {<task>}}]
    """
    Examples:
      | pointer                    | code                | task                                                             |
      | /do/0/a/set                | empty-object        | set: {}                                                          |
      | /do/0/a/switch             | empty-list          | switch: []                                                       |
      | /do/0/a/catch/retry/jitter | missing-property    | try: [], catch: {retry: {jitter: {from: PT1S}}}                  |
      | /do/0/a/set/x              | unclosed-expression | set: {x: '${ .name '}                                            |

  Scenario Outline: Does nothing where nothing is to be done (<task>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: idle, version: '1.0.0'}
    do: [{a: {<task>}}]
    """
    And given the workflow input is:
    """yaml
    {n: 1}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | task                                                                                              | output |
      | do: []                                                                                            | {n: 1} |
      | fork: {branches: []}                                                                              | []     |
      | fork: {compete: true, branches: []}                                                               | {n: 1} |
      | try: [], catch: {do: []}                                                                          | {n: 1} |
      | try: [{b: {raise: {error: {type: 'https://e.org', status: 400}}}}], catch: {do: []}               | {n: 1} |
      | for: {in: '[1, 2]'}, do: []                                                                       | {n: 1} |

  Scenario: A workflow without tasks gives its input
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: empty, version: '1.0.0'}
    do: []
    """
    And given the workflow input is:
    """yaml
    {n: 1}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {n: 1}
    """

  Scenario Outline: Knows the raw output of a task beside the transformed one (<kind>)
    Given a service that answers GET /language/raw with 200:
    """
    {"n": 5}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: raw-<kind>, version: '1.0.0'}
    do:
      - a: {<task>, output: {as: '{as: $task.output}'}, export: {as: '{raw: $task.output, out: $output}'}}
      - z: {set: '${ [., $context] }'}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [{as: <raw>}, {raw: <raw>, out: {as: <raw>}}]
    """
    Examples:
      | kind | task                                                                             | raw              |
      | set  | set: {n: 1}                                                                      | {n: 1}           |
      | do   | do: [{b: {set: {n: 2}}}]                                                         | {n: 2}           |
      | fork | fork: {branches: [{b: {set: {n: 3}}}, {c: {set: {n: 4}}}]}                       | [{n: 3}, {n: 4}] |
      | for  | for: {in: '[1, 2]'}, do: [{b: {set: {n: '${ $item }'}}}]                         | {n: 2}           |
      | http | call: http, with: {method: get, endpoint: 'http://service.test/language/raw'}    | {n: 5}           |

  Scenario: Runs tasks nested two hundred deep
    Given a workflow of 200 tasks within each other
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {deepest: true}
    """

  Scenario Outline: Sends braces around what is no variable (<address>)
    Given a service that answers GET <path> with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: braces, version: '1.0.0'}
    do: [{ask: {call: http, with: {method: get, endpoint: 'http://service.test/language/<address>'}}}]
    """
    And given the workflow input is:
    """yaml
    {a-b: wrong, pet.id: 7, pet: {id: 8}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true}
    """
    Examples:
      | address      | path                        |
      | {a-b}/x      | /language/{a-b}/x           |
      | {+pet.id}/x  | /language/{+pet.id}/x       |
      | {pet.id}/x   | /language/7/x               |
      | {missing}/x  | /language//x                |

  Scenario: Transforms the data of an extended task once
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extended-once, version: '1.0.0'}
    use: {extensions: [{log: {extend: set, after: [{see: {emit: {event: {with: {type: gantry.language.seen, data: '${ $task.output }'}}}}}]}}]}
    do:
      - a: {set: {n: '${ .n + 1 }'}, input: {from: '{n: (.n + 10)}'}, output: {as: '{m: (.n + 100)}'}, export: {as: '{seen: (($context.seen // 0) + 1)}'}}
      - z: {do: [], output: {as: '[., $context]'}}
    """
    And given the workflow input is:
    """yaml
    {n: 1}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [{m: 112}, {seen: 1}]
    """

  Scenario: A task that no extension extends keeps its condition
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extended-other, version: '1.0.0'}
    use: {extensions: [{log: {extend: call, before: [{see: {set: {x: 1}}}]}}]}
    do: [{a: {if: .go, set: {n: 2}}}]
    """
    And given the workflow input is:
    """yaml
    {n: 1}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {n: 1}
    """
