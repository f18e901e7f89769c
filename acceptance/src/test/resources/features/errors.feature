Feature: Errors

  Scenario Outline: Catches a standard error by its type, whatever its base (<base>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catch-base, version: '1.0.0'}
    do:
      - attempt:
          try: [{bad: {raise: {error: {type: https://open-workflow-specification.org/spec/1.0.0/errors/<type>, status: <status>}}}}]
          catch:
            errors: {with: {type: '<base><type>'}}
            as: e
            do: [{note: {set: {type: "${ $e.type }", status: "${ $e.status }"}}}]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {type: https://open-workflow-specification.org/spec/1.0.0/errors/<type>, status: <status>}
    """
    Examples:
      | base                                                       | type           | status |
      | https://open-workflow-specification.org/spec/1.0.0/errors/ | communication  | 500    |
      | https://serverlessworkflow.io/spec/1.0.0/errors/           | timeout        | 408    |
      | https://open-workflow-specification.org/dsl/errors/types/  | validation     | 400    |
      | https://serverlessworkflow.io/dsl/errors/types/            | configuration  | 400    |
      | https://open-workflow-specification.org/errors/types/      | expression     | 400    |
      | https://serverlessworkflow.io/errors/types/                | authentication | 401    |
      | https://open-workflow-specification.org/spec/1.0.0/errors/ | authorization  | 403    |
      | https://open-workflow-specification.org/spec/1.0.0/errors/ | runtime        | 500    |

  Scenario Outline: A filter or condition lets the wrong error pass (<catch>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catch-pass, version: '1.0.0'}
    do:
      - attempt:
          try: [{bad: {raise: {error: {type: https://example.com/bad, status: 409, title: Bad}}}}]
          catch:
            <catch>
            do: [{never: {set: {x: 1}}}]
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {type: https://example.com/bad, status: 409, title: Bad, instance: /do/0/attempt/try/0/bad}
    """
    And never should not run
    Examples:
      | catch                                                      |
      | errors: {with: {status: 410}}                              |
      | errors: {with: {type: https://example.com/other}}          |
      | errors: {with: {title: Good}}                              |
      | errors: {with: {instance: /do/9}}                          |
      | when: '${ $error.status == 1 }'                            |
      | exceptWhen: '${ $error.status == 409 }'                    |

  Scenario Outline: A filter or condition takes the right error (<catch>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catch-take, version: '1.0.0'}
    do:
      - attempt:
          try: [{bad: {raise: {error: {type: https://example.com/bad, status: 409, title: Bad, detail: '${ "order \(.id)" }'}}}}]
          catch:
            <catch>
            do: [{note: {set: {detail: "${ $error.detail }"}}}]
    """
    And given the workflow input is:
    """yaml
    {id: 7}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {detail: order 7}
    """
    Examples:
      | catch                                                            |
      | as: error                                                        |
      | errors: {with: {status: 409}}                                    |
      | errors: {with: {type: https://example.com/bad, title: Bad}}      |
      | when: '${ $error.status == 409 }'                                |
      | exceptWhen: '${ $error.status == 500 }'                          |

  Scenario: An error in a handler goes on its way
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catch-again, version: '1.0.0'}
    do:
      - outer:
          try:
            - inner:
                try: [{bad: {raise: {error: {type: https://example.com/first, status: 400}}}}]
                catch:
                  do: [{worse: {raise: {error: {type: https://example.com/second, status: 500}}}}]
          catch:
            as: e
            do: [{note: {set: {type: "${ $e.type }"}}}]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {type: https://example.com/second}
    """

  Scenario: A handler's directive wins
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catch-then, version: '1.0.0'}
    do:
      - attempt:
          try: [{bad: {raise: {error: {type: https://example.com/bad, status: 400}}}}]
          catch:
            do: [{note: {set: {mended: true}}}]
            then: end
      - never: {set: {x: 1}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {mended: true}
    """
    And never should not run

  Scenario Outline: The status of an HTTP answer is the error's (<status>)
    Given a service that answers GET /errors/http with <status>:
    """
    {}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: http-status, version: '1.0.0'}
    do: [{ask: {call: http, with: {method: get, endpoint: http://service.test/errors/http}}}]
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    {status: <status>, type: https://open-workflow-specification.org/spec/1.0.0/errors/communication, instance: /do/0/ask}
    """
    Examples:
      | status |
      | 301    |
      | 400    |
      | 404    |
      | 409    |

  Scenario Outline: Retries with each kind of backoff (<backoff>)
    Given a service that fails 2 times before it answers GET /errors/backoff with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: backoff-<backoff>, version: '1.0.0'}
    use: {retries: {some: {delay: {milliseconds: 40}, backoff: {<backoff>: {}}, limit: {attempt: {count: 3}}}}}
    do:
      - attempt:
          try: [{ask: {call: http, with: {method: get, endpoint: http://service.test/errors/backoff}}}]
          catch: {retry: some}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true}
    """
    And GET /errors/backoff should have been called 3 times
    And the workflow should have taken at least <millis> ms
    Examples:
      | backoff     | millis |
      | constant    | 80     |
      | linear      | 120    |
      | exponential | 120    |

  Scenario: A task's timeout can be caught
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: timeout-caught, version: '1.0.0'}
    do:
      - attempt:
          try: [{nap: {wait: {minutes: 5}, timeout: {after: PT0.05S}}}]
          catch:
            errors: {with: {status: 408}}
            as: e
            do: [{note: {set: {at: "${ $e.instance }"}}}]
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {at: /do/0/attempt/try/0/nap}
    """

  Scenario: What was done is undone before an error is handled
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: compensate, version: '1.0.0'}
    do:
      - attempt:
          try:
            - charge:
                set: {payment: 7}
                metadata: {gantry: {compensate: [{refund: {call: http, with: {method: post, endpoint: http://service.test/refund, body: {payment: "${ $compensated.output.payment }"}}}}]}}
            - reserve:
                set: {place: 3}
                metadata: {gantry: {compensate: [{release: {call: http, with: {method: post, endpoint: http://service.test/release, body: {}}}}]}}
            - ship: {raise: {error: {type: https://example.com/sold-out, status: 409}}}
          catch:
            as: e
            do: [{tell: {set: {told: "${ $e.status }"}}}]
    """
    And a service that answers POST /refund with 200:
    """
    {}
    """
    And a service that answers POST /release with 200:
    """
    {}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {told: 409}
    """
    And POST /refund should have been called 1 times
    And POST /release should have been called 1 times
    And refund should run after release
    And tell should run after refund
