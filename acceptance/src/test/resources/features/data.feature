Feature: Flow of data

  Scenario Outline: Transforms input, output and context (<stage>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: flow-<stage>, version: '1.0.0'}
    <head>
    do:
      - first: {set: {n: "${ .n + 1 }"}<first>}
      - second: {set: "${ {got: ., context: $context} }"}
    """
    And given the workflow input is:
    """yaml
    {n: 1, deep: {n: 10}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | stage          | head                       | first                                  | output                                   |
      | plain          | use: {}                    |                                        | {got: {n: 2}, context: {}}               |
      | workflow-from  | input: {from: .deep}       |                                        | {got: {n: 11}, context: {}}              |
      | workflow-as    | output: {as: .got}         |                                        | {n: 2}                                   |
      | task-from      | use: {}                    | , input: {from: .deep}                 | {got: {n: 11}, context: {}}              |
      | task-as        | use: {}                    | , output: {as: "{m: .n}"}              | {got: {m: 2}, context: {}}               |
      | task-as-object | use: {}                    | , output: {as: {m: "${ .n }", k: 1}}   | {got: {m: 2, k: 1}, context: {}}         |
      | task-export    | use: {}                    | , export: {as: "{seen: .n}"}           | {got: {n: 2}, context: {seen: 2}}        |
      | export-in      | use: {}                    | , export: {as: "{raw: $task.input.n}"} | {got: {n: 2}, context: {raw: 1}}         |
      | as-input       | use: {}                    | , output: {as: "{was: $input.n}"}      | {got: {was: 1}, context: {}}             |

  Scenario Outline: Refuses data that does not match a schema (<where>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: schema-<where>, version: '1.0.0'}
    <head>
    do:
      - a: {set: {n: "${ .n }"}<task>}
    """
    And given the workflow input is:
    """yaml
    {n: text}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: 400, type: https://open-workflow-specification.org/spec/1.0.0/errors/validation, instance: '<instance>'}
    """
    Examples:
      | where       | head                                                                       | task                                                                               | instance |
      | output      | output: {schema: {document: {properties: {n: {type: number}}}}}            |                                                                                    |          |
      | task-input  | use: {}                                                                    | , input: {schema: {document: {properties: {n: {type: number}}}}}                   | /do/0/a  |
      | task-output | use: {}                                                                    | , output: {schema: {document: {properties: {n: {type: number}}}}}                  | /do/0/a  |
      | task-export | use: {}                                                                    | , export: {as: ., schema: {document: {properties: {n: {type: number}}}}}           | /do/0/a  |

  Scenario: Refuses to start with data that does not match the schema
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: schema-start, version: '1.0.0'}
    input: {schema: {document: {properties: {n: {type: number}}}}}
    do:
      - a: {set: {n: "${ .n }"}}
    """
    And given the workflow input is:
    """yaml
    {n: text}
    """
    Then its start is refused with 422 INPUT_INVALID at "/n"

  Scenario: Begins and faults where a workflow is run with data that does not match its schema
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: schema-child, version: '1.0.0'}
    input: {schema: {document: {properties: {n: {type: number}}}}}
    do:
      - a: {set: {n: "${ .n }"}}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: schema-parent, version: '1.0.0'}
    do:
      - ask: {run: {workflow: {namespace: gantry, name: schema-child, version: '1.0.0', input: {n: text}}}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: 400, type: https://open-workflow-specification.org/spec/1.0.0/errors/validation}
    """

  Scenario Outline: Knows where it is (<argument>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: arguments, version: '1.0.0', title: T}
    do:
      - a: {set: {x: "${ <argument> }"}, input: {from: .inner}}
    """
    And given the workflow input is:
    """yaml
    {inner: {n: 5}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {x: <value>}
    """
    Examples:
      | argument                               | value           |
      | $task.name                             | a               |
      | $task.reference                        | /do/0/a         |
      | $task.input                            | {inner: {n: 5}} |
      | $input                                 | {n: 5}          |
      | $workflow.input.inner.n                | 5               |
      | $workflow.definition.document.title    | T               |
      | $runtime.name                          | gantry          |
      | $workflow.id \| length                 | 36              |
      | $workflow.startedAt.epoch.seconds > 0  | true            |
      | $task.startedAt.iso8601 \| length > 20 | true            |
      | $context                               | {}              |

  Scenario Outline: Keeps numbers as they are (<number>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: numbers, version: '1.0.0'}
    do:
      - nap: {wait: {milliseconds: 5}}
      - a: {set: {x: "${ .x }"}}
    """
    And given the workflow input is:
    """yaml
    {x: <number>}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {x: <number>}
    """
    Examples:
      | number           |
      | 9007199254740993 |
      | 0.1              |
      | -17              |
      | 1.0e+3           |

  Scenario Outline: Evaluates jq (<program>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: jq, version: '1.0.0'}
    do: [{a: {set: {x: '${ <program> }'}}}]
    """
    And given the workflow input is:
    """yaml
    {list: [3, 1, 2], text: "a,b", map: {k: v}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {x: <value>}
    """
    Examples:
      | program                              | value                |
      | .list \| sort                        | [1, 2, 3]            |
      | .list \| add                         | 6                    |
      | .list \| map(. * 2)                  | [6, 2, 4]            |
      | .text \| split(",")                  | [a, b]               |
      | .map \| to_entries                   | [{key: k, value: v}] |
      | .list \| index(1)                    | 1                    |
      | [.list[] \| select(. > 1)]           | [3, 2]               |
      | .missing // "none"                   | none                 |
      | .list \| length                      | 3                    |
      | if .list then "there" end            | there                |
      | .text \| ascii_upcase                | "A,B"                |
      | [.list[] as $n \| $n + 1]            | [4, 2, 3]            |
      | reduce .list[] as $n (0; . + $n)     | 6                    |
      | .text \| test("^a")                  | true                 |
      | .list \| any(. > 2)                  | true                 |
      | [limit(2; .list[])]                  | [3, 1]               |
      | .list \| IN([3, 1, 2])               | true                 |
      | "2026-01-01T00:00:00Z" \| fromdate   | 1767225600           |
      | .list \| min, max \| . + 0           | 1                    |
      | {a: 1} * {b: {c: 2}}                 | {a: 1, b: {c: 2}}    |

  Scenario Outline: An expression that fails faults its task (<program>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: jq-fails, version: '1.0.0'}
    do: [{a: {set: {x: '${ <program> }'}}}]
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: 400, type: https://open-workflow-specification.org/spec/1.0.0/errors/expression, instance: /do/0/a}
    """
    Examples:
      | program                 |
      | 1 + "a"                 |
      | error("no")             |
      | [range(1e9)]            |
      | last(range(1e12))       |
      | "x" \| fromjson         |
      | {} - 1                  |
      | [1] \| .a               |
