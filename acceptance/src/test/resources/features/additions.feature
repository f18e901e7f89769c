Feature: Gantry's additions, and expressions

  Scenario: Does rounds side by side, and gives their outputs in order
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: concurrency, version: '1.0.0', metadata: {gantry: {requires: [concurrency]}}}
    do:
      - all:
          for: {each: n, in: "[30, 10, 20, 0]", at: i}
          metadata: {gantry: {concurrency: 3}}
          do:
            - pause: {wait: "${ \"PT\\($n / 1000)S\" }"}
            - note: {set: {n: "${ $n }", at: "${ $i }"}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - {n: 30, at: 0}
    - {n: 10, at: 1}
    - {n: 20, at: 2}
    - {n: 0, at: 3}
    """

  Scenario: Ends the other rounds where one fails
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: concurrency-fault, version: '1.0.0'}
    do:
      - attempt:
          try:
            - all:
                for: {each: n, in: "[1, 2, 3]"}
                metadata: {gantry: {concurrency: 3}}
                do:
                  - bad: {if: $n == 2, raise: {error: {type: 'https://e.org/two', status: 422}}}
                  - pause: {wait: PT60S}
          catch: {as: e, do: [{note: {set: {status: "${ $e.status }"}}}]}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {status: 422}
    """

  Scenario: Walks nothing
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: concurrency-none, version: '1.0.0'}
    do:
      - all: {for: {in: "[]"}, metadata: {gantry: {concurrency: 2}}, do: [{x: {set: {x: 1}}}]}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    []
    """

  Scenario: Has rounds within rounds
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: concurrency-nested, version: '1.0.0'}
    do:
      - outer:
          for: {each: a, in: "[1, 2]"}
          metadata: {gantry: {concurrency: 2}}
          do:
            - inner:
                for: {each: b, in: "[10, 20, 30]"}
                metadata: {gantry: {concurrency: 2}}
                do: [{sum: {set: {sum: "${ $a + $b }"}}}]
    output: {as: "[.[] | [.[].sum]]"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [[11, 21, 31], [12, 22, 32]]
    """

  Scenario: Gives the document's own idempotency key, also when it tries again
    Given a service that fails 1 times before it answers POST /additions/key with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: idempotency-key, version: '1.0.0'}
    do:
      - attempt:
          try:
            - pay:
                call: http
                with: {method: post, endpoint: 'http://service.test/additions/key', body: {n: 1}}
                metadata: {gantry: {idempotencyKey: "${ \"order-\" + .order }"}}
          catch: {retry: {delay: PT0.01S, limit: {attempt: {count: 2}}}}
    """
    And given the workflow input is:
    """yaml
    {order: "7"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true}
    """
    And POST /additions/key should have received Idempotency-Key "order-7"

  Scenario Outline: Refuses an addition that is not listed, or not there (<name>)
    When the definition is refused because of <code> at <place>:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: requires, version: '1.0.0', metadata: {gantry: {requires: [<list>]}}}
    do:
      - all: {for: {in: "[]"}, metadata: {gantry: {concurrency: 2}}, do: [{x: {set: {x: 1}}}]}
    """
    Examples:
      | name     | code             | place                                 | list                   |
      | unlisted | missing-addition | /document/metadata/gantry/requires    | compensate             |
      | unknown  | unknown-addition | /document/metadata/gantry/requires/1  | concurrency, telepathy |

  Scenario Outline: Takes texts as expressions where the mode is loose (<name>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: loose-<name>, version: '1.0.0'}
    evaluate: {mode: loose}
    do:
      - a: {set: {value: <text>}}
    """
    And given the workflow input is:
    """yaml
    {n: 20}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {value: <value>}
    """
    Examples:
      | name       | text             | value           |
      | expression | .n + 1           | 21              |
      | text       | Hello out there  | Hello out there |
      | failing    | '.n \| keys'     | '.n \| keys'    |
      | marked     | '${ .n }'        | 20              |

  Scenario: Leaves texts alone where the mode is strict
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: strict, version: '1.0.0'}
    evaluate: {mode: strict}
    do:
      - a: {set: {value: .n}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {value: .n}
    """

  Scenario: Limits each attempt, and tries again
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: attempt-limit, version: '1.0.0'}
    do:
      - count: {set: {n: 0}, export: {as: .}}
      - attempt:
          try:
            - more: {set: {n: "${ $context.n + 1 }"}, export: {as: .}}
            - pause: {if: .n < 3, wait: PT60S}
          catch:
            errors: {with: {status: 408}}
            retry: {delay: PT0.01S, limit: {attempt: {count: 5, duration: PT0.2S}}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {n: 3}
    """

  Scenario: Leaves an attempt that took too long to who catches timeouts
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: attempt-limit-out, version: '1.0.0'}
    do:
      - attempt:
          try: [{pause: {wait: PT60S}}]
          catch:
            retry: {limit: {attempt: {count: 1, duration: PT0.1S}}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
    status: 408
    instance: /do/0/attempt
    """

  Scenario: Raises an error with an instance of its own
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: raise-instance, version: '1.0.0'}
    do:
      - bad: {raise: {error: {type: 'https://e.org/x', status: 409, instance: "${ \"/orders/\" + .order }"}}}
    """
    And given the workflow input is:
    """yaml
    {order: "7"}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://e.org/x
    status: 409
    instance: /orders/7
    """
