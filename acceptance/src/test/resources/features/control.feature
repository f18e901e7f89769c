Feature: Order of control

  Scenario Outline: A directive leads where it says (<then>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: then-<then>, version: '1.0.0'}
    do:
      - outer:
          do:
            - a: {set: "${ [\"a\"] }", then: <then>}
            - b: {set: "${ . + [\"b\"] }"}
            - c: {set: "${ . + [\"c\"] }"}
      - d: {set: "${ . + [\"d\"] }"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | then     | output       |
      | continue | [a, b, c, d] |
      | c        | [a, c, d]    |
      | exit     | [a, d]       |
      | end      | [a]          |

  Scenario Outline: A task with a false 'if' is skipped (<condition>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: if-task, version: '1.0.0'}
    do:
      - maybe: {if: "<condition>", set: {ran: true}}
      - last: {set: "${ {was: .} }"}
    """
    And given the workflow input is:
    """yaml
    {n: 3}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | condition     | output             |
      | .n > 2        | {was: {ran: true}} |
      | .n > 3        | {was: {n: 3}}      |
      | .missing      | {was: {n: 3}}      |
      | ${ .n == 3 }  | {was: {ran: true}} |

  Scenario Outline: Switch takes the first case that matches (<amount>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: switch-cases, version: '1.0.0'}
    do:
      - choose:
          switch:
            - large: {when: .amount > 100, then: large}
            - medium: {when: .amount > 10, then: medium}
            - other: {then: small}
      - large: {set: {size: large}, then: end}
      - medium: {set: {size: medium}, then: end}
      - small: {set: {size: small}, then: end}
    """
    And given the workflow input is:
    """yaml
    {amount: <amount>}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {size: <size>}
    """
    And choose should run first
    And <size> should run last
    Examples:
      | amount | size   |
      | 500    | large  |
      | 100    | medium |
      | 10     | small  |
      | -1     | small  |

  Scenario: Without a matching case a switch goes on
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: switch-none, version: '1.0.0'}
    do:
      - choose: {switch: [{never: {when: "false", then: end}}]}
      - next: {set: {reached: true}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {reached: true}
    """

  Scenario: For walks a list with its item and index
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: for-items, version: '1.0.0'}
    do:
      - start: {set: {names: [a, b, c], all: []}}
      - each:
          for: {each: name, at: i, in: .names}
          do:
            - add: {set: {names: "${ .names }", all: "${ .all + [\"\\($i)\\($name)\"] }"}}
      - pick: {set: "${ .all }"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [0a, 1b, 2c]
    """

  Scenario: For stops when 'while' is not true any more
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: for-while, version: '1.0.0'}
    do:
      - each:
          for: {in: "[1, 2, 3, 4]"}
          while: .sum < 3
          do:
            - add: {set: {sum: "${ .sum + $item }"}}
    """
    And given the workflow input is:
    """yaml
    {sum: 0}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {sum: 3}
    """

  Scenario: A loop over nothing gives its input
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: for-empty, version: '1.0.0'}
    do:
      - each:
          for: {in: "[]"}
          do: [{never: {set: {x: 1}}}]
    """
    And given the workflow input is:
    """yaml
    {kept: true}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {kept: true}
    """
    And never should not run

  Scenario: Loops in loops have their own items
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: for-nested, version: '1.0.0'}
    do:
      - start: {set: "${ [] }"}
      - outer:
          for: {each: x, in: "[1, 2]"}
          do:
            - inner:
                for: {each: y, in: "[\"a\", \"b\"]"}
                do:
                  - add: {set: "${ . + [\"\\($x)\\($y)\"] }"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [1a, 1b, 2a, 2b]
    """

  Scenario: What is no list cannot be walked
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: for-no-list, version: '1.0.0'}
    do:
      - each: {for: {in: .n}, do: [{never: {set: {x: 1}}}]}
    """
    And given the workflow input is:
    """yaml
    {n: 5}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: 400, type: https://open-workflow-specification.org/spec/1.0.0/errors/expression, instance: /do/0/each}
    """

  Scenario: Fork gives the outputs of its branches in their order
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: fork-all, version: '1.0.0'}
    do:
      - both:
          fork:
            branches:
              - slow: {do: [{nap: {wait: {milliseconds: 150}}}, {a: {set: {n: 1}}}]}
              - quick: {set: {n: 2}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [{n: 1}, {n: 2}]
    """
    And the workflow should have taken at least 150 ms

  Scenario: The first branch of a competing fork wins
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: fork-compete, version: '1.0.0'}
    do:
      - race:
          fork:
            compete: true
            branches:
              - slow: {do: [{nap: {wait: {minutes: 10}}}, {lost: {set: {n: 1}}}]}
              - quick: {do: [{blink: {wait: {milliseconds: 30}}}, {won: {set: {n: 2}}}]}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {n: 2}
    """
    And lost should not run

  Scenario: A branch that fails ends the others
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: fork-fault, version: '1.0.0'}
    do:
      - both:
          fork:
            branches:
              - slow: {do: [{nap: {wait: {minutes: 10}}}, {never: {set: {n: 1}}}]}
              - bad: {raise: {error: {type: https://example.com/bad, status: 409, title: Bad}}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {type: https://example.com/bad, status: 409, title: Bad, instance: /do/0/both/fork/branches/1/bad}
    """
    And never should not run

  Scenario: A child workflow gives its output
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: child-double, version: '1.0.0'}
    do: [{double: {set: {n: "${ .n * 2 }"}}}]
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: run-workflow, version: '1.0.0'}
    do:
      - sub: {run: {workflow: {namespace: gantry, name: child-double, version: '1.0.0', input: {n: 21}}}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {n: 42}
    """

  Scenario: A child workflow's error is its parent's
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: child-bad, version: '1.0.0'}
    do: [{bad: {raise: {error: {type: https://example.com/bad, status: 418, title: Teapot}}}}]
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: run-workflow-bad, version: '1.0.0'}
    do:
      - attempt:
          try:
            - sub: {run: {workflow: {namespace: gantry, name: child-bad, version: '1.0.0'}}}
          catch:
            errors: {with: {status: 418}}
            as: e
            do: [{note: {set: {title: "${ $e.title }", at: "${ $e.instance }"}}}]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {title: Teapot, at: /do/0/attempt/try/0/sub}
    """

  Scenario: Is suspended between two tasks and goes on when it is resumed
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: suspend, version: '1.0.0'}
    do:
      - hear: {listen: {to: {one: {with: {type: suspend.go}}}}}
      - after: {set: {done: true}}
    """
    When the workflow is started
    Then the workflow waits at /do/0/hear
    When the workflow is suspended by an operator
    Then the workflow should be suspended
    When an event is sent:
    """yaml
    {type: suspend.go}
    """
    Then the workflow should be suspended
    When the workflow is resumed by an operator
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    {done: true}
    """
