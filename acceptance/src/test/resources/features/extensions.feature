Feature: Extensions

  Scenario: Does tasks before and after those of a type, and leaves their data alone
    Given a service that answers POST /extensions/log with 200:
    """
    {"logged": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extension-log, version: '1.0.0'}
    use:
      extensions:
        - logging:
            extend: set
            before:
              - log: {call: http, with: {method: post, endpoint: 'http://service.test/extensions/log', body: {before: "${ $task.reference }"}}}
            after:
              - log: {call: http, with: {method: post, endpoint: 'http://service.test/extensions/log', body: {after: "${ $task.name }", output: "${ $task.output }"}}}
    do:
      - one: {set: {n: 1}}
      - two: {set: {n: "${ .n + 1 }"}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {n: 2}
    """
    And POST /extensions/log should have been called 4 times
    And POST /extensions/log should have received body '{"after":"two","output":{"n":2}}'

  Scenario: Takes the place of a task by exit
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extension-mock, version: '1.0.0'}
    use:
      extensions:
        - mock:
            extend: call
            when: $task.call == "http" and ($task.with.endpoint.uri | startswith("http://service.test/extensions/mocked"))
            before:
              - answer: {set: {mocked: true}, then: exit}
    do:
      - mocked: {call: http, with: {method: get, endpoint: {uri: http://service.test/extensions/mocked}}}
      - keep: {set: {kept: "${ .mocked }"}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {kept: true}
    """
    And GET /extensions/mocked should have been called 0 times

  Scenario: Leaves a task alone where the condition does not hold
    Given a service that answers GET /extensions/real with 200:
    """
    {"real": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extension-when, version: '1.0.0'}
    use:
      extensions:
        - mock:
            extend: call
            when: $task.with.endpoint | endswith("/mocked")
            before: [answer: {set: {mocked: true}, then: exit}]
    do:
      - ask: {call: http, with: {method: get, endpoint: http://service.test/extensions/real}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {real: true}
    """

  Scenario: Skips the extension with the task
    Given a service that answers POST /extensions/skipped with 200:
    """
    {}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extension-skip, version: '1.0.0'}
    use:
      extensions:
        - note: {extend: all, before: [call: {call: http, with: {method: post, endpoint: http://service.test/extensions/skipped}}]}
    do:
      - never: {if: "false", set: {n: 1}}
    """
    When the workflow is executed
    Then the workflow should complete
    And POST /extensions/skipped should have been called 0 times

  Scenario Outline: Keeps where control goes (<name>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extension-then-<name>, version: '1.0.0'}
    use:
      extensions:
        - around: {extend: all, before: [noop: {set: {b: 1}}], after: [noop: {set: {a: 1}}]}
    do:
      - first: <task>
      - second: {set: {at: second}, then: end}
      - third: {set: {at: third}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | name     | task                                                      | output       |
      | continue | {set: {at: first}}                                        | {at: second} |
      | goto     | {set: {at: first}, then: third}                           | {at: third}  |
      | exit     | {set: {at: first}, then: exit}                            | {at: first}  |
      | end      | {set: {at: first}, then: end}                             | {at: first}  |
      | switch   | {switch: [{x: {when: 'true', then: third}}]}              | {at: third}  |

  Scenario: Lets what an extension raises be caught around the task
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extension-raise, version: '1.0.0'}
    use:
      extensions:
        - guard: {extend: set, when: $task.set.n > 5, before: [stop: {raise: {error: {type: 'https://e.org/guard', status: 422}}}]}
    do:
      - attempt:
          try: [{ok: {set: {n: 1}}}, {bad: {set: {n: 9}}}]
          catch: {as: e, do: [{note: {wait: PT0S, output: {as: "{status: $e.status}"}}}]}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {status: 422}
    """

  Scenario: Applies several extensions from the outside in and back
    Given a service that answers POST /extensions/order with 200:
    """
    {}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: extension-order, version: '1.0.0'}
    use:
      extensions:
        - outer: {extend: set, before: [o: {wait: PT0S, export: {as: "[\"outer\"]"}}], after: [o: {wait: PT0S, export: {as: "$context + [\"outer end\"]"}}]}
        - inner: {extend: set, before: [i: {wait: PT0S, export: {as: "$context + [\"inner\"]"}}], after: [i: {wait: PT0S, export: {as: "$context + [\"inner end\"]"}}]}
    do:
      - task: {set: {n: 1}}
    output: {as: $context}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [outer, inner, inner end, outer end]
    """
