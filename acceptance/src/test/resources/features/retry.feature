Feature: Retries, timeouts and waits

  Scenario: Tries again with a growing delay until it works
    Given a service that fails 2 times before it answers GET /retry/ok with 200:
    """
    {"done": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: retry-exponential, version: '1.0.0'}
    do:
      - attempt:
          try:
            - ask: {call: http, with: {method: get, endpoint: http://service.test/retry/ok}}
          catch:
            errors: {with: {status: 503}}
            retry:
              delay: {milliseconds: 50}
              backoff: {exponential: {}}
              limit: {attempt: {count: 5}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    done: true
    """
    And GET /retry/ok should have been called 3 times
    And the workflow should have taken at least 100 ms

  Scenario: Gives up when the attempts are used up
    Given a service that fails 9 times before it answers GET /retry/never with 200:
    """
    {}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: retry-limit, version: '1.0.0'}
    do:
      - attempt:
          try:
            - ask: {call: http, with: {method: get, endpoint: http://service.test/retry/never}}
          catch:
            errors: {with: {status: 503}}
            retry: {delay: {milliseconds: 10}, limit: {attempt: {count: 2}}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 503
    type: https://open-workflow-specification.org/spec/1.0.0/errors/communication
    """

  Scenario: Does not catch another status
    Given a service that answers GET /retry/teapot with 418:
    """
    {}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: catch-filter, version: '1.0.0'}
    do:
      - attempt:
          try:
            - ask: {call: http, with: {method: get, endpoint: http://service.test/retry/teapot}}
          catch:
            errors: {with: {status: 404}}
            do:
              - mend: {set: {mended: true}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 418
    instance: /do/0/attempt/try/0/ask
    """
    And mend should not run
    And GET /retry/teapot should have been called 1 times

  Scenario: Waits as long as it says
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: wait-some, version: '1.0.0'}
    do:
      - before: {set: {n: 1}}
      - nap: {wait: {milliseconds: 300}}
      - after: {set: "${ {n: (.n + 1)} }"}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    n: 2
    """
    And the workflow should have taken at least 300 ms
    And after should run after nap

  Scenario: Stops a workflow at its timeout
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: timeout-workflow, version: '1.0.0'}
    timeout: {after: {milliseconds: 200}}
    do:
      - nap: {wait: {minutes: 5}}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    status: 408
    type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
    """
