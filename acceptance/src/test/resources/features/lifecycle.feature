Feature: Lifecycle events

  Scenario: Tells of a workflow and its tasks
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: lifecycle, version: '1.0.0'}
    do:
      - one: {set: {n: 1}}
      - skipped: {if: "false", set: {n: 2}}
      - two: {do: [{inner: {set: {n: 3}}}]}
    """
    When the workflow is executed
    Then the workflow should complete
    And the lifecycle events should be:
    """
    workflow.started
    task.created /do/0/one
    task.started /do/0/one
    task.completed /do/0/one
    task.created /do/2/two
    task.started /do/2/two
    task.created /do/2/two/do/0/inner
    task.started /do/2/two/do/0/inner
    task.completed /do/2/two/do/0/inner
    task.completed /do/2/two
    workflow.completed
    """

  Scenario: Tells what fails, up to where it is caught, and what is tried again
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: lifecycle-fault, version: '1.0.0'}
    do:
      - attempt:
          try: [{group: {do: [{bad: {raise: {error: {type: 'https://e.org/x', status: 409}}}}]}}]
          catch: {retry: {limit: {attempt: {count: 1}}}, do: [{mend: {set: {ok: true}}}]}
    """
    When the workflow is executed
    Then the workflow should complete
    And the lifecycle events should be:
    """
    workflow.started
    task.created /do/0/attempt
    task.started /do/0/attempt
    task.created /do/0/attempt/try/0/group
    task.started /do/0/attempt/try/0/group
    task.created /do/0/attempt/try/0/group/do/0/bad
    task.started /do/0/attempt/try/0/group/do/0/bad
    task.faulted /do/0/attempt/try/0/group/do/0/bad
    task.faulted /do/0/attempt/try/0/group
    task.retried /do/0/attempt
    task.created /do/0/attempt/try/0/group
    task.started /do/0/attempt/try/0/group
    task.created /do/0/attempt/try/0/group/do/0/bad
    task.started /do/0/attempt/try/0/group/do/0/bad
    task.faulted /do/0/attempt/try/0/group/do/0/bad
    task.faulted /do/0/attempt/try/0/group
    task.created /do/0/attempt/catch/do/0/mend
    task.started /do/0/attempt/catch/do/0/mend
    task.completed /do/0/attempt/catch/do/0/mend
    task.completed /do/0/attempt
    workflow.completed
    """

  Scenario: Tells of a workflow that faults
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: lifecycle-out, version: '1.0.0'}
    do:
      - bad: {raise: {error: {type: 'https://e.org/x', status: 409}}}
    """
    When the workflow is executed
    Then the workflow should fault
    And the lifecycle events should be:
    """
    workflow.started
    task.created /do/0/bad
    task.started /do/0/bad
    task.faulted /do/0/bad
    workflow.faulted
    """

  Scenario: Tells of events that are waited for, and of who was suspended
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: lifecycle-listen, version: '1.0.0'}
    do:
      - hear: {listen: {to: {one: {with: {type: lifecycle.go}}}}}
    """
    When the workflow is started
    And the workflow waits at /do/0/hear
    And the workflow is suspended by an operator
    And the workflow should be suspended
    And the workflow is resumed by an operator
    And an event is sent:
    """yaml
    type: lifecycle.go
    """
    And the workflow has ended
    Then the workflow should be completed
    And the lifecycle events should be:
    """
    workflow.started
    task.created /do/0/hear
    task.started /do/0/hear
    workflow.correlation-started
    workflow.suspended
    task.suspended /do/0/hear
    workflow.resumed
    task.resumed /do/0/hear
    workflow.correlation-completed
    task.completed /do/0/hear
    workflow.completed
    """

  Scenario: Tells of branches that lose, and of who is cancelled
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: lifecycle-compete, version: '1.0.0'}
    do:
      - race:
          fork:
            compete: true
            branches: [{slow: {wait: PT60S}}, {fast: {set: {won: true}}}]
      - pause: {wait: PT60S}
    """
    When the workflow is started
    And the workflow waits at /do/1/pause
    And the workflow is cancelled by an operator
    And the workflow has ended
    Then the workflow should be cancelled
    And the lifecycle events should be:
    """
    workflow.started
    task.created /do/0/race
    task.started /do/0/race
    task.created /do/0/race/fork/branches/0/slow
    task.started /do/0/race/fork/branches/0/slow
    task.created /do/0/race/fork/branches/1/fast
    task.started /do/0/race/fork/branches/1/fast
    task.completed /do/0/race/fork/branches/1/fast
    task.cancelled /do/0/race/fork/branches/0/slow
    task.completed /do/0/race
    task.created /do/1/pause
    task.started /do/1/pause
    task.cancelled /do/1/pause
    workflow.cancelled
    """
