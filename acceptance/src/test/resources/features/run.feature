Feature: Run Task
  Processes run in containers; a scenario names the adapter, so that these need no container engine.

  Scenario Outline: Gives the part of a process that is asked for (<return>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: run-<return>, version: '1.0.0'}
    do:
      - work:
          run: {shell: {command: "true"}, return: <return>}
          metadata: {gantry: {runtime: {adapter: local-mock}}}
          output: {as: <as>}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | return | as                         | output  |
      | code   | .                          | 0       |
      | stdout | "fromjson \| .image"     | busybox |
      | stderr | .                          | ''      |
      | none   | .                          | null    |
      | all    | "[.code, .stderr]"         | [0, ''] |

  Scenario Outline: A child workflow gives what is asked for (<return>)
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: child-<return>, version: '1.0.0'}
    do: [{a: {set: {n: 1}}}]
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: parent-<return>, version: '1.0.0'}
    do:
      - sub: {run: {workflow: {namespace: gantry, name: child-<return>, version: '1.0.0'}, return: <return>}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | return | output                                |
      | stdout | {n: 1}                                |
      | code   | 0                                     |
      | none   | null                                  |
      | all    | {code: 0, stdout: {n: 1}, stderr: ''} |

  Scenario: A child that is not waited for leaves its parent's data alone
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: child-alone, version: '1.0.0'}
    do: [{nap: {wait: {minutes: 10}}}]
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: parent-alone, version: '1.0.0'}
    do:
      - sub: {run: {workflow: {namespace: gantry, name: child-alone, version: '1.0.0'}, await: false}}
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
